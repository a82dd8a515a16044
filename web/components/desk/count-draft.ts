import { formatQuantity, quantityOf } from '../../../domain/quantity';

/** What was counted on this device and the server has not confirmed yet: by SKU, the quantity as the API writes it. */
export type Unsaved = Readonly<Record<string, string>>;

/** What is counted of an article as far as this device knows: what waits here is newer than what the server has. */
export function countedOf(unsaved: Unsaved, saved: readonly { sku: string; counted: string }[], sku: string): string {
  return unsaved[sku] ?? saved.find((line) => line.sku === sku)?.counted ?? '0.000';
}

/** One more or one less of an article, never below zero. */
export function stepped(counted: string, by: 1 | -1): string {
  return formatQuantity(Math.max(0, quantityOf(counted) + by * 1000));
}

/** After an answer: what was sent is saved, but for what was counted again while it was on its way. */
export function withoutSent(unsaved: Unsaved, sent: Unsaved): Unsaved {
  return Object.fromEntries(Object.entries(unsaved).filter(([sku, counted]) => sent[sku] !== counted));
}

/** Reads what an earlier visit left behind; what is no such thing is nothing. */
export function readUnsaved(text: string | null): Unsaved {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => /^\d{1,11}\.\d{3}$/.test(String(entry[1]))),
    );
  } catch {
    // Not ours, or cut short: the shelf can be counted again.
    return {};
  }
}
