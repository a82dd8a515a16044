import { readAmount, readQuantity } from './figures';

describe('a quantity that somebody types', () => {
  it.each([
    ['12', '12.000'],
    ['0,35', '0.350'],
    [' 1.5 ', '1.500'],
    ['+3', '3.000'],
    ['', null],
    ['-2', null],
    ['1,2345', null],
    ['doce', null],
  ])('«%s» is %s', (text, expected) => {
    expect(readQuantity(text)).toBe(expected);
  });

  it.each([
    ['-2', '-2.000'],
    ['−0,5', '-0.500'],
    ['4', '4.000'],
  ])('signed, «%s» is %s', (text, expected) => {
    expect(readQuantity(text, true)).toBe(expected);
  });
});

describe('an amount that somebody types', () => {
  it.each([
    ['12990', 'CLP', 12990],
    ['$12.990', 'CLP', 12990],
    ['1.234.567', 'CLP', 1234567],
    ['0', 'CLP', 0],
    ['', 'CLP', null],
    ['-5', 'CLP', null],
    ['1.250,50', 'MXN', 125050],
    ['1,250.5', 'MXN', 125050],
    ['1,250', 'MXN', 125000],
    ['99', 'MXN', 9900],
  ])('«%s» in %s is %s', (text, currency, expected) => {
    expect(readAmount(text, currency)).toBe(expected);
  });
});
