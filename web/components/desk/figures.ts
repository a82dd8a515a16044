import { formatQuantity, parseQuantity } from '../../../domain/quantity';

/** A quantity as a person types it («0,35», «12», with `signed` also «−2»), as the API takes it; null when it is none. */
export function readQuantity(text: string, signed = false): string | null {
  const plain = text
    .trim()
    .replace(',', '.')
    .replace(/^[\u2212\u2013]/, '-')
    .replace(/^\+/, '');
  const milli = plain === '' ? null : parseQuantity(plain);
  return milli === null || (!signed && milli < 0) ? null : formatQuantity(milli);
}

/** How many decimals the currency of a business has: 0 for CLP, 2 for MXN. */
function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
}

/**
 * An amount as a person types it («$12.990», «12990», «1.250,50»), in minor units; null when it is none. Points and commas
 * group thousands, but for the last one where the currency has decimals and one or two digits follow it.
 */
export function readAmount(text: string, currency: string): number | null {
  const plain = text.replace(/[\s$]/g, '');
  if (!/^\d[\d.,]*$/.test(plain)) return null;
  const decimals = decimalsOf(currency);
  const [, whole = plain, fraction = ''] = decimals > 0 ? (/^(.*)[.,](\d{1,2})$/.exec(plain) ?? []) : [];
  const amount = Number(whole.replace(/[.,]/g, '') + fraction.padEnd(decimals, '0'));
  return Number.isSafeInteger(amount) ? amount : null;
}
