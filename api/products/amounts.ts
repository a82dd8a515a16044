import { NervioError } from '../../domain/errors';
import { amountOf, type Money } from '../../domain/money';
import { formatQuantity, parseQuantity } from '../../domain/quantity';

/** Minor units of what came in. @throws NervioError wrong_currency */
export function priceIn(currency: string, value: Money | number): number {
  if (typeof value !== 'number' && value.currency !== currency) throw new NervioError('wrong_currency', { currency });
  return amountOf(value);
}

/** A quantity as the database takes it. @throws NervioError malformed */
export function quantityText(value: string | number): string {
  const milli = parseQuantity(value);
  if (milli === null) throw new NervioError('malformed', { fields: [{ path: 'body', message: 'not a quantity' }] });
  return formatQuantity(milli);
}

/** What may be left out or null. */
export const maybe = <T, R>(value: T | null | undefined, of: (value: T) => R): R | null =>
  value === null || value === undefined ? null : of(value);

/** @throws NervioError limits_reversed */
export function requireLimits({ minStock, maxStock }: { minStock: string | null; maxStock: string | null }): void {
  if (minStock !== null && maxStock !== null && Number(minStock) > Number(maxStock))
    throw new NervioError('limits_reversed');
}
