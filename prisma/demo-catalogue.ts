import { checkDigit } from '../domain/barcode';
import { oneColour, oneSize } from '../domain/product';

/** What the demo's shops sell. Prices in pesos with 19 % VAT, as on the shelf; SKUs are what the seed finds them by. */
export interface DemoVariant {
  sku: string;
  size: string;
  colour: string;
  price: number;
  retailPrice: number | null;
  /** Without VAT. */
  cost: number;
  category: string;
  barcode: string;
  supplier: string;
  supplierCode: string;
  minStock: string;
  maxStock: string;
  /** What a shop opens with; the warehouse opens with three times as much. */
  opening: string;
}

export interface DemoProduct {
  name: string;
  category: string;
  description: string | null;
  unit: 'unit' | 'kg';
  variants: DemoVariant[];
}

/** In the order in which screens show them. */
export const demoSizes = ['XS', 'S', 'M', 'L', 'XL', '36', '37', '38', '39', '40', '41', '42', '43', '44'];
export const demoColours: Readonly<Record<string, { hex: string; code: string }>> = {
  Negro: { hex: '#1f1f1f', code: 'NEG' },
  Blanco: { hex: '#fafafa', code: 'BLA' },
  Gris: { hex: '#8d9299', code: 'GRI' },
  'Azul marino': { hex: '#1f2f56', code: 'MAR' },
  Celeste: { hex: '#8fc1e3', code: 'CEL' },
  Rojo: { hex: '#c62828', code: 'ROJ' },
  Burdeo: { hex: '#6d1b2b', code: 'BUR' },
  Verde: { hex: '#2e7d4f', code: 'VER' },
  Mostaza: { hex: '#d19a1b', code: 'MOS' },
  Beige: { hex: '#d8c3a0', code: 'BEI' },
  Café: { hex: '#6b4a30', code: 'CAF' },
  Terracota: { hex: '#b85c3c', code: 'TER' },
};

interface Range {
  sku: string;
  name: string;
  price: number;
  /** Share of the net price that the goods cost. */
  margin?: number;
  sizes?: string[];
  colours?: string[];
  retail?: number;
  description?: string;
  unit?: 'kg';
  opening?: number;
}

interface Shelf {
  category: string;
  supplier: string;
  /** GS1 prefix of the maker: 780 is Chile's. */
  maker: string;
  ranges: Range[];
}

const tops = ['S', 'M', 'L', 'XL'];
const shoes = ['36', '37', '38', '39', '40', '41', '42', '43'];

const clothing: Shelf[] = [
  {
    category: 'Vestuario',
    supplier: 'Textil Andes',
    maker: '7804520',
    ranges: [
      {
        sku: 'POL-PIMA',
        name: 'Polera algodón pima',
        price: 12990,
        sizes: tops,
        colours: ['Negro', 'Blanco', 'Gris', 'Azul marino'],
      },
      {
        sku: 'POL-PIQ',
        name: 'Polera piqué',
        price: 16990,
        sizes: tops,
        colours: ['Blanco', 'Celeste', 'Burdeo', 'Negro'],
      },
      {
        sku: 'CAM-LIN',
        name: 'Camisa de lino',
        price: 29990,
        retail: 34990,
        sizes: tops,
        colours: ['Blanco', 'Beige', 'Celeste', 'Negro'],
      },
      {
        sku: 'CHA-MER',
        name: 'Chaleco lana merino',
        price: 39990,
        sizes: tops,
        colours: ['Gris', 'Burdeo', 'Verde', 'Mostaza'],
      },
      {
        sku: 'POLAR',
        name: 'Polarón con cierre',
        price: 24990,
        sizes: tops,
        colours: ['Negro', 'Azul marino', 'Verde', 'Gris'],
      },
      {
        sku: 'PAR-SUR',
        name: 'Parka Patagonia',
        price: 79990,
        retail: 99990,
        sizes: tops,
        colours: ['Negro', 'Mostaza'],
      },
      {
        sku: 'VES-LIN',
        name: 'Vestido de lino',
        price: 34990,
        sizes: ['XS', 'S', 'M', 'L'],
        colours: ['Terracota', 'Negro', 'Verde'],
      },
    ],
  },
  {
    category: 'Vestuario',
    supplier: 'Denim del Sur',
    maker: '7804611',
    ranges: [
      {
        sku: 'JEA-REC',
        name: 'Jeans recto',
        price: 29990,
        sizes: ['36', '38', '40', '42', '44'],
        colours: ['Azul marino', 'Negro', 'Gris'],
      },
      {
        sku: 'PAN-GAB',
        name: 'Pantalón de gabardina',
        price: 26990,
        sizes: ['38', '40', '42', '44'],
        colours: ['Beige', 'Verde'],
      },
    ],
  },
  {
    category: 'Calzado',
    supplier: 'Calzados Maipo',
    maker: '7804733',
    ranges: [
      { sku: 'ZAP-URB', name: 'Zapatilla urbana', price: 42990, sizes: shoes, colours: ['Blanco', 'Negro', 'Gris'] },
      { sku: 'BOT-CUE', name: 'Botín de cuero', price: 64990, retail: 74990, sizes: shoes, colours: ['Café', 'Negro'] },
      { sku: 'ALP-CHI', name: 'Alpargata', price: 14990, sizes: ['36', '37', '38', '39', '40'], colours: ['Rojo'] },
    ],
  },
];

