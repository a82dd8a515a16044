import { decimalsOf } from './money';
import { type ProductUnit, productUnits } from './product';
import { formatQuantity, parseQuantity } from './quantity';

/** What a line of an import says of a variant. Left out = the file does not speak of it, and it stays as it is. */
export interface ImportData {
  sku: string;
  name?: string;
  category?: string;
  description?: string;
  size?: string;
  colour?: string;
  unit?: ProductUnit;
  taxRate?: number;
  /** Minor units, with tax. */
  price?: number;
  retailPrice?: number;
  cost?: number;
  /** Decimal strings. */
  minStock?: string;
  maxStock?: string;
  barcodes?: string[];
  supplierCodes?: string[];
  supplier?: string;
}

export type ImportField = keyof ImportData;

/** What is wrong with a line, or was when it came to be applied. */
export const importProblems = {
  missing: { es: 'Falta este dato.', en: 'This is missing.' },
  too_long: { es: 'Es demasiado largo.', en: 'It is too long.' },
  unprintable: { es: 'Tiene caracteres que no se pueden guardar.', en: 'It has characters that cannot be kept.' },
  bad_amount: {
    es: 'No es un precio, como 12990 o 12.990.',
    en: 'It is no price, such as 12990 or 12.990.',
  },
  bad_quantity: {
    es: 'No es una cantidad, como 5 o 0,350.',
    en: 'It is no quantity, such as 5 or 0.350.',
  },
  bad_tax: { es: 'No es un IVA, como 19 o 0,19.', en: 'It is no tax rate, such as 19 or 0.19.' },
  bad_unit: { es: 'La unidad es una de: unidad, kg, m, l.', en: 'The unit is one of: unit, kg, m, l.' },
  sku_twice: { es: 'Ese SKU ya está en otra línea del archivo.', en: 'That SKU is in another line of the file.' },
  code_twice: { es: 'Ese código ya está en otra línea del archivo.', en: 'That code is in another line of the file.' },
  code_taken: { es: 'Ese código ya es de otro producto.', en: 'That code belongs to another product.' },
  unknown_size: { es: 'Esa talla no existe. Créela primero.', en: 'That size does not exist. Create it first.' },
  unknown_colour: { es: 'Ese color no existe. Créelo primero.', en: 'That colour does not exist. Create it first.' },
  limits_reversed: {
    es: 'El stock mínimo es mayor que el máximo.',
    en: 'The minimum stock is above the maximum.',
  },
  variant_taken: {
    es: 'El producto ya tiene esa talla en ese color, con otro SKU.',
    en: 'The product has that size in that colour already, under another SKU.',
  },
  unit_in_use: {
    es: 'La unidad no se puede cambiar: el producto ya tiene movimientos.',
    en: 'The unit cannot be changed: the product has movements already.',
  },
  is_date: {
    es: 'Excel convirtió este dato en una fecha. Dé a la celda formato de texto y escríbalo de nuevo.',
    en: 'Excel turned this into a date. Give the cell the format of text and write it again.',
  },
  is_shortened: {
    es: 'Excel acortó este código al guardar. Dé a la columna formato de número sin decimales y guarde de nuevo, o use .xlsx.',
    en: 'Excel shortened this code when it saved it. Format the column as a number without decimals and save again, or use .xlsx.',
  },
  no_value: {
    es: 'La celda tiene una fórmula sin resultado guardado; las fórmulas no se calculan.',
    en: 'The cell holds a formula without a kept result; formulas are not calculated.',
  },
} as const satisfies Record<string, { es: string; en: string }>;

export type ImportProblemCode = keyof typeof importProblems;

export interface ImportProblem {
  field: ImportField;
  code: ImportProblemCode;
}

export function isImportProblem(code: string): code is ImportProblemCode {
  return Object.hasOwn(importProblems, code);
}

/**
 * A cell of a table: text, a number that the file keeps as one (of an Excel file), or what is there instead of either: `is_date`, a
 * number that is shown as a date; `no_value`, a formula without a kept result.
 */
export type Cell = string | number | { trouble: 'is_date' | 'no_value' };

export const isEmptyCell = (cell: Cell): boolean => typeof cell === 'string' && cell.trim() === '';

/** As people see it: 0.35000000000000003 is 0.35, and a barcode has no exponent. */
const textOf = (cell: string | number): string =>
  typeof cell === 'string' ? cell.trim() : String(Number(cell.toPrecision(15)));

