import type { PricedLine } from '../domain/cart';
import type { OperationState } from '../domain/operation';
import { quantityOf } from '../domain/quantity';
import type { DocumentKind, Named, PaymentMethod } from '../domain/till';
import type { Sql, Tx } from './db';

type Reader = Pick<Tx, 'tenantId'> & Sql;

/** A document of the till. Amounts in minor units, quantities in thousandths. */
export interface SaleRecord {
  id: string;
  operationId: string;
  state: OperationState;
  kind: DocumentKind;
  number: number;
  site: Named;
  register: Named;
  sessionId: string;
  originalId: string | null;
  currency: string;
  total: number;
  tax: number;
  change: number;
  customer: { id?: string; name?: string; email?: string } | null;
  reason: string | null;
  cashier: Named | null;
  at: Date;
  clientAt: Date | null;
  lineCount: number;
  voided: boolean;
  /** Given back so far. */
  returned: number;
  /** For the place in a list: as the database prints it, to the microsecond. */
  place: string;
}

interface SaleRow {
  id: string;
  operation_id: string;
  state: OperationState;
  kind: DocumentKind;
  number: string;
  site_id: string;
  site_name: string;
  register_id: string;
  register_name: string;
  session_id: string;
  original_id: string | null;
  currency: string;
  total: string;
  tax: string;
  change: string;
  customer: SaleRecord['customer'];
  reason: string | null;
  user_id: string | null;
  user_name: string | null;
  at: Date;
  client_at: Date | null;
  line_count: number;
  voided: boolean;
  returned: string;
  place: string;
}

const columns = `s.id::text, s.operation_id::text, o.state, s.kind, s.number::text, t.id::text AS site_id, t.name AS site_name,
  r.id::text AS register_id, r.name AS register_name, s.session_id::text, s.original_id::text, s.currency, s.total::text,
  s.tax::text, s.change::text, s.customer, s.reason, u.id::text AS user_id, u.name AS user_name, s.at, s.client_at, s.line_count,
  a.voided, a.returned::text, to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place`;
const joins = `
  JOIN operation o ON o.tenant_id = s.tenant_id AND o.id = s.operation_id
  JOIN site t ON t.tenant_id = s.tenant_id AND t.id = s.site_id
  JOIN register r ON r.tenant_id = s.tenant_id AND r.id = s.register_id
  LEFT JOIN app_user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
  CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(c.kind = 'void'), false) AS voided, coalesce(sum(c.total) FILTER (WHERE c.kind = 'return'), 0) AS returned
    FROM sale c WHERE c.tenant_id = s.tenant_id AND c.original_id = s.id) a`;

const named = (id: string | null, name: string | null): Named | null => (id === null ? null : { id, name: name ?? '' });

const recordOf = (row: SaleRow): SaleRecord => ({
  id: row.id,
  operationId: row.operation_id,
  state: row.state,
  kind: row.kind,
  number: Number(row.number),
  site: { id: row.site_id, name: row.site_name },
  register: { id: row.register_id, name: row.register_name },
  sessionId: row.session_id,
  originalId: row.original_id,
  currency: row.currency,
  total: Number(row.total),
  tax: Number(row.tax),
  change: Number(row.change),
  customer: row.customer,
  reason: row.reason,
  cashier: named(row.user_id, row.user_name),
  at: row.at,
  clientAt: row.client_at,
  lineCount: row.line_count,
  voided: row.voided,
  returned: Number(row.returned),
  place: row.place,
});

export async function findSale(tx: Reader, id: string): Promise<SaleRecord | null> {
  const [row] = await tx.query<SaleRow>(
    `SELECT ${columns} FROM sale s ${joins} WHERE s.tenant_id = $1::uuid AND s.id = $2::uuid`,
    [tx.tenantId, id],
  );
  return row ? recordOf(row) : null;
}

export interface SaleFilter {
  /** null = all sites. */
  siteIds: readonly string[] | null;
  registerId?: string;
  kind?: DocumentKind;
  /** A document's number. */
  number?: number;
  /** Words of the customer's name or address. */
  words?: string;
  from?: string;
  to?: string;
  before?: { place: string; id: string };
  limit: number;
}

/**
 * Newest first: the newest of each site down its index, merged, so that a page costs the same however many there are. A number is
 * looked up till by till, where it is unique.
 */