const home: Shelf[] = [
  {
    category: 'Hogar',
    supplier: 'Casa Chilena',
    maker: '7805810',
    ranges: [
      {
        sku: 'TOA-BAN',
        name: 'Toalla de baño 70 × 140',
        price: 9990,
        colours: ['Blanco', 'Gris', 'Terracota', 'Verde'],
      },
      {
        sku: 'TOA-MAN',
        name: 'Toalla de manos 50 × 80',
        price: 5490,
        colours: ['Blanco', 'Gris', 'Terracota', 'Verde'],
      },
      { sku: 'SAB-2PL', name: 'Juego de sábanas 2 plazas', price: 32990, colours: ['Blanco', 'Celeste', 'Beige'] },
      { sku: 'FRA-CHI', name: 'Frazada de lana chilota', price: 44990, colours: ['Gris', 'Café', 'Burdeo'] },
      { sku: 'COJ-TEL', name: 'Cojín tejido a telar', price: 13990, colours: ['Mostaza', 'Terracota', 'Gris'] },
      { sku: 'TAZ-GRE', name: 'Tazón de greda 350 ml', price: 4990, colours: ['Terracota', 'Negro', 'Blanco'] },
      { sku: 'PLA-GRE', name: 'Plato hondo de greda de Pomaire', price: 6490, colours: ['Terracota', 'Negro'] },
      { sku: 'OLL-3L', name: 'Olla enlozada 3 litros', price: 18990, colours: ['Rojo', 'Blanco'] },
      { sku: 'TET-SIL', name: 'Tetera silbadora 2 litros', price: 16990, colours: ['Rojo', 'Negro'] },
      { sku: 'SAR-HIE', name: 'Sartén de hierro 26 cm', price: 24990 },
      { sku: 'CUC-COC', name: 'Cuchillo cocinero 20 cm', price: 15990 },
      { sku: 'TAB-RAU', name: 'Tabla de picar de raulí', price: 12990 },
      { sku: 'VAS-6', name: 'Vasos de vidrio, 6 unidades', price: 9990 },
      { sku: 'COP-6', name: 'Copas para vino tinto, 6 unidades', price: 17990 },
      { sku: 'LAM-VEL', name: 'Lámpara de velador', price: 21990, colours: ['Blanco', 'Negro'] },
      { sku: 'VEL-AROM', name: 'Vela aromática de boldo', price: 7990 },
      { sku: 'CAN-MIM', name: 'Canasto de mimbre de Chimbarongo', price: 19990 },
      { sku: 'MAC-GRE', name: 'Macetero de greda 20 cm', price: 5990 },
      { sku: 'PAN-COC', name: 'Paños de cocina, 3 unidades', price: 5990 },
      { sku: 'DEL-COC', name: 'Delantal de cocina', price: 10990, colours: ['Negro', 'Verde'] },
      { sku: 'ALF-ENT', name: 'Limpiapiés de coco', price: 8990 },
      { sku: 'ORG-COC', name: 'Organizador de cubiertos de bambú', price: 11990 },
      { sku: 'RELOJ', name: 'Reloj de pared 30 cm', price: 14990, colours: ['Blanco', 'Negro'] },
    ],
  },
  {
    category: 'Aseo',
    supplier: 'Limpieza Central',
    maker: '7806540',
    ranges: [
      { sku: 'DET-3L', name: 'Detergente líquido 3 litros', price: 7990, margin: 0.75, opening: 36 },
      { sku: 'LAV-750', name: 'Lavaloza 750 ml', price: 2290, margin: 0.75, opening: 48 },
      { sku: 'CLO-1L', name: 'Cloro gel 1 litro', price: 1690, margin: 0.78, opening: 48 },
      { sku: 'JAB-GLI', name: 'Jabón de glicerina', price: 1290, margin: 0.7, opening: 60 },
      { sku: 'SHA-QUI', name: 'Shampoo de quillay 400 ml', price: 4990, margin: 0.65, opening: 24 },
      { sku: 'PAP-12', name: 'Papel higiénico doble hoja, 12 rollos', price: 6490, margin: 0.82, opening: 40 },
    ],
  },
];

