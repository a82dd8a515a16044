import {
  blankProduct,
  checkProduct,
  checkVariant,
  differing,
  productFields,
  quantityWords,
  taxWords,
  variantFields,
} from './product-form';

it('a product is told by what was written', () => {
  const draft = { ...blankProduct, name: '  Polera ', category: ' ', tax: '10,5' };
  expect(checkProduct(draft)).toEqual({});
  expect(productFields(draft)).toEqual({
    name: 'Polera',
    category: null,
    unit: 'unit',
    taxRate: 0.105,
    description: null,
  });
  expect(checkProduct({ ...blankProduct, tax: 'IVA' })).toEqual({ name: 'missing', tax: 'bad_tax' });
});

it('a variant is told by what was written', () => {
  const draft = {
    sku: ' A ',
    price: '12.990',
    retailPrice: '',
    cost: '$ 5.000',
    minStock: '0,35',
    maxStock: '',
    active: true,
  };
  expect(variantFields(draft, 'kg', 'CLP')).toEqual({
    sku: 'A',
    price: 12_990,
    retailPrice: null,
    cost: 5_000,
    minStock: '0.350',
    maxStock: null,
    active: true,
  });
  expect(checkVariant({ ...draft, sku: '', price: '' }, 'unit', 'CLP')).toEqual({
    sku: 'missing',
    price: 'missing',
    minStock: 'bad_quantity',
  });
});

it('only what differs is sent', () => {
  expect(differing({ a: 1, b: null, c: 'x' }, { a: 1, b: 2, c: 'y' })).toEqual({ b: 2, c: 'y' });
});

it('numbers are written as the language has them', () => {
  expect([quantityWords('0.350', 'es'), quantityWords('12.000', 'en'), quantityWords(null, 'es')]).toEqual([
    '0,35',
    '12',
    '',
  ]);
  expect([taxWords(0.19, 'es'), taxWords(0.105, 'es'), taxWords(0.105, 'en')]).toEqual(['19', '10,5', '10.5']);
});
