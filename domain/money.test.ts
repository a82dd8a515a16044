import fc from 'fast-check';
import { amountOf, lineTotal, money, splitTax, weightedCost } from './money';

const amount = fc.integer({ min: 0, max: 10 ** 12 });
const rate = fc.integer({ min: 0, max: 9999 }).map((parts) => parts / 10_000);

describe('the tax in a price', () => {
  it.each([
    [1190, 0.19, 190],
    [12_990, 0.19, 2074],
    [990, 0.19, 158],
    [1, 0.19, 0],
    [0, 0.19, 0],
    [1000, 0, 0],
    // 3 / 2 = 1.5: away from zero, both ways.
    [3, 0.9999, 1],
    [-1190, 0.19, -190],
  ])('of %p at %p is %p', (total, at, tax) => {
    expect(splitTax(total, at).tax).toBe(tax);
  });

  it('is what is left beside the base, and the base with its tax is the total again', () => {
    fc.assert(
      fc.property(amount, rate, (total, at) => {
        const { base, tax } = splitTax(total, at);
        expect(base + tax).toBe(total);
        expect(tax).toBeGreaterThanOrEqual(0);
        // Within half a unit of the exact base.
        const parts = 10_000n + BigInt(Math.round(at * 10_000));
        const off = 2n * (BigInt(base) * parts - BigInt(total) * 10_000n);
        expect(off <= parts && off >= -parts).toBe(true);
      }),
    );
  });

  it('of what is given back is what was taken', () => {
    fc.assert(
      fc.property(amount, rate, (total, at) => {
        const [sold, returned] = [splitTax(total, at), splitTax(-total, at)];
        expect(returned.tax + sold.tax).toBe(0);
      }),
    );
  });
});

describe('the total of a line', () => {
  it.each([
    [1000, 2000, 2000],
    [1990, 350, 697],
    // 696.5
    [1990, 350.0, 697],
    [1, 500, 1],
    [1, 499, 0],
    [3, 1500, 5],
    [999_999_999_999, 8_000_000, 7_999_999_999_992_000],
  ])('%p × %p thousandths = %p', (price, quantity, total) => {
    expect(lineTotal(price, quantity)).toBe(total);
  });

  it('never differs by more than half a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 1, max: 10 ** 6 }), (price, quantity) => {
        const off = 2 * (lineTotal(price, quantity) * 1000 - price * quantity);
        expect(off).toBeLessThanOrEqual(1000);
        expect(off).toBeGreaterThan(-1000);
      }),
    );
  });

  it('is refused when no integer can hold it', () => {
    expect(() => lineTotal(Number.MAX_SAFE_INTEGER, 2000)).toThrow(RangeError);
  });
});

describe('the cost after an entry', () => {
  it('is the mean by weight, and the new one where nothing was', () => {
    expect(weightedCost({ onHand: 10_000, cost: 100 }, 10_000, 200)).toBe(150);
    expect(weightedCost({ onHand: 2000, cost: 100 }, 1000, 101)).toBe(100);
    expect(weightedCost({ onHand: 0, cost: 100 }, 1000, 250)).toBe(250);
    expect(weightedCost({ onHand: -5000, cost: 100 }, 1000, 250)).toBe(250);
  });

  it('lies between both', () => {
    const quantity = fc.integer({ min: 1, max: 10 ** 9 });
    fc.assert(
      fc.property(quantity, amount, quantity, amount, (onHand, cost, received, unitCost) => {
        const after = weightedCost({ onHand, cost }, received, unitCost);
        expect(after).toBeGreaterThanOrEqual(Math.min(cost, unitCost));
        expect(after).toBeLessThanOrEqual(Math.max(cost, unitCost));
      }),
    );
  });
});

it('an amount comes bare or with its currency', () => {
  expect(amountOf(1290)).toBe(1290);
  expect(amountOf(money(1290))).toBe(1290);
  expect(money(5)).toEqual({ amount: 5, currency: 'CLP' });
});