const food: Shelf[] = [
  {
    category: 'Almacén',
    supplier: 'Distribuidora Maule',
    maker: '7802210',
    ranges: [
      { sku: 'ACE-OLI', name: 'Aceite de oliva extra virgen 500 ml', price: 6990, opening: 36 },
      { sku: 'MIE-ULM', name: 'Miel de ulmo 500 g', price: 7490, opening: 30 },
      { sku: 'MER-MOS', name: 'Mermelada de mosqueta 250 g', price: 3290, opening: 36 },
      { sku: 'MER-FRA', name: 'Mermelada de frambuesa 250 g', price: 3290, opening: 36 },
      { sku: 'MAN-1K', name: 'Manjar 1 kg', price: 4290, margin: 0.78, opening: 30 },
      { sku: 'MERKEN', name: 'Merkén ahumado 100 g', price: 2690, opening: 40 },
      { sku: 'SAL-CAH', name: 'Sal de Cáhuil 500 g', price: 2990, opening: 40 },
      { sku: 'TE-100', name: 'Té ceylán, 100 bolsitas', price: 3490, margin: 0.76, opening: 40 },
      { sku: 'CAF-MOL', name: 'Café molido 250 g', price: 5990, opening: 36 },
      { sku: 'YER-MAT', name: 'Yerba mate 500 g', price: 3290, opening: 24 },
      { sku: 'ARR-1K', name: 'Arroz grado 1, 1 kg', price: 1690, margin: 0.82, opening: 80 },
      { sku: 'FID-400', name: 'Fideos tallarín 400 g', price: 990, margin: 0.82, opening: 90 },
      { sku: 'POR-1K', name: 'Porotos granados 1 kg', price: 3990, opening: 30 },
      { sku: 'HAR-1K', name: 'Harina sin polvos 1 kg', price: 1290, margin: 0.84, opening: 60 },
      { sku: 'AZU-1K', name: 'Azúcar granulada 1 kg', price: 1390, margin: 0.85, opening: 80 },
      { sku: 'LEC-1L', name: 'Leche entera 1 litro', price: 1190, margin: 0.84, opening: 96 },
      { sku: 'ATU-170', name: 'Atún en agua 170 g', price: 1790, margin: 0.78, opening: 72 },
      { sku: 'CHO-65', name: 'Chocolate 65 % cacao 100 g', price: 3490, opening: 48 },
      { sku: 'ALF-6', name: 'Alfajores, 6 unidades', price: 4490, opening: 30 },
      { sku: 'GAL-AVE', name: 'Galletas de avena 200 g', price: 1890, margin: 0.72, opening: 48 },
    ],
  },
  {
    category: 'Bebidas',
    supplier: 'Viñas y Bebidas Colchagua',
    maker: '7803130',
    ranges: [
      { sku: 'VIN-CAR', name: 'Vino carmenere reserva 750 ml', price: 7990, retail: 8990, opening: 48 },
      { sku: 'VIN-SAU', name: 'Vino sauvignon blanc 750 ml', price: 6990, opening: 48 },
      { sku: 'PIS-35', name: 'Pisco 35° 750 ml', price: 8990, margin: 0.74, opening: 36 },
      { sku: 'CER-KUN', name: 'Cerveza artesanal torobayo 330 ml', price: 2490, opening: 96 },
      { sku: 'AGU-16', name: 'Agua mineral sin gas 1,6 litros', price: 1190, margin: 0.78, opening: 96 },
      { sku: 'JUG-MAN', name: 'Jugo de manzana prensado 1 litro', price: 3490, opening: 36 },
      { sku: 'BEB-15', name: 'Bebida cola 1,5 litros', price: 1890, margin: 0.82, opening: 96 },
    ],
  },
  {
    category: 'A granel',
    supplier: 'Feria Lo Valledor',
    maker: '7807770',
    ranges: [
      { sku: 'NUE-KG', name: 'Nueces mariposa', price: 12990, unit: 'kg', opening: 18.5 },
      { sku: 'ALM-KG', name: 'Almendras enteras', price: 14990, unit: 'kg', opening: 15.25 },
      { sku: 'PAS-KG', name: 'Pasas rubias', price: 5990, unit: 'kg', opening: 20 },
      { sku: 'HUE-KG', name: 'Huesillos', price: 6990, unit: 'kg', opening: 12.4 },
      { sku: 'MOT-KG', name: 'Mote de trigo', price: 2490, unit: 'kg', opening: 25 },
      { sku: 'LEN-KG', name: 'Lentejas 6 mm', price: 2890, unit: 'kg', margin: 0.76, opening: 40 },
      { sku: 'ACT-KG', name: 'Aceitunas de Azapa', price: 7990, unit: 'kg', opening: 14.75 },
      { sku: 'QUE-KG', name: 'Queso chanco laminado', price: 11990, unit: 'kg', margin: 0.74, opening: 16.3 },
      { sku: 'JAM-KG', name: 'Jamón acaramelado', price: 9990, unit: 'kg', margin: 0.74, opening: 12.2 },
      { sku: 'LON-KG', name: 'Longaniza de Chillán', price: 8990, unit: 'kg', margin: 0.74, opening: 18 },
      { sku: 'PAL-KG', name: 'Palta hass', price: 5990, unit: 'kg', margin: 0.78, opening: 30 },
      { sku: 'TOM-KG', name: 'Tomate larga vida', price: 1990, unit: 'kg', margin: 0.78, opening: 45 },
      { sku: 'PAP-KG', name: 'Papa', price: 1290, unit: 'kg', margin: 0.8, opening: 80 },
      { sku: 'MARR-KG', name: 'Pan marraqueta', price: 2290, unit: 'kg', margin: 0.7, opening: 25 },
    ],
  },
];

