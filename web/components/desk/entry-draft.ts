import type { EntryBody } from '../../../api/stock/schemas';
import { lineTotal } from '../../../domain/money';
import type { VariantView } from '../../../domain/product';
import { formatQuantity, isWhole, quantityOf } from '../../../domain/quantity';
import { articleName } from './article-name';
import { readAmount, readQuantity } from './figures';

export interface EntryLine {
  sku: string;
  productId: string;
  name: string;
  unit: string;
  /** As typed. */
  quantity: string;
  unitCost: string;
}

/** An entry as it is being written; what one types, not what it means. */
export interface EntryDraft {
  siteId: string;
  supplier: string;
  reference: string;
  note: string;
  currency: string;
  lines: EntryLine[];
}

export const emptyEntry = (siteId: string): EntryDraft => ({
  siteId,
  supplier: '',
  reference: '',
  note: '',
  currency: 'CLP',
  lines: [],
});

/** One unit more of an article; a new line for one that is not there yet, on top, where the next look falls. */
export function withArticle(draft: EntryDraft, article: VariantView): EntryDraft {
  const known = draft.lines.find(({ sku }) => sku === article.sku);
  if (known !== undefined) {
    const milli = quantityOf(readQuantity(known.quantity) ?? '0') + 1000;
    return withLine(draft, article.sku, { quantity: String(Number(formatQuantity(milli))) });
  }
  const { sku, productId, unit } = article;
  const line = { sku, productId, name: articleName(article), unit, quantity: '1', unitCost: '' };
  return { ...draft, currency: article.price.currency, lines: [line, ...draft.lines] };
}

export function withLine(draft: EntryDraft, sku: string, change: Partial<EntryLine>): EntryDraft {
  return { ...draft, lines: draft.lines.map((line) => (line.sku === sku ? { ...line, ...change } : line)) };
}

export interface LineErrors {
  quantity?: 'bad_quantity' | 'whole';
  unitCost?: 'bad_cost';
}

export function errorsOfLine(line: EntryLine, currency: string): LineErrors {
  const quantity = readQuantity(line.quantity);
  const bad = quantity === null || Number(quantity) === 0;
  return {
    ...(bad && { quantity: 'bad_quantity' as const }),
    ...(!bad && line.unit === 'unit' && !isWhole(quantityOf(quantity)) && { quantity: 'whole' as const }),
    ...(readAmount(line.unitCost, currency) === null && { unitCost: 'bad_cost' as const }),
  };
}

/** What a line comes to, minor units; null while it says nothing. */
export function totalOfLine(line: EntryLine, currency: string): number | null {
  const quantity = readQuantity(line.quantity);
  const cost = readAmount(line.unitCost, currency);
  return quantity === null || cost === null ? null : lineTotal(cost, quantityOf(quantity));
}

/** The command; only of a draft without errors. */
export function bodyOf(draft: EntryDraft): EntryBody {
  const text = (words: string): string | null => words.trim() || null;
  return {
    siteId: draft.siteId,
    supplier: text(draft.supplier),
    reference: text(draft.reference),
    note: text(draft.note),
    lines: draft.lines.map(({ sku, quantity, unitCost }) => ({
      sku,
      quantity: readQuantity(quantity) ?? '0',
      unitCost: readAmount(unitCost, draft.currency) ?? 0,
    })),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Reads what an earlier visit left behind; null when it is nothing that can be gone on with. */
export function readDraft(text: string | null): EntryDraft | null {
  if (text === null) return null;
  try {
    const { siteId, supplier, reference, note, currency, lines } = JSON.parse(text) as Record<string, unknown>;
    if (!isText(siteId) || !isText(supplier) || !isText(reference) || !isText(note) || !isText(currency)) return null;
    if (!Array.isArray(lines)) return null;
    const read = lines.filter(
      (line): line is EntryLine =>
        typeof line === 'object' &&
        line !== null &&
        ['sku', 'productId', 'name', 'unit', 'quantity', 'unitCost'].every((name) =>
          isText((line as Record<string, unknown>)[name]),
        ),
    );
    return { siteId, supplier, reference, note, currency, lines: read };
  } catch {
    // Not ours, or cut short: it is written anew.
    return null;
  }
}