export async function listSales(tx: Reader, filter: SaleFilter): Promise<SaleRecord[]> {
  const rows = await tx.query<SaleRow>(
    `SELECT ${columns} FROM (
       SELECT x.* FROM site g CROSS JOIN LATERAL (
         SELECT y.* FROM sale y
         WHERE y.tenant_id = g.tenant_id AND y.site_id = g.id
           AND ($3::uuid IS NULL OR y.register_id = $3::uuid)
           AND ($4::text IS NULL OR y.kind = $4::text)
           AND ($5::int8 IS NULL OR y.id IN (
             SELECT n.id FROM register till JOIN sale n ON n.tenant_id = till.tenant_id AND n.register_id = till.id AND n.number = $5::int8
             WHERE till.tenant_id = $1::uuid))
           AND ($6::text IS NULL OR strpos(lower(coalesce(y.customer->>'name', '') || ' ' || coalesce(y.customer->>'email', '')), lower($6::text)) > 0)
           AND ($7::timestamptz IS NULL OR y.at >= $7::timestamptz)
           AND ($8::timestamptz IS NULL OR y.at < $8::timestamptz)
           AND ($9::timestamptz IS NULL OR (y.at, y.id) < ($9::timestamptz, $10::uuid))
         ORDER BY y.at DESC, y.id DESC LIMIT $11::int) x
       WHERE g.tenant_id = $1::uuid AND ($2::uuid[] IS NULL OR g.id = ANY ($2::uuid[]))
       ORDER BY x.at DESC, x.id DESC LIMIT $11::int) s ${joins}
     ORDER BY s.at DESC, s.id DESC`,
    [
      tx.tenantId,
      filter.siteIds,
      filter.registerId ?? null,
      filter.kind ?? null,
      filter.number === undefined ? null : String(filter.number),
      filter.words ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.before?.place ?? null,
      filter.before?.id ?? null,
      filter.limit,
    ],
  );
  return rows.map(recordOf);
}

/** A line, with what came back of it. */
export interface SaleLine extends PricedLine {
  originalLine: number | null;
  returned: { quantity: number; total: number };
}

export async function linesOfSale(tx: Reader, saleId: string): Promise<SaleLine[]> {
  const rows = await tx.query<{
    line: number;
    variant_id: string;
    sku: string;
    name: string;
    unit: string;
    quantity: string;
    unit_price: string;
    list_price: string;
    unit_cost: string;
    tax_rate: string;
    tax: string;
    total: string;
    original_line: number | null;
    back_quantity: string;
    back_total: string;
  }>(
    `SELECT l.line, l.variant_id::text, l.sku, l.name, l.unit, l.quantity::text, l.unit_price::text, l.list_price::text,
       l.unit_cost::text, l.tax_rate::text, l.tax::text, l.total::text, l.original_line,
       b.quantity::numeric(14,3)::text AS back_quantity, b.total::text AS back_total
     FROM sale_line l
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(x.quantity), 0) AS quantity, coalesce(sum(x.total), 0) AS total
       FROM sale c JOIN sale_line x ON x.tenant_id = c.tenant_id AND x.sale_id = c.id
       WHERE c.tenant_id = l.tenant_id AND c.original_id = l.sale_id AND x.original_line = l.line) b
     WHERE l.tenant_id = $1::uuid AND l.sale_id = $2::uuid ORDER BY l.line`,
    [tx.tenantId, saleId],
  );
  return rows.map((row) => ({
    line: row.line,
    variantId: row.variant_id,
    sku: row.sku,
    name: row.name,
    unit: row.unit,
    quantity: quantityOf(row.quantity),
    unitPrice: Number(row.unit_price),
    listPrice: Number(row.list_price),
    unitCost: Number(row.unit_cost),
    taxRate: Number(row.tax_rate),
    tax: Number(row.tax),
    total: Number(row.total),
    originalLine: row.original_line,
    returned: { quantity: quantityOf(row.back_quantity), total: Number(row.back_total) },
  }));
}

export async function paymentsOfSale(tx: Reader, saleId: string): Promise<{ method: PaymentMethod; amount: number }[]> {
  const rows = await tx.query<{ method: PaymentMethod; amount: string }>(
    'SELECT method, amount::text FROM sale_payment WHERE tenant_id = $1::uuid AND sale_id = $2::uuid ORDER BY position',
    [tx.tenantId, saleId],
  );
  return rows.map(({ method, amount }) => ({ method, amount: Number(amount) }));
}

/** Voids and returns of a sale, in their order. */
export async function followersOfSale(
  tx: Reader,
  saleId: string,
): Promise<{ id: string; kind: DocumentKind; number: number; total: number; at: Date }[]> {
  const rows = await tx.query<{ id: string; kind: DocumentKind; number: string; total: string; at: Date }>(
    `SELECT id::text, kind, number::text, total::text, at FROM sale
     WHERE tenant_id = $1::uuid AND original_id = $2::uuid ORDER BY at, id`,
    [tx.tenantId, saleId],
  );
  return rows.map((row) => ({ ...row, number: Number(row.number), total: Number(row.total) }));
}

/**
 * Whoever voids or returns a sale takes turns; the sale's own row is never changed, so it cannot be what is locked. After the
 * register, before the levels.
 */
