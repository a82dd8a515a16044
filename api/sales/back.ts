import { v7 as uuidv7 } from 'uuid';
import { type Actor, type Permission, seesSite } from '../../domain/access';
import { type Payment, type PricedLine, returnedAmount } from '../../domain/cart';
import { NervioError } from '../../domain/errors';
import { lineTotal, money, splitTax } from '../../domain/money';
import { formatQuantity, isWhole, parseQuantity } from '../../domain/quantity';
import type { StockGroup } from '../../domain/stock';
import { audit } from '../../store/audit';
import type { Tx } from '../../store/db';
import { readSellables, siteSkuKey } from '../../store/articles';
import { findRegister } from '../../store/registers';
import {
  findSale,
  isOfToday,
  linesOfSale,
  lockSale,
  paymentsOfSale,
  type SaleLine,
  type SaleRecord,
} from '../../store/sale-views';
import { acceptSales, lockRegisters, type DocumentLine, type NewDocument, type OpenRegister } from '../../store/sales';
import { applyStock } from '../../store/stock';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { priceIn } from '../products/amounts';
import { visibleSale } from './queries';
import type { AcceptedSale, NewReturn, ReturnSale, VoidSale } from './schemas';

/**
 * What comes back over the counter: a void on the day of the sale, a return later or of a part. Each is a document and an operation
 * of its own, with opposite movements and a refund out of the open session; the sale stays as it is.
 */

/** @throws NervioError not_found, not_a_sale, register_closed, unknown_register, already_voided, sale_has_returns, void_too_late */
export async function voidSale(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: VoidSale,
  key: string,
): Promise<CommandResult<AcceptedSale>> {
  return run(deps, actor, 'sales.void', `/sales/${id}/void`, input, key, async (tx) => {
    const { sale, register } = await lockOriginal(tx, actor, id, input.registerId ?? null);
    if (sale.returned > 0) throw new NervioError('sale_has_returns');
    if (!(await isOfToday(tx, sale.id))) throw new NervioError('void_too_late');
    const lines = await linesOfSale(tx, sale.id);
    // The change went back already: what is refunded is what was kept.
    const refunds = (await paymentsOfSale(tx, sale.id)).map((payment) => ({ ...payment }));
    let change = sale.change;
    for (const refund of refunds) {
      if (refund.method !== 'cash') continue;
      const back = Math.min(change, refund.amount);
      refund.amount -= back;
      change -= back;
    }
    return accept(tx, actor, register, {
      kind: 'void',
      original: sale,
      lines: lines.map((line) => ({ ...line, originalLine: line.line })),
      payments: refunds.filter(({ amount }) => amount > 0),
      reason: input.reason.trim(),
      restock: true,
    });
  });
}

/**
 * Part of a sale, or all of it, comes back with its receipt: not more than was sold and not returned yet, for what was paid.
 * @throws NervioError not_found, not_a_sale, register_closed, unknown_register, already_voided, unknown_line, bad_quantity,
 *   quantity_not_whole, more_than_sold, payments_mismatch
 */
export async function returnSale(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: ReturnSale,
  key: string,
): Promise<CommandResult<AcceptedSale>> {
  return run(deps, actor, 'sales.return', `/sales/${id}/return`, input, key, async (tx) => {
    const { sale, register } = await lockOriginal(tx, actor, id, input.registerId ?? null);
    const lines = returnedLines(await linesOfSale(tx, sale.id), input.lines);
    return accept(tx, actor, register, {
      kind: 'return',
      original: sale,
      lines,
      payments: refundOf(lines, input.payments, register.currency),
      reason: input.reason.trim(),
      restock: input.restock ?? true,
    });
  });
}

/**
 * Goods come back without a receipt, for a price that the person who may do so names, or for today's.
 * @throws NervioError unknown_site, register_closed, unknown_register, unknown_sku, bad_quantity, quantity_not_whole,
 *   payments_mismatch
 */
