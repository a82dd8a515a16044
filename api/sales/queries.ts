import { type Actor, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { money } from '../../domain/money';
import { formatQuantity } from '../../domain/quantity';
import type { DocumentKind } from '../../domain/till';
import type { Tx } from '../../store/db';
import {
  findSale,
  followersOfSale,
  isOfToday,
  linesOfSale,
  listSales as readSales,
  paymentsOfSale,
  type SaleRecord,
  sumDay,
} from '../../store/sale-views';
import { mailsOfSale } from '../../store/receipts';
import { currencyOf } from '../../store/tenants';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { mailView } from '../receipts/views';
import { visibleSite } from '../sites/queries';
import type { SaleDetail, SaleSummary, Today } from './schemas';

export interface SalesQuery {
  siteId?: string;
  registerId?: string;
  kind?: DocumentKind;
  q?: string;
  from?: string;
  to?: string;
  cursor?: string;
  limit?: number;
}

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const number = /^(?:n[°º]?\s*)?(\d{1,15})$/i;

/** Sales, voids and returns, newest first. @throws NervioError not_found */
export async function listSales(
  deps: ApiDeps,
  actor: Actor,
  query: SalesQuery,
): Promise<{ items: SaleSummary[]; nextCursor: string | null }> {
  requirePermission(actor, 'sales.read');
  const { siteId, q, cursor, limit = 50, registerId, kind, from, to } = query;
  const [place, id] = cursor === undefined ? [] : readCursor(cursor, [instant, uuid]);
  const words = q?.trim() ?? '';
  const asked = number.exec(words)?.[1];
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    if (siteId !== undefined) await visibleSite(tx, actor, siteId);
    const sales = await readSales(tx, {
      siteIds: siteId === undefined ? actor.siteIds : [siteId],
      ...(registerId !== undefined && { registerId }),
      ...(kind !== undefined && { kind }),
      ...(asked !== undefined && { number: Number(asked) }),
      ...(asked === undefined && words !== '' && { words }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(place !== undefined && id !== undefined && { before: { place, id } }),
      limit: limit + 1,
    });
    const page = pageOf(sales, limit, (last) => writeCursor(last.place, last.id));
    return { items: page.items.map(summaryOf), nextCursor: page.nextCursor };
  });
}

/** @throws NervioError not_found */
export async function getSale(deps: ApiDeps, actor: Actor, id: string): Promise<SaleDetail> {
  requirePermission(actor, 'sales.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const sale = await visibleSale(tx, actor, id);
    const amount = (value: number) => money(value, sale.currency);
    const lines = await linesOfSale(tx, sale.id);
    const payments = await paymentsOfSale(tx, sale.id);
    const followers = await followersOfSale(tx, sale.id);
    const receipts = await mailsOfSale(tx, sale.id);
    return {
      ...summaryOf(sale),
      sessionId: sale.sessionId,
      clientAt: sale.clientAt?.toISOString() ?? null,
      lines: lines.map((line) => ({
        line: line.line,
        sku: line.sku,
        name: line.name,
        unit: line.unit,
        quantity: formatQuantity(line.quantity),
        unitPrice: amount(line.unitPrice),
        listPrice: amount(line.listPrice),
        taxRate: line.taxRate,
        tax: amount(line.tax),
        total: amount(line.total),
        returned: formatQuantity(sale.voided ? 0 : line.returned.quantity),
        originalLine: line.originalLine,
      })),
      payments: payments.map((payment) => ({ method: payment.method, amount: amount(payment.amount) })),
      followers: followers.map((one) => ({ ...one, total: amount(one.total), at: one.at.toISOString() })),
      receipts: receipts.map(mailView),
      voidable: sale.kind === 'sale' && followers.length === 0 && (await isOfToday(tx, sale.id)),
    };
  });
}

/** The day so far, or another day: for the dashboard. @throws NervioError not_found */
export async function sumToday(deps: ApiDeps, actor: Actor, query: { siteId?: string; date?: string }): Promise<Today> {
  requirePermission(actor, 'reports.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    if (query.siteId !== undefined) await visibleSite(tx, actor, query.siteId);
    const sums = await sumDay(tx, query.siteId === undefined ? actor.siteIds : [query.siteId], query.date ?? null);
    const currency = await currencyOf(tx);
    const amount = (value: number) => money(value, currency);
    const priced = <Row extends { total: number }>(row: Row) => ({ ...row, total: amount(row.total) });
    return {
      date: sums.date,
      byHour: sums.byHour.map(priced),
      bySite: sums.bySite.map(priced),
      byProduct: sums.byProduct.map((row) => ({ ...priced(row), quantity: formatQuantity(row.quantity) })),
      totals: {
        sales: amount(sums.total),
        count: sums.count,
        averageTicket: amount(sums.count === 0 ? 0 : Math.round(sums.total / sums.count)),
        returns: priced(sums.returns),
      },
    };
  });
}

function summaryOf(sale: SaleRecord): SaleSummary {
  const amount = (value: number) => money(value, sale.currency);
  return {
    id: sale.id,
    kind: sale.kind,
    number: sale.number,
    label: `${sale.register.name} · N° ${sale.number}`,
    at: sale.at.toISOString(),
    site: sale.site,
    register: sale.register,
    cashier: sale.cashier,
    customer: sale.customer && { name: sale.customer.name ?? null, email: sale.customer.email ?? null },
    total: amount(sale.total),
    tax: amount(sale.tax),
    change: amount(sale.change),
    lineCount: sale.lineCount,
    voided: sale.voided,
    returned: amount(sale.returned),
    originalId: sale.originalId,
    reason: sale.reason,
    operationId: sale.operationId,
    state: sale.state,
  };
}

/** @throws NervioError not_found, also for a sale of a site that the actor may not see */
export async function visibleSale(tx: Tx, actor: Actor, id: string): Promise<SaleRecord> {
  const sale = await findSale(tx, id);
  if (sale === null || !seesSite(actor, sale.site.id)) throw new NervioError('not_found');
  return sale;
}