/** How people head their columns, folded; the first is the one of our own template. */
const headings: Readonly<Record<ImportField, readonly string[]>> = {
  sku: ['sku', 'codigo interno', 'referencia', 'item'],
  name: ['nombre', 'producto', 'name', 'product'],
  category: ['categoria', 'rubro', 'category'],
  description: ['descripcion', 'description'],
  size: ['talla', 'tamano', 'size'],
  colour: ['color', 'colour'],
  unit: ['unidad', 'unidad de medida', 'unit'],
  taxRate: ['iva', 'impuesto', 'tax', 'tax rate'],
  price: ['precio', 'precio venta', 'precio de venta', 'price'],
  retailPrice: ['precio lista', 'precio de lista', 'precio referencia', 'retail price'],
  cost: ['costo', 'costo neto', 'cost'],
  minStock: ['stock minimo', 'minimo', 'min stock', 'min'],
  maxStock: ['stock maximo', 'maximo', 'max stock', 'max'],
  barcodes: ['codigo de barras', 'codigo barra', 'codigo', 'codigos', 'ean', 'barcode', 'barcodes'],
  supplierCodes: ['codigo proveedor', 'codigo de proveedor', 'supplier code'],
  supplier: ['proveedor', 'supplier'],
};

const fields = Object.keys(headings) as ImportField[];

/** «Código de Barras» and «codigo de barras» are one heading. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[\s_.-]+/g, ' ')
    .trim();

export interface ImportColumns {
  /** Which field stands at which place of a line. */
  at: Partial<Record<ImportField, number>>;
  /** Headings that nobody knows. */
  ignored: string[];
}

export function readHeadings(line: readonly Cell[]): ImportColumns {
  const at: Partial<Record<ImportField, number>> = {};
  const ignored: string[] = [];
  line.forEach((cell, place) => {
    const heading = typeof cell === 'object' ? '' : textOf(cell);
    const found = fields.find((field) => headings[field].includes(fold(heading)));
    if (found !== undefined && at[found] === undefined) at[found] = place;
    else if (heading !== '') ignored.push(heading.slice(0, 80));
  });
  return { at, ignored };
}

const units: Readonly<Record<string, ProductUnit>> = {
  ...Object.fromEntries(productUnits.map((unit) => [unit, unit])),
  unidad: 'unit',
  un: 'unit',
  u: 'unit',
  kilo: 'kg',
  kilos: 'kg',
  metro: 'm',
  metros: 'm',
  litro: 'l',
  litros: 'l',
  lt: 'l',
};

const mostAmount = 1_000_000_000_000;

const marks = [/^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?$/, /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/];

/**
 * Minor units of «$ 12.990», «12990», «12,990.00»: before three digits a mark parts thousands, before fewer it begins the decimals,
 * which are no more than the currency has. In a number of an Excel file nothing parts thousands: 12.125 is twelve and an eighth.
 */
export function parseAmount(cell: string | number, currency: string): number | null {
  const decimals = decimalsOf(currency);
  const amount = typeof cell === 'number' ? scaled(cell, decimals) : readAmount(cell, currency, decimals);
  return amount !== null && amount >= 0 && amount <= mostAmount ? amount : null;
}

function scaled(value: number, decimals: number): number | null {
  const amount = Number((value * 10 ** decimals).toPrecision(15));
  return Number.isInteger(amount) ? amount : null;
}

function readAmount(text: string, currency: string, decimals: number): number | null {
  const bare = text.replace(/[\s$]/g, '').replace(new RegExp(`^${currency}`, 'i'), '');
  for (const mark of marks) {
    const [, whole, fraction = ''] = mark.exec(bare) ?? [];
    if (whole === undefined || fraction.length > Math.max(decimals, 2)) continue;
    if (!/^0*$/.test(fraction.slice(decimals))) continue;
    return Number(whole.replace(/[.,]/g, '') + fraction.slice(0, decimals).padEnd(decimals, '0'));
  }
  return null;
}

/** 19, «19 %», 0,19 */
export function parseTaxRate(text: string): number | null {
  const bare = text.replace(/\s/g, '').replace(',', '.');
  const found = /^(\d{1,3}(?:\.\d{1,4})?)(%?)$/.exec(bare);
  if (found === null) return null;
  const value = Number(found[1]);
  const rate = found[2] === '%' || value >= 1 ? value / 100 : value;
  return rate < 1 ? Math.round(rate * 10_000) / 10_000 : null;
}

const longest: Partial<Record<ImportField, number>> = {
  sku: 64,
  name: 200,
  category: 80,
  description: 4_000,
  supplier: 120,
};
const longestText = 40;
const mostCodes = 20;
const longestCode = 64;
const codeFields: ReadonlySet<ImportField> = new Set(['sku', 'barcodes', 'supplierCodes']);
/** «7,80452E+12»: what Excel leaves of a long code in a CSV file. */
const shortened = /^\d([.,]\d+)?E\+\d+$/i;
/** NUL, control characters, halves of characters. */
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Surrogate}/u;