export async function returnWithoutReceipt(
  deps: ApiDeps,
  actor: Actor,
  input: NewReturn,
  key: string,
): Promise<CommandResult<AcceptedSale>> {
  return run(deps, actor, 'sales.return_without_receipt', '/returns', input, key, async (tx) => {
    const siteId = input.siteId.toLowerCase();
    if (!seesSite(actor, siteId)) throw new NervioError('unknown_site');
    const register = await lockRegister(tx, siteId, input.registerId.toLowerCase());
    const asked = [...new Set(input.lines.map(({ sku }) => sku))].map((sku) => ({ siteId, sku }));
    const sellables = await readSellables(tx, asked);
    const unknown = asked.filter((one) => !sellables.has(siteSkuKey(one)));
    if (unknown.length > 0) throw new NervioError('unknown_sku', { skus: unknown.map(({ sku }) => sku) });
    const lines = input.lines.map((line, index): DocumentLine => {
      const product = sellables.get(siteSkuKey({ siteId, sku: line.sku }))!;
      const quantity = countIn(line.quantity, product.sku, product.unit);
      const unitPrice = line.unitPrice == null ? product.price : priceIn(register.currency, line.unitPrice);
      const total = amountOfLine(unitPrice, quantity);
      return {
        line: index + 1,
        variantId: product.variantId,
        sku: product.sku,
        name: product.name,
        unit: product.unit,
        quantity,
        unitPrice,
        listPrice: product.price,
        unitCost: product.cost,
        taxRate: product.taxRate,
        tax: splitTax(total, product.taxRate).tax,
        total,
        originalLine: null,
      };
    });
    return accept(tx, actor, register, {
      kind: 'return',
      original: null,
      lines,
      payments: refundOf(lines, input.payments, register.currency),
      reason: input.reason.trim(),
      restock: input.restock ?? true,
    });
  });
}

const run = (
  deps: ApiDeps,
  actor: Actor,
  permission: Permission,
  path: string,
  body: unknown,
  key: string,
  handle: (tx: Tx) => Promise<AcceptedSale>,
): Promise<CommandResult<AcceptedSale>> =>
  runCommand(deps, { actor, permission, key, method: 'POST', path: `/api/v1${path}`, body }, async (tx) => {
    const accepted = await handle(tx);
    return { status: 201, body: accepted, operationId: accepted.operationId };
  });

async function lockRegister(tx: Tx, siteId: string, registerId: string): Promise<OpenRegister> {
  const register = (await lockRegisters(tx, [registerId])).get(registerId);
  if (register?.siteId === siteId) return register;
  const closed = await findRegister(tx, registerId);
  if (closed?.siteId !== siteId) throw new NervioError('unknown_register');
  throw new NervioError('register_closed', { register: closed.name });
}

/** The register that pays, then the sale, as it stands when nobody else takes anything back of it. */
async function lockOriginal(
  tx: Tx,
  actor: Actor,
  id: string,
  registerId: string | null,
): Promise<{ sale: SaleRecord; register: OpenRegister }> {
  const seen = await visibleSale(tx, actor, id);
  if (seen.kind !== 'sale') throw new NervioError('not_a_sale');
  const register = await lockRegister(tx, seen.site.id, registerId?.toLowerCase() ?? seen.register.id);
  await lockSale(tx, seen.id);
  const sale = (await findSale(tx, seen.id))!;
  if (sale.voided) throw new NervioError('already_voided');
  return { sale, register };
}

function countIn(value: string | number, sku: string, unit: string): number {
  const quantity = parseQuantity(value);
  if (quantity === null || quantity <= 0) throw new NervioError('bad_quantity', { skus: [sku] });
  if (unit === 'unit' && !isWhole(quantity)) throw new NervioError('quantity_not_whole', { skus: [sku] });
  return quantity;
}

/** Minor units; beyond this it is no refund but a mistake. */
const mostTotal = 1_000_000_000_000;

