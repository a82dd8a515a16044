/**
 * Quantities. In code an integer of thousandths («milli»: 350 = 0.350), on the wire a decimal string with three decimals,
 * in SQL numeric(14,3). No floating point in between: 0.1 + 0.2 is 300 thousandths.
 */

/** Largest that numeric(14,3) holds. */
export const mostQuantity = 99_999_999_999_999;

const decimal = /^(-?)(\d{1,11})(?:\.(\d{1,3}))?$/;

/** Thousandths of `"2"`, `"0.35"`, `"-1.250"` or an integer number; null when it is none of these. */
export function parseQuantity(value: string | number): number | null {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Math.abs(value) > 99_999_999_999) return null;
    // Also turns -0 into 0.
    return value === 0 ? 0 : value * 1000;
  }
  const parts = decimal.exec(value);
  if (!parts) return null;
  const [, sign, whole, fraction = ''] = parts;
  const milli = Number(whole) * 1000 + Number(fraction.padEnd(3, '0'));
  return sign === '-' && milli !== 0 ? -milli : milli;
}

/** `"0.350"`: always three decimals, as numeric(14,3) prints it. */
export function formatQuantity(milli: number): string {
  const size = Math.abs(milli);
  const text = `${Math.trunc(size / 1000)}.${String(size % 1000).padStart(3, '0')}`;
  return milli < 0 ? `-${text}` : text;
}

/**
 * A quantity that the database printed.
 * @throws RangeError when it is no numeric(14,3)
 */
export function quantityOf(text: string): number {
  const milli = parseQuantity(text);
  if (milli === null) throw new RangeError(`Not a quantity: ${text}`);
  return milli;
}

/** Whether it is a number of whole pieces: what is not sold by weight or length has no fractions. */
export function isWhole(milli: number): boolean {
  return milli % 1000 === 0;
}