/** Of the third shop alone: what sells by itself in the demo touches nothing that people work with. */
const coast: Shelf[] = [
  {
    category: 'Playa',
    supplier: 'Costa Central',
    maker: '7809050',
    ranges: [
      { sku: 'PLA-TOA', name: 'Toalla de playa', price: 14990, colours: ['Celeste', 'Rojo', 'Mostaza'], opening: 60 },
      { sku: 'PLA-SOM', name: 'Sombrero de paja', price: 11990, sizes: ['S', 'M', 'L'], opening: 40 },
      {
        sku: 'PLA-TRA',
        name: 'Traje de baño',
        price: 22990,
        sizes: tops,
        colours: ['Negro', 'Azul marino'],
        opening: 30,
      },
      { sku: 'PLA-SAN', name: 'Sandalias', price: 12990, sizes: ['37', '38', '39', '40', '41', '42'], opening: 30 },
      { sku: 'PLA-QUI', name: 'Quitasol', price: 24990, opening: 20 },
      { sku: 'PLA-BLO', name: 'Bloqueador solar 50+ 200 ml', price: 8990, opening: 120 },
      { sku: 'PLA-HEL', name: 'Helado de lúcuma', price: 1490, opening: 300 },
      { sku: 'PLA-AGU', name: 'Agua con gas 500 ml', price: 990, opening: 400 },
      { sku: 'PLA-CUC', name: 'Cuchuflí relleno, 10 unidades', price: 2990, opening: 150 },
      { sku: 'PLA-FRU', name: 'Fruta picada', price: 6990, unit: 'kg', opening: 40 },
    ],
  },
];

