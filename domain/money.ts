/** Money is an integer of minor units with its currency (CLP has no decimals: 12990 = $12.990). Prices include tax. */
export interface Money {
  amount: number;
  currency: string;
}

/** The currency of a business that named none. */
export const defaultCurrency = 'CLP';

/** Decimals that amounts of a currency are written with (ISO 4217, as the platform knows it): CLP 0, MXN 2. */
export function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
}

export function money(amount: number, currency: string = defaultCurrency): Money {
  return { amount, currency };
}

/** What came in: an object or a bare amount. */
export function amountOf(value: Money | number): number {
  return typeof value === 'number' ? value : value.amount;
}

/**
 * numerator / denominator to the nearest integer, halves away from zero. Exact for every pair of integers: no floating
 * point takes part.
 * @throws RangeError when the result is no safe integer
 */
function divideRounded(numerator: bigint, denominator: bigint): number {
  const negative = numerator < 0n;
  const size = negative ? -numerator : numerator;
  const rounded = Number((2n * size + denominator) / (2n * denominator));
  if (!Number.isSafeInteger(rounded)) throw new RangeError('Amount out of range');
  return negative && rounded !== 0 ? -rounded : rounded;
}

/** Unit price × quantity (thousandths), to the minor unit, halves up (away from zero). */
export function lineTotal(unitPrice: number, quantity: number): number {
  return divideRounded(BigInt(unitPrice) * BigInt(quantity), 1000n);
}

/** A rate has at most four decimals (numeric(6,4)). */
const rateParts = (rate: number): bigint => BigInt(Math.round(rate * 10_000));

export interface TaxSplit {
  /** Without tax. */
  base: number;
  tax: number;
}

/** Splits a total that includes tax: base = total / (1 + rate) rounded half away from zero, tax is the rest. */
export function splitTax(total: number, rate: number): TaxSplit {
  const base = divideRounded(BigInt(total) * 10_000n, 10_000n + rateParts(rate));
  return { base, tax: total - base };
}

/**
 * Cost after an entry: what was there at the old cost and what came at its own, by weight. Stock that is owed (below zero)
 * weighs nothing. Quantities in thousandths, `received` > 0.
 */
export function weightedCost(before: { onHand: number; cost: number }, received: number, unitCost: number): number {
  const there = BigInt(Math.max(before.onHand, 0));
  const came = BigInt(received);
  return divideRounded(there * BigInt(before.cost) + came * BigInt(unitCost), there + came);
}