export interface ImportLine {
  data: ImportData;
  problems: ImportProblem[];
}

/** What a line says, as far as the line alone can tell. Nothing in it is ever calculated: «=1+1» is those four characters. */
export function readImportLine(columns: ImportColumns, cells: readonly Cell[], currency: string): ImportLine {
  const problems: ImportProblem[] = [];
  const read = <T>(
    field: ImportField,
    of: (text: string, cell: string | number) => T | ImportProblemCode,
  ): T | undefined => {
    const place = columns.at[field];
    const cell = place === undefined ? '' : (cells[place] ?? '');
    const problem = (code: ImportProblemCode): undefined => {
      problems.push({ field, code });
    };
    if (typeof cell === 'object') return problem(cell.trouble);
    const text = textOf(cell);
    if (text === '') return undefined;
    if (unprintable.test(text)) return problem('unprintable');
    if (codeFields.has(field) && shortened.test(text)) return problem('is_shortened');
    const value = of(text, cell);
    return typeof value === 'string' && isImportProblem(value) ? problem(value) : (value as T);
  };
  const text = (field: ImportField) =>
    read<{ text: string }>(field, (value) =>
      value.length > (longest[field] ?? longestText) ? 'too_long' : { text: value.replace(/\s+/g, ' ') },
    )?.text;
  const amount = (field: ImportField) => read<number>(field, (_, cell) => parseAmount(cell, currency) ?? 'bad_amount');
  const quantity = (field: ImportField) =>
    read<{ text: string }>(field, (value) => {
      const milli = parseQuantity(value.replace(',', '.'));
      return milli === null || milli < 0 ? 'bad_quantity' : { text: formatQuantity(milli) };
    })?.text;
  const codes = (field: ImportField) =>
    read<string[]>(field, (value) => {
      const list = [...new Set(value.split(/[|;,\s]+/).filter((code) => code !== ''))];
      return list.length > mostCodes || list.some((code) => code.length > longestCode) ? 'too_long' : list;
    });

  const found: Partial<ImportData> & Record<string, unknown> = {
    sku: text('sku'),
    name: text('name'),
    category: text('category'),
    description: text('description'),
    size: text('size'),
    colour: text('colour'),
    unit: read<ProductUnit>('unit', (value) => units[fold(value)] ?? 'bad_unit'),
    taxRate: read<number>('taxRate', (value) => parseTaxRate(value) ?? 'bad_tax'),
    price: amount('price'),
    retailPrice: amount('retailPrice'),
    cost: amount('cost'),
    minStock: quantity('minStock'),
    maxStock: quantity('maxStock'),
    barcodes: codes('barcodes'),
    supplierCodes: codes('supplierCodes'),
    supplier: text('supplier'),
  };
  const told = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  const data: ImportData = { ...told, sku: found.sku ?? '' };
  if (data.sku === '' && !problems.some(({ field }) => field === 'sku'))
    problems.push({ field: 'sku', code: 'missing' });
  if (data.minStock !== undefined && data.maxStock !== undefined && Number(data.minStock) > Number(data.maxStock)) {
    problems.push({ field: 'minStock', code: 'limits_reversed' });
  }
  return { data, problems };
}

/** All codes of a line. */
export const codesOf = (
  data: ImportData,
): { code: string; kind: 'barcode' | 'supplier'; supplier: string | null }[] => [
  ...(data.barcodes ?? []).map((code) => ({ code, kind: 'barcode' as const, supplier: null })),
  ...(data.supplierCodes ?? []).map((code) => ({ code, kind: 'supplier' as const, supplier: data.supplier ?? null })),
];

/** What is in more than one line: SKUs and codes name one thing. The first line that has it keeps it. */
export function markRepeated(lines: readonly ImportLine[]): void {
  const skus = new Set<string>();
  const codes = new Set<string>();
  for (const { data, problems } of lines) {
    if (data.sku !== '' && skus.has(data.sku)) problems.push({ field: 'sku', code: 'sku_twice' });
    skus.add(data.sku);
    for (const { code, kind } of codesOf(data)) {
      const field = kind === 'barcode' ? 'barcodes' : 'supplierCodes';
      if (codes.has(code) && !problems.some((one) => one.field === field)) problems.push({ field, code: 'code_twice' });
      codes.add(code);
    }
  }
}
