import { type Cell, markRepeated, parseAmount, parseTaxRate, readHeadings, readImportLine } from './product-import';

const line = (cells: Record<string, Cell>) =>
  readImportLine(readHeadings(Object.keys(cells)), Object.values(cells), 'CLP');

describe('headings', () => {
  it('are known with or without accents, in Spanish or English, in any order', () => {
    const { at, ignored } = readHeadings(['Código de Barras', ' PRECIO ', 'Sku', 'Talla', 'colour', 'Bodega', '']);
    expect(at).toEqual({ barcodes: 0, price: 1, sku: 2, size: 3, colour: 4 });
    expect(ignored).toEqual(['Bodega']);
  });
});

describe('an amount', () => {
  it.each([
    ['12990', 12990],
    ['12.990', 12990],
    ['$ 12.990', 12990],
    ['1.234.567', 1234567],
    ['12,990', 12990],
    ['12990,00', 12990],
    ['12990.0', 12990],
    ['1.990,00', 1990],
    ['0', 0],
  ])('%s is %d', (text, amount) => expect(parseAmount(text, 'CLP')).toBe(amount));
  it('in a number of an Excel file has no thousands to part', () => {
    expect([12_990, 0, 12.125, -1, 1e15].map((value) => parseAmount(value, 'CLP'))).toEqual([
      12_990,
      0,
      null,
      null,
      null,
    ]);
  });
  it.each([
    ['129,90', 12_990],
    ['1,299.9', 129_990],
    ['1.299', 129_900],
    ['MXN 130', 13_000],
    [0.1 + 0.2, 30],
    [12.125, null],
    ['12.1250', null],
  ])('of a currency with cents: %s is %s of them', (text, cents) => expect(parseAmount(text, 'MXN')).toBe(cents));

  it.each(['', 'gratis', '12,5', '12.99', '-5', '1.2.3', '1e5', '=1+1', '9'.repeat(20)])('%s is none', (text) =>
    expect(parseAmount(text, 'CLP')).toBeNull(),
  );
});

it('a tax rate is a percentage or a fraction', () => {
  expect(['19', '19%', '19 %', '0,19', '0.19', '0', '10,5'].map(parseTaxRate)).toEqual([
    0.19, 0.19, 0.19, 0.19, 0.19, 0, 0.105,
  ]);
  expect(['100', 'IVA', '-1', '19%%'].map(parseTaxRate)).toEqual([null, null, null, null]);
});

describe('a line', () => {
  it('says what is in it and nothing of what is left out', () => {
    expect(
      line({ SKU: ' A-1 ', Nombre: 'Polera', Precio: '12.990', 'Stock mínimo': '0,5', Unidad: 'Kilo', Talla: '' }),
    ).toEqual({
      data: { sku: 'A-1', name: 'Polera', price: 12990, minStock: '0.500', unit: 'kg' },
      problems: [],
    });
  });

  it('has several codes in a cell', () => {
    expect(line({ sku: 'A', codigo: '780 | 781;780', 'código proveedor': 'TEX-1', proveedor: 'Textil' }).data).toEqual({
      sku: 'A',
      barcodes: ['780', '781'],
      supplierCodes: ['TEX-1'],
      supplier: 'Textil',
    });
  });

  it('tells everything that is wrong with it', () => {
    const { problems } = line({
      sku: '',
      precio: 'caro',
      costo: '1,5',
      iva: 'x',
      unidad: 'docena',
      min: '-1',
      nombre: 'a'.repeat(201),
    });
    expect(problems.map(({ field, code }) => `${field} ${code}`).sort()).toEqual([
      'cost bad_amount',
      'minStock bad_quantity',
      'name too_long',
      'price bad_amount',
      'sku missing',
      'taxRate bad_tax',
      'unit bad_unit',
    ]);
    expect(line({ sku: 'A', min: '3', max: '2' }).problems).toEqual([{ field: 'minStock', code: 'limits_reversed' }]);
    expect(line({ sku: 'A\u0000' }).problems).toEqual([{ field: 'sku', code: 'unprintable' }]);
  });

  it('has numbers, and cells that say nothing', () => {
    expect(line({ sku: 7804520000013, nombre: 501, min: 0.1 + 0.2, precio: 12_990, iva: 0.19 })).toEqual({
      data: { sku: '7804520000013', name: '501', minStock: '0.300', price: 12_990, taxRate: 0.19 },
      problems: [],
    });
    expect(line({ sku: 'A', talla: { trouble: 'is_date' }, precio: { trouble: 'no_value' } }).problems).toEqual([
      { field: 'size', code: 'is_date' },
      { field: 'price', code: 'no_value' },
    ]);
  });

  it('does not take what Excel left of a long code for codes', () => {
    expect(line({ sku: '7,80452E+12', codigo: '7.80452E+12' })).toEqual({
      data: { sku: '' },
      problems: [
        { field: 'sku', code: 'is_shortened' },
        { field: 'barcodes', code: 'is_shortened' },
      ],
    });
  });

  it('keeps a formula as the text that it is', () => {
    expect(line({ sku: '=1+1', nombre: '=HYPERLINK("http://x")' }).data).toEqual({
      sku: '=1+1',
      name: '=HYPERLINK("http://x")',
    });
  });
});

it('SKUs and codes stand in one line only: the first one keeps them', () => {
  const lines = [line({ sku: 'A', codigo: '1' }), line({ sku: 'A', codigo: '2' }), line({ sku: 'B', codigo: '1' })];
  markRepeated(lines);
  expect(lines.map(({ problems }) => problems.map(({ code }) => code))).toEqual([[], ['sku_twice'], ['code_twice']]);
});