export async function lockSale(tx: Reader, id: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('sale:' || $1, 0))::text`, [id]);
}

/** Whether the sale was made on what is today at its site. */
export async function isOfToday(tx: Reader, id: string): Promise<boolean> {
  const [row] = await tx.query<{ today: boolean }>(
    `SELECT (s.at AT TIME ZONE t.time_zone)::date = (clock_timestamp() AT TIME ZONE t.time_zone)::date AS today
     FROM sale s JOIN site t ON t.tenant_id = s.tenant_id AND t.id = s.site_id WHERE s.tenant_id = $1::uuid AND s.id = $2::uuid`,
    [tx.tenantId, id],
  );
  return row?.today ?? false;
}

/** A day of sales: hours, sites and products, less what was voided. Amounts in minor units. */
export interface DaySums {
  date: string;
  byHour: { hour: number; count: number; total: number }[];
  bySite: { site: Named; count: number; total: number }[];
  byProduct: { sku: string; name: string; unit: string; quantity: number; total: number }[];
  count: number;
  total: number;
  returns: { count: number; total: number };
}

const mostProducts = 20;

/**
 * The business day is the site's own: from midnight to midnight in its time zone. Returns are what came back on the day,
 * whenever it was sold. @param date YYYY-MM-DD; null = today, for each site its own
 */
export async function sumDay(tx: Reader, siteIds: readonly string[] | null, date: string | null): Promise<DaySums> {
  const day = `WITH place AS (
       SELECT t.id, t.name, t.time_zone, coalesce($3::date, (clock_timestamp() AT TIME ZONE t.time_zone)::date) AS date
       FROM site t WHERE t.tenant_id = $1::uuid AND ($2::uuid[] IS NULL OR t.id = ANY ($2::uuid[]))
     ), made AS (
       SELECT s.id, s.kind, s.total, p.id AS site_id, p.name AS site_name, extract(hour FROM s.at AT TIME ZONE p.time_zone)::int AS hour
       FROM place p JOIN sale s ON s.tenant_id = $1::uuid AND s.site_id = p.id
         AND s.at >= p.date::timestamp AT TIME ZONE p.time_zone AND s.at < (p.date + 1)::timestamp AT TIME ZONE p.time_zone
     ), sold AS (
       SELECT m.* FROM made m WHERE m.kind = 'sale' AND NOT EXISTS (
         SELECT FROM sale v WHERE v.tenant_id = $1::uuid AND v.original_id = m.id AND v.kind = 'void')
     )`;
  const values = [tx.tenantId, siteIds, date];
  const groups = await tx.query<{
    hour: number | null;
    site_id: string | null;
    site_name: string | null;
    count: number;
    total: string;
  }>(
    `${day} SELECT hour, site_id::text, site_name, count(*)::int AS count, sum(total)::text AS total FROM sold
     GROUP BY GROUPING SETS ((hour), (site_id, site_name)) ORDER BY hour, site_name`,
    values,
  );
  const products = await tx.query<{ sku: string; name: string; unit: string; quantity: string; total: string }>(
    `${day} SELECT l.sku, max(l.name) AS name, max(l.unit) AS unit, sum(l.quantity)::numeric(14,3)::text AS quantity, sum(l.total)::text AS total
     FROM sold d JOIN sale_line l ON l.tenant_id = $1::uuid AND l.sale_id = d.id
     GROUP BY l.sku ORDER BY sum(l.total) DESC, l.sku LIMIT ${mostProducts}`,
    values,
  );
  const [sums] = await tx.query<{ date: string; count: number; total: string; back: number; back_total: string }>(
    `${day} SELECT coalesce((SELECT max(date) FROM place), current_date)::text AS date,
       (SELECT count(*)::int FROM sold) AS count, (SELECT coalesce(sum(total), 0)::text FROM sold) AS total,
       (SELECT count(*)::int FROM made WHERE kind = 'return') AS back,
       (SELECT coalesce(sum(total), 0)::text FROM made WHERE kind = 'return') AS back_total`,
    values,
  );
  const counted = (row: { count: number; total: string }) => ({ count: row.count, total: Number(row.total) });
  return {
    date: sums!.date,
    byHour: groups.flatMap((row) => (row.hour === null ? [] : [{ hour: row.hour, ...counted(row) }])),
    bySite: groups.flatMap((row) =>
      row.site_id === null ? [] : [{ site: { id: row.site_id, name: row.site_name ?? '' }, ...counted(row) }],
    ),
    byProduct: products.map((row) => ({ ...row, quantity: quantityOf(row.quantity), total: Number(row.total) })),
    count: sums!.count,
    total: Number(sums!.total),
    returns: { count: sums!.back, total: Number(sums!.back_total) },
  };
}
