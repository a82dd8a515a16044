/**
 * What a cart costs and whether it may be sold as it stands: pure. Prices, taxes and names come from the server's catalogue,
 * never from the till; what the till says of a price is only compared.
 */
import { NervioError } from './errors';
import { lineTotal, money, splitTax } from './money';
import { isWhole } from './quantity';
import type { PaymentMethod } from './till';

/** More than this is no cart but a mistake. */
export const mostLines = 500;
/** Minor units; sums of a day of such sales are still exact. */
const mostTotal = 1_000_000_000_000;

/** What the site sells under a SKU right now. */
export interface Sellable {
  variantId: string;
  sku: string;
  name: string;
  unit: string;
  taxRate: number;
  /** At the site, minor units, with tax. */
  price: number;
  cost: number;
  withdrawn: boolean;
}

export interface CartLine {
  sku: string;
  /** Thousandths. */
  quantity: number;
  /** What the customer is to pay for one; null = the list price. */
  unitPrice: number | null;
  /** The list price that the screen showed; null = it showed none. */
  seenPrice: number | null;
}

export interface Payment {
  method: PaymentMethod;
  /** What was handed over: of cash more than is due may be. */
  amount: number;
}

/** A line as it is written down. Amounts in minor units. */
export interface PricedLine {
  line: number;
  variantId: string;
  sku: string;
  name: string;
  unit: string;
  quantity: number;
  unitPrice: number;
  listPrice: number;
  unitCost: number;
  taxRate: number;
  tax: number;
  total: number;
}

export interface PricedCart {
  lines: PricedLine[];
  total: number;
  tax: number;
  /** What goes back to the customer in cash. */
  change: number;
}

/**
 * @param catalogue by SKU, what the site knows of the cart's SKUs
 * @param mayChangePrice whoever sells has the permission `sales.price`
 * @throws NervioError bad_quantity, unknown_sku, product_withdrawn, quantity_not_whole, price_changed, sale_too_large,
 *   payments_mismatch
 */
export function priceCart(
  lines: readonly CartLine[],
  payments: readonly Payment[],
  catalogue: ReadonlyMap<string, Sellable>,
  { mayChangePrice, currency }: { mayChangePrice: boolean; currency: string },
): PricedCart {
  if (lines.length === 0 || lines.length > mostLines) throw new NervioError('bad_quantity', { lines: lines.length });
  refuse(lines, 'bad_quantity', ({ quantity }) => quantity <= 0);
  refuse(lines, 'unknown_sku', ({ sku }) => !catalogue.has(sku));
  const found = lines.map((line) => ({ ...line, product: catalogue.get(line.sku)! }));
  refuse(found, 'product_withdrawn', ({ product }) => product.withdrawn);
  refuse(found, 'quantity_not_whole', ({ product, quantity }) => product.unit === 'unit' && !isWhole(quantity));
  const changed = found.filter(
    ({ product, unitPrice, seenPrice }) =>
      (seenPrice !== null && seenPrice !== product.price) ||
      (unitPrice !== null && unitPrice !== product.price && !mayChangePrice),
  );
  if (changed.length > 0) {
    const prices = new Map(changed.map(({ sku, product }) => [sku, money(product.price, currency)]));
    throw new NervioError('price_changed', { lines: [...prices].map(([sku, price]) => ({ sku, price })) });
  }
  const priced = found.map(({ product, quantity, unitPrice }, index): PricedLine => {
    const price = unitPrice ?? product.price;
    if ((price * quantity) / 1000 > mostTotal) throw new NervioError('sale_too_large');
    const total = lineTotal(price, quantity);
    return {
      line: index + 1,
      variantId: product.variantId,
      sku: product.sku,
      name: product.name,
      unit: product.unit,
      quantity,
      unitPrice: price,
      listPrice: product.price,
      unitCost: product.cost,
      taxRate: product.taxRate,
      tax: splitTax(total, product.taxRate).tax,
      total,
    };
  });
  const total = priced.reduce((sum, line) => sum + line.total, 0);
  if (total > mostTotal) throw new NervioError('sale_too_large');
  const tax = priced.reduce((sum, line) => sum + line.tax, 0);
  return { lines: priced, total, tax, change: changeOf(payments, total, currency) };
}

function refuse<Line extends { sku: string }>(
  lines: readonly Line[],
  code: 'bad_quantity' | 'unknown_sku' | 'product_withdrawn' | 'quantity_not_whole',
  when: (line: Line) => boolean,
): void {
  const skus = [...new Set(lines.filter(when).map(({ sku }) => sku))];
  if (skus.length > 0) throw new NervioError(code, { skus });
}

/**
 * What is given back: cash may be more than is due, since a note is what it is; a card or a transfer may not, and cash that is not
 * needed at all is a mistake.
 * @throws NervioError payments_mismatch
 */
export function changeOf(payments: readonly Payment[], total: number, currency: string): number {
  const paid = payments.reduce((sum, { amount }) => sum + amount, 0);
  const cash = payments.reduce((sum, { method, amount }) => sum + (method === 'cash' ? amount : 0), 0);
  const change = paid - total;
  const fits = payments.every(({ amount }) => amount > 0) && change >= 0 && (change === 0 || change < cash);
  if (!fits) throw new NervioError('payments_mismatch', { total: money(total, currency), paid: money(paid, currency) });
  return change;
}

/** Of what was sold on a line, a part goes back. The last of it takes what rounding left, so that all parts make the whole. */
export function returnedAmount(
  sold: { quantity: number; total: number; unitPrice: number },
  before: { quantity: number; total: number },
  quantity: number,
): number {
  const last = before.quantity + quantity === sold.quantity;
  const rest = sold.total - before.total;
  return last ? rest : Math.min(lineTotal(sold.unitPrice, quantity), rest);
}

/** What is wanted of each variant by all lines of a cart together. */
export function wantedOf(lines: readonly Pick<PricedLine, 'variantId' | 'quantity'>[]): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { variantId, quantity } of lines) wanted.set(variantId, (wanted.get(variantId) ?? 0) + quantity);
  return wanted;
}
