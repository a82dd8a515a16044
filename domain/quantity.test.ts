import fc from 'fast-check';
import { formatQuantity, isWhole, mostQuantity, parseQuantity, quantityOf } from './quantity';

describe('a quantity', () => {
  it.each([
    ['2', 2000],
    ['0.35', 350],
    ['0.350', 350],
    ['-1.25', -1250],
    ['-0', 0],
    ['007', 7000],
    [3, 3000],
    [-3, -3000],
    [-0, 0],
  ])('%p is %p thousandths', (given, milli) => {
    expect(parseQuantity(given)).toBe(milli);
  });

  it.each([
    '',
    '.5',
    '1.',
    '1,5',
    '1.2345',
    '+1',
    '1e3',
    ' 1',
    '1 ',
    '123456789012',
    0.5,
    Number.NaN,
    Infinity,
    2 ** 53,
  ])('%p is none', (given) => {
    expect(parseQuantity(given)).toBeNull();
  });

  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: -mostQuantity, max: mostQuantity }), (milli) => {
        expect(parseQuantity(formatQuantity(milli))).toBe(milli);
        expect(formatQuantity(milli)).toMatch(/^-?\d+\.\d{3}$/);
      }),
    );
  });

  it('of the database is always one', () => {
    expect(quantityOf('12.500')).toBe(12_500);
    expect(() => quantityOf('NaN')).toThrow(RangeError);
  });

  it('is whole without a fraction', () => {
    expect([isWhole(2000), isWhole(-2000), isWhole(0), isWhole(2001)]).toEqual([true, true, true, false]);
  });
});
