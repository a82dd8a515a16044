import { formatQuantity, quantityOf } from '../domain/quantity';
import type { Sql, Tx } from './db';

type Reader = Pick<Tx, 'tenantId'> & Sql;

export type CountState = 'open' | 'closed' | 'cancelled';

export interface CountView {
  id: string;
  number: number;
  site: { id: string; name: string };
  state: CountState;
  note: string | null;
  createdBy: { id: string; name: string };
  createdAt: Date;
  closedBy: { id: string; name: string } | null;
  closedAt: Date | null;
  /** What was counted so far. */
  lines: number;
  /** Of them, those that differ from what was expected. */
  differences: number;
}

interface CountRow {
  id: string;
  number: string;
  site_id: string;
  site_name: string;
  state: CountState;
  note: string | null;
  user_id: string;
  user_name: string;
  created_at: Date;
  closer_id: string | null;
  closer_name: string | null;
  closed_at: Date | null;
  lines: number;
  differences: number;
}

const columns = `c.id::text, c.number::text, c.site_id::text, s.name AS site_name, c.state, c.note, c.created_by::text AS user_id,
  u.name AS user_name, c.created_at, c.closed_by::text AS closer_id, w.name AS closer_name, c.closed_at, a.lines, a.differences`;
const joins = `
  JOIN site s ON s.tenant_id = c.tenant_id AND s.id = c.site_id
  JOIN app_user u ON u.tenant_id = c.tenant_id AND u.id = c.created_by
  LEFT JOIN app_user w ON w.tenant_id = c.tenant_id AND w.id = c.closed_by
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS lines, (count(*) FILTER (WHERE l.counted <> l.expected))::int AS differences
    FROM stock_count_line l WHERE l.tenant_id = c.tenant_id AND l.count_id = c.id) a`;

const viewOf = (row: CountRow): CountView => ({
  id: row.id,
  number: Number(row.number),
  site: { id: row.site_id, name: row.site_name },
  state: row.state,
  note: row.note,
  createdBy: { id: row.user_id, name: row.user_name },
  createdAt: row.created_at,
  closedBy: row.closer_id === null ? null : { id: row.closer_id, name: row.closer_name ?? '' },
  closedAt: row.closed_at,
  lines: row.lines,
  differences: row.differences,
});

/** Null when the site has an open count. */
export async function insertCount(
  tx: Reader,
  count: { id: string; siteId: string; note: string | null; createdBy: string },
): Promise<{ number: number } | null> {
  const [row] = await tx.query<{ number: string }>(
    `INSERT INTO stock_count (tenant_id, id, site_id, note, created_by) VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5::uuid)
     ON CONFLICT (tenant_id, site_id) WHERE state = 'open' DO NOTHING RETURNING number::text`,
    [tx.tenantId, count.id, count.siteId, count.note, count.createdBy],
  );
  return row === undefined ? null : { number: Number(row.number) };
}

export async function findOpenCount(tx: Reader, siteId: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `SELECT c.id::text FROM stock_count c WHERE c.tenant_id = $1::uuid AND c.site_id = $2::uuid AND c.state = 'open'`,
    [tx.tenantId, siteId],
  );
  return row?.id ?? null;
}

/** The newest first, before the number where the page before ended. */
export async function listCounts(
  tx: Reader,
  query: { siteIds: readonly string[] | null; before?: number; limit: number },
): Promise<CountView[]> {
  const rows = await tx.query<CountRow>(
    `SELECT ${columns} FROM (
       SELECT x.* FROM stock_count x WHERE x.tenant_id = $1::uuid AND ($2::uuid[] IS NULL OR x.site_id = ANY ($2::uuid[]))
         AND ($3::int8 IS NULL OR x.number < $3::int8)
       ORDER BY x.number DESC LIMIT $4::int) c ${joins}
     ORDER BY c.number DESC`,
    [tx.tenantId, query.siteIds, query.before === undefined ? null : String(query.before), query.limit],
  );
  return rows.map(viewOf);
}

export async function findCount(tx: Reader, id: string): Promise<CountView | null> {
  const [row] = await tx.query<CountRow>(
    `SELECT ${columns} FROM stock_count c ${joins} WHERE c.tenant_id = $1::uuid AND c.id = $2::uuid`,
    [tx.tenantId, id],
  );
  return row === undefined ? null : viewOf(row);
}

/** For the rest of the transaction; before any level. */
export async function lockCount(tx: Reader, id: string): Promise<{ siteId: string; state: CountState } | null> {
  const [row] = await tx.query<{ site_id: string; state: CountState }>(
    'SELECT c.site_id::text, c.state FROM stock_count c WHERE c.tenant_id = $1::uuid AND c.id = $2::uuid FOR NO KEY UPDATE',
    [tx.tenantId, id],
  );
  return row === undefined ? null : { siteId: row.site_id, state: row.state };
}

