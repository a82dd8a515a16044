import { blankGrid, checkGrid, type GridDraft, gridErrorsOf, gridRows, gridVariants, keyOf } from './variant-grid';

const draft = (more: Partial<GridDraft>): GridDraft => ({ ...blankGrid, sku: 'POL', price: '12.990', ...more });
const check = (one: GridDraft) => checkGrid(one, gridRows(one), 'unit', 'CLP');
const none = { common: {}, rows: {} };

describe('new variants', () => {
  it('are each size in each colour, named after both', () => {
    const rows = gridRows(draft({ sizes: ['S', 'XL'], colours: ['Azul marino', 'Café'] }));
    expect(rows.map(({ sku }) => sku)).toEqual(['POL-S-AZU', 'POL-S-CAF', 'POL-XL-AZU', 'POL-XL-CAF']);
    expect(gridRows(draft({ colours: ['Negro'] })).map(({ sku }) => sku)).toEqual(['POL-NEG']);
    expect(gridRows(draft({})).map(({ sku, size }) => [sku, size])).toEqual([['POL', null]]);
  });

  it('leave out those that are there already', () => {
    const there = new Set([keyOf('S', 'Negro')]);
    expect(gridRows(draft({ sizes: ['S', 'M'], colours: ['Negro'] }), there).map(({ size }) => size)).toEqual(['M']);
  });

  it('keep what was written over what is suggested', () => {
    const one = draft({
      sizes: ['S', 'M'],
      own: { [keyOf('M', null)]: { sku: 'OTRO', price: '13.990', code: '780' } },
    });
    expect(gridVariants(one, gridRows(one), 'unit', 'CLP')).toEqual([
      { sku: 'POL-S', size: 'S', price: 12_990, cost: 0 },
      { sku: 'OTRO', size: 'M', price: 13_990, cost: 0, codes: [{ code: '780' }] },
    ]);
  });
});

describe('what is wrong with them', () => {
  it('stands above where all lack it, and beside the row where one does', () => {
    expect(check(draft({ sizes: ['S', 'M'] }))).toEqual(none);
    expect(check(draft({ sku: '', price: '', sizes: ['S', 'M'] })).common).toEqual({
      sku: 'missing',
      price: 'missing',
    });
    const one = check(draft({ sizes: ['S', 'M'], own: { [keyOf('S', null)]: { sku: 'POL-M', price: 'caro' } } }));
    expect(one).toEqual({
      common: {},
      rows: { [keyOf('S', null)]: { price: 'bad_amount' }, [keyOf('M', null)]: { sku: 'sku_twice' } },
    });
    expect(check(draft({ sku: '' }))).toEqual({ common: { sku: 'missing' }, rows: {} });
  });

  it('is told of prices and limits too', () => {
    expect(check(draft({ cost: 'x', retailPrice: '1,5', minStock: '2', maxStock: '1' })).common).toEqual({
      cost: 'bad_amount',
      retailPrice: 'bad_amount',
      minStock: 'limits',
    });
    // A fraction of a piece.
    expect(check(draft({ minStock: '1.500' })).common).toEqual({ minStock: 'bad_quantity' });
  });

  it('the server says by SKU or by code', () => {
    const one = draft({ sizes: ['S', 'M'], own: { [keyOf('M', null)]: { code: '780' } } });
    const rows = gridRows(one);
    expect(gridErrorsOf({ code: 'sku_taken', skus: ['POL-S'] } as never, rows).rows).toEqual({
      [keyOf('S', null)]: { sku: 'sku_taken' },
    });
    expect(gridErrorsOf({ code: 'code_taken', codes: ['780'] } as never, rows).rows).toEqual({
      [keyOf('M', null)]: { code: 'code_taken' },
    });
    expect(gridErrorsOf({ code: 'unavailable' }, rows)).toEqual(none);
    expect(gridErrorsOf({ code: 'sku_taken', skus: ['POL'] } as never, gridRows(draft({}))).common).toEqual({
      sku: 'sku_taken',
    });
  });
});