/** A small shop in Antofagasta: some of its SKUs and codes are the demo's too, and are not the same goods. */
const north: Shelf[] = [
  {
    category: 'Ferretería',
    supplier: 'Ferretera Atacama',
    maker: '7804520',
    ranges: [
      { sku: 'POL-PIMA', name: 'Polera de trabajo', price: 8990, sizes: ['M', 'L'], colours: ['Gris', 'Azul marino'] },
      { sku: 'GUA-CAB', name: 'Guantes de cabritilla', price: 4990, sizes: ['M', 'L'] },
      { sku: 'MAR-16', name: 'Martillo carpintero 16 oz', price: 9990 },
      { sku: 'CIN-5M', name: 'Huincha de medir 5 m', price: 5490 },
      { sku: 'CLA-KG', name: 'Clavos de 2 pulgadas', price: 2490, unit: 'kg', opening: 60 },
      { sku: 'CEM-25', name: 'Cemento 25 kg', price: 4690, margin: 0.85, opening: 80 },
    ],
  },
];

const codeOf = (name: string): string => demoColours[name]?.code ?? 'UNI';

function variantsOf(shelf: Shelf, range: Range, firstItem: number): DemoVariant[] {
  const { sizes = [oneSize], colours = [oneColour], margin = 0.55, retail = null } = range;
  const single = sizes.length === 1 && colours.length === 1;
  return sizes.flatMap((size, s) =>
    colours.map((colour, c) => {
      const at = s * colours.length + c;
      const item = firstItem + at;
      const body = shelf.maker + String(item).padStart(5, '0');
      // Middle sizes and first colours sell more; a few things are below what they should be, as in any shop.
      const usual = range.opening ?? 6 + ((item * 7) % 18);
      const scarce = item % 17 === 5;
      const weighed = range.unit === 'kg';
      const quantity = (amount: number) => (weighed ? amount.toFixed(3) : String(Math.round(amount)));
      const parts = [range.sku, ...(colours.length > 1 ? [codeOf(colour)] : []), ...(sizes.length > 1 ? [size] : [])];
      return {
        sku: single ? range.sku : parts.join('-'),
        size,
        colour,
        category: shelf.category,
        price: range.price,
        retailPrice: retail,
        cost: Math.round((range.price / 1.19) * margin),
        barcode: body + checkDigit(body),
        supplier: shelf.supplier,
        supplierCode: `${shelf.supplier.slice(0, 3).toUpperCase()}-${String(item).padStart(5, '0')}`,
        minStock: quantity(Math.max(usual * 0.25, 2)),
        maxStock: quantity(usual * 3),
        opening: quantity(scarce ? Math.max(usual * 0.1, 1) : usual),
      };
    }),
  );
}

function productsOf(shelves: Shelf[]): DemoProduct[] {
  const taken = new Map<string, number>();
  return shelves.flatMap((shelf) =>
    shelf.ranges.map((range) => {
      const first = taken.get(shelf.maker) ?? 1;
      const variants = variantsOf(shelf, range, first);
      taken.set(shelf.maker, first + variants.length);
      return {
        name: range.name,
        category: shelf.category,
        description: range.description ?? null,
        unit: range.unit ?? 'unit',
        variants,
      };
    }),
  );
}

/** What is carried together: by which sites, and how much of it each opens with (times what a shop opens with). */
export interface DemoAssortment {
  sites: Readonly<Record<string, number>>;
  products: DemoProduct[];
}

export const demoAssortments: DemoAssortment[] = [
  {
    sites: { 'Bodega Quilicura': 3, 'Tienda Providencia': 1, 'Tienda Maipú': 1 },
    products: productsOf([...clothing, ...home, ...food]),
  },
  { sites: { 'Tienda Viña del Mar': 1 }, products: productsOf(coast) },
];

/** Prices of a site come before those of the business. */
export interface DemoSitePrice {
  site: string;
  category: string;
  factor: number;
}

export const demoSitePrices: DemoSitePrice[] = [{ site: 'Tienda Maipú', category: 'Aseo', factor: 0.95 }];

export const otraAssortments: DemoAssortment[] = [
  { sites: { 'Bodega Norte': 3, 'Tienda Centro': 1 }, products: productsOf(north) },
];