function amountOfLine(unitPrice: number, quantity: number): number {
  if ((unitPrice * quantity) / 1000 > mostTotal) throw new NervioError('sale_too_large');
  return lineTotal(unitPrice, quantity);
}

function returnedLines(sold: readonly SaleLine[], asked: ReturnSale['lines']): DocumentLine[] {
  const byLine = new Map(sold.map((line) => [line.line, line]));
  const wanted = new Map<number, number>();
  for (const { line, quantity } of asked) {
    const of = byLine.get(line);
    if (!of) throw new NervioError('unknown_line', { line });
    wanted.set(line, (wanted.get(line) ?? 0) + countIn(quantity, of.sku, of.unit));
  }
  return [...wanted].map(([number, quantity], index) => {
    const of = byLine.get(number)!;
    const left = of.quantity - of.returned.quantity;
    if (quantity > left) throw new NervioError('more_than_sold', { line: number, left: formatQuantity(left) });
    const total = returnedAmount(of, of.returned, quantity);
    return {
      ...of,
      line: index + 1,
      quantity,
      total,
      tax: splitTax(total, of.taxRate).tax,
      originalLine: number,
    };
  });
}

/** A refund is exact: nobody gives change on it. */
function refundOf(
  lines: readonly PricedLine[],
  asked: readonly { method: Payment['method']; amount: Parameters<typeof priceIn>[1] }[],
  currency: string,
): Payment[] {
  const payments = asked.map(({ method, amount }) => ({ method, amount: priceIn(currency, amount) }));
  const total = lines.reduce((sum, line) => sum + line.total, 0);
  if (total > mostTotal) throw new NervioError('sale_too_large');
  const paid = payments.reduce((sum, { amount }) => sum + amount, 0);
  if (paid !== total) {
    throw new NervioError('payments_mismatch', { total: money(total, currency), paid: money(paid, currency) });
  }
  return payments;
}

interface Back {
  kind: 'void' | 'return';
  original: SaleRecord | null;
  lines: readonly DocumentLine[];
  payments: Payment[];
  reason: string;
  restock: boolean;
}

async function accept(tx: Tx, actor: Actor, register: OpenRegister, back: Back): Promise<AcceptedSale> {
  const [id, operationId] = [uuidv7(), uuidv7()];
  const total = back.lines.reduce((sum, line) => sum + line.total, 0);
  const tax = back.lines.reduce((sum, line) => sum + line.tax, 0);
  const document: NewDocument = {
    id,
    operationId,
    kind: back.kind,
    siteId: register.siteId,
    registerId: register.id,
    sessionId: register.sessionId,
    number: register.nextNumber,
    originalId: back.original?.id ?? null,
    currency: register.currency,
    total,
    tax,
    change: 0,
    customer: back.original?.customer ?? null,
    reason: back.reason,
    userId: actor.userId,
    clientAt: null,
    lines: back.lines,
    payments: back.payments,
    mailTo: null,
  };
  if (back.restock) await applyStock(tx, [movementsOf(document)]);
  await acceptSales(tx, [document]);
  await audit(tx, actor, {
    action: `sale.${back.kind}`,
    entityType: 'sale',
    entityId: back.original?.id ?? id,
    after: { documentId: id, total, reason: back.reason, restock: back.restock },
    operationId,
  });
  const amount = (value: number) => money(value, register.currency);
  return {
    saleId: id,
    operationId,
    number: document.number,
    total: amount(total),
    tax: amount(tax),
    change: amount(0),
    state: 'pending',
  };
}

/** It is there again, whatever the level says. */
const movementsOf = ({ id, operationId, kind, siteId, userId, lines, reason }: NewDocument): StockGroup => ({
  documentId: id,
  operationId,
  userId,
  changes: lines.map((line) => ({
    do: 'move',
    siteId,
    variantId: line.variantId,
    kind: kind === 'void' ? 'void' : 'return',
    quantity: line.quantity,
    policy: 'record',
    unitCost: line.unitCost,
    unitPrice: line.unitPrice,
    ...(reason !== null && { reason }),
  })),
});