export async function endCount(
  tx: Reader,
  id: string,
  end: { state: 'closed' | 'cancelled'; userId: string },
): Promise<void> {
  await tx.query(
    `UPDATE stock_count SET state = $3, closed_by = $4::uuid, closed_at = now(), version = version + 1
     WHERE tenant_id = $1::uuid AND id = $2::uuid`,
    [tx.tenantId, id, end.state, end.userId],
  );
}

export interface CountLine {
  variantId: string;
  sku: string;
  name: string;
  size: string;
  colour: string;
  unit: string;
  /** Thousandths: what the level said when it was counted. */
  expected: number;
  counted: number;
  /** What the level says now: people go on selling. */
  onHand: number;
  countedBy: { id: string; name: string };
  countedAt: Date;
}

/**
 * What was counted, beside what the level says at this moment: what is sold after the count and before its end changes
 * neither, so the difference that is posted in the end is one of the shelf. Counted again, the later one counts.
 */
export async function saveCounted(
  tx: Reader,
  count: { id: string; siteId: string; userId: string },
  lines: readonly { variantId: string; counted: number }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO stock_count_line (tenant_id, count_id, variant_id, expected, counted, counted_by, counted_at)
     SELECT $1::uuid, $2::uuid, k.variant_id, coalesce(l.on_hand, 0), k.counted, $4::uuid, clock_timestamp()
     FROM unnest($5::uuid[], $6::numeric[]) AS k (variant_id, counted)
     LEFT JOIN stock_level l ON l.tenant_id = $1::uuid AND l.site_id = $3::uuid AND l.variant_id = k.variant_id
     ON CONFLICT (tenant_id, count_id, variant_id) DO UPDATE SET expected = excluded.expected, counted = excluded.counted,
       counted_by = excluded.counted_by, counted_at = excluded.counted_at`,
    [
      tx.tenantId,
      count.id,
      count.siteId,
      count.userId,
      lines.map((line) => line.variantId),
      lines.map((line) => formatQuantity(line.counted)),
    ],
  );
  await tx.query('UPDATE stock_count SET version = version + 1 WHERE tenant_id = $1::uuid AND id = $2::uuid', [
    tx.tenantId,
    count.id,
  ]);
}

/** By sku. */
export async function listCountLines(tx: Reader, countId: string): Promise<CountLine[]> {
  const rows = await tx.query<{
    variant_id: string;
    sku: string;
    name: string;
    size: string;
    colour: string;
    unit: string;
    expected: string;
    counted: string;
    on_hand: string;
    user_id: string;
    user_name: string;
    counted_at: Date;
  }>(
    `SELECT l.variant_id::text, v.sku, p.name, z.name AS size, o.name AS colour, p.unit, l.expected::text, l.counted::text,
            coalesce(s.on_hand, 0)::numeric(14,3)::text AS on_hand, l.counted_by::text AS user_id, u.name AS user_name, l.counted_at
     FROM stock_count_line l
     JOIN stock_count k ON k.tenant_id = l.tenant_id AND k.id = l.count_id
     LEFT JOIN stock_level s ON s.tenant_id = l.tenant_id AND s.site_id = k.site_id AND s.variant_id = l.variant_id
     JOIN variant v ON v.tenant_id = l.tenant_id AND v.id = l.variant_id
     JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
     JOIN size z ON z.tenant_id = v.tenant_id AND z.id = v.size_id
     JOIN colour o ON o.tenant_id = v.tenant_id AND o.id = v.colour_id
     JOIN app_user u ON u.tenant_id = l.tenant_id AND u.id = l.counted_by
     WHERE l.tenant_id = $1::uuid AND l.count_id = $2::uuid ORDER BY v.sku`,
    [tx.tenantId, countId],
  );
  return rows.map((row) => ({
    variantId: row.variant_id,
    sku: row.sku,
    name: row.name,
    size: row.size,
    colour: row.colour,
    unit: row.unit,
    expected: quantityOf(row.expected),
    counted: quantityOf(row.counted),
    onHand: quantityOf(row.on_hand),
    countedBy: { id: row.user_id, name: row.user_name },
    countedAt: row.counted_at,
  }));
}

/** What the site is said to have and nobody has counted, by sku. */
export async function countUncounted(tx: Reader, countId: string): Promise<number> {
  const [row] = await tx.query<{ variants: number }>(
    `SELECT count(*)::int AS variants FROM stock_count c
     JOIN stock_level l ON l.tenant_id = c.tenant_id AND l.site_id = c.site_id AND l.on_hand <> 0
     WHERE c.tenant_id = $1::uuid AND c.id = $2::uuid AND NOT EXISTS (
       SELECT FROM stock_count_line x WHERE x.tenant_id = c.tenant_id AND x.count_id = c.id AND x.variant_id = l.variant_id)`,
    [tx.tenantId, countId],
  );
  return row?.variants ?? 0;
}
