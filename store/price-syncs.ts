import type { Tx } from './db';
import { setSitePrices, type SitePrice } from './prices';
import { lockVariants } from './products';

export interface NewPriceSync {
  operationId: string;
  /** null = from the business: prices of their own go, and the sites follow it again. */
  fromSiteId: string | null;
  toSiteIds: string[];
  category: string | null;
}

/**
 * INV-14: freezes what a sync will change: each price of a target that differs, with what it is now. From a site: what that site
 * carries, at what it costs there. Returns how many.
 */
export async function freezePriceSync(tx: Tx, sync: NewPriceSync): Promise<number> {
  await tx.query(
    `WITH made AS (
       INSERT INTO price_sync (tenant_id, operation_id, from_site_id, to_site_ids, category, price_count)
       VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid[], $5, 0)
     ) SELECT 1`,
    [tx.tenantId, sync.operationId, sync.fromSiteId, sync.toSiteIds, sync.category],
  );
  const [frozen] = await tx.query<{ n: number }>(
    `WITH lines AS (
       INSERT INTO price_sync_line (tenant_id, operation_id, site_id, variant_id, price, before)
       SELECT l.tenant_id, $2::uuid, l.site_id, l.variant_id, coalesce(f.price, v.price), o.price
       FROM stock_level l
       JOIN variant v ON v.tenant_id = l.tenant_id AND v.id = l.variant_id
       JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
       LEFT JOIN site_price o ON o.tenant_id = l.tenant_id AND o.site_id = l.site_id AND o.variant_id = l.variant_id
       LEFT JOIN site_price f ON f.tenant_id = l.tenant_id AND f.site_id = $3::uuid AND f.variant_id = l.variant_id
       WHERE l.tenant_id = $1::uuid AND l.site_id = ANY ($4::uuid[]) AND ($5::text IS NULL OR p.category = $5)
         AND CASE WHEN $3::uuid IS NULL THEN o.price IS NOT NULL
             ELSE coalesce(o.price, v.price) <> coalesce(f.price, v.price)
               AND EXISTS (SELECT FROM stock_level h WHERE h.tenant_id = l.tenant_id AND h.site_id = $3::uuid AND h.variant_id = l.variant_id) END
       RETURNING 1
     ) SELECT count(*)::int AS n FROM lines`,
    [tx.tenantId, sync.operationId, sync.fromSiteId, sync.toSiteIds, sync.category],
  );
  const count = frozen?.n ?? 0;
  await tx.query(
    'WITH told AS (UPDATE price_sync SET price_count = $3::int WHERE tenant_id = $1::uuid AND operation_id = $2::uuid) SELECT 1',
    [tx.tenantId, sync.operationId, count],
  );
  return count;
}

export interface PriceSync {
  fromSiteId: string | null;
  priceCount: number;
  doneCount: number;
  keptCount: number;
}

export async function readPriceSync(tx: Tx, operationId: string): Promise<PriceSync | null> {
  const [row] = await tx.query<{
    from_site_id: string | null;
    price_count: number;
    done_count: number;
    kept_count: number;
  }>(
    `SELECT from_site_id, price_count, done_count, kept_count FROM price_sync WHERE tenant_id = $1::uuid AND operation_id = $2::uuid`,
    [tx.tenantId, operationId],
  );
  if (row === undefined) return null;
  return {
    fromSiteId: row.from_site_id,
    priceCount: row.price_count,
    doneCount: row.done_count,
    keptCount: row.kept_count,
  };
}

interface Line {
  siteId: string;
  variantId: string;
  price: number;
  before: number | null;
}

type LineState = 'open' | 'applied';

async function nextLines(tx: Tx, operationId: string, state: LineState, most: number): Promise<Line[]> {
  const rows = await tx.query<{ site_id: string; variant_id: string; price: bigint; before: bigint | null }>(
    `SELECT site_id, variant_id, price, before FROM price_sync_line
     WHERE tenant_id = $1::uuid AND operation_id = $2::uuid AND ${state === 'open' ? 'NOT applied AND NOT kept' : 'applied'}
     ORDER BY variant_id, site_id LIMIT $3::int`,
    [tx.tenantId, operationId, most],
  );
  return rows.map((row) => ({
    siteId: row.site_id,
    variantId: row.variant_id,
    price: Number(row.price),
    before: row.before === null ? null : Number(row.before),
  }));
}

const keyOf = ({ siteId, variantId }: { siteId: string; variantId: string }): string => `${siteId}/${variantId}`;

/** Sets prices where they are still what they were expected to be; returns the keys of those that were not. */
async function exchange(tx: Tx, lines: { expected: SitePrice; wanted: SitePrice }[], userId: string | null) {
  await lockVariants(
    tx,
    lines.map(({ wanted }) => wanted.variantId),
  );
  const current = new Map(
    (
      await tx.query<{ site_id: string; variant_id: string; price: bigint }>(
        `SELECT p.site_id, p.variant_id, p.price FROM unnest($2::uuid[], $3::uuid[]) AS k (site_id, variant_id)
         JOIN site_price p ON p.tenant_id = $1::uuid AND p.site_id = k.site_id AND p.variant_id = k.variant_id`,
        [tx.tenantId, lines.map(({ wanted }) => wanted.siteId), lines.map(({ wanted }) => wanted.variantId)],
      )
    ).map((row) => [keyOf({ siteId: row.site_id, variantId: row.variant_id }), Number(row.price)]),
  );
  const asExpected = ({ expected }: { expected: SitePrice }) =>
    (current.get(keyOf(expected)) ?? null) === expected.price;
  await setSitePrices(
    tx,
    lines.filter(asExpected).map(({ wanted }) => wanted),
    userId,
  );
  return new Set(lines.filter((line) => !asExpected(line)).map(({ wanted }) => keyOf(wanted)));
}

async function markLines(
  tx: Tx,
  operationId: string,
  lines: Line[],
  applied: boolean,
  kept: Set<string>,
): Promise<void> {
  await tx.query(
    `WITH marked AS (
       UPDATE price_sync_line l SET applied = r.applied, kept = r.kept
       FROM jsonb_to_recordset($3::jsonb) AS r (site_id uuid, variant_id uuid, applied boolean, kept boolean)
       WHERE l.tenant_id = $1::uuid AND l.operation_id = $2::uuid AND l.site_id = r.site_id AND l.variant_id = r.variant_id
     ), told AS (
       UPDATE price_sync SET done_count = done_count + $4::int, kept_count = kept_count + $5::int
       WHERE tenant_id = $1::uuid AND operation_id = $2::uuid
     ) SELECT 1`,
    [
      tx.tenantId,
      operationId,
      JSON.stringify(
        lines.map((line) => ({
          site_id: line.siteId,
          variant_id: line.variantId,
          applied: applied && !kept.has(keyOf(line)),
          kept: kept.has(keyOf(line)),
        })),
      ),
      applied ? lines.length : -lines.length,
      kept.size,
    ],
  );
}

/** Sets the next `most` prices. One that somebody changed since the sync was asked for is left. Returns how many it has dealt with. */
export async function applyPrices(
  tx: Tx,
  operationId: string,
  fromBusiness: boolean,
  userId: string | null,
  most: number,
): Promise<number> {
  const lines = await nextLines(tx, operationId, 'open', most);
  if (lines.length === 0) return 0;
  const kept = await exchange(
    tx,
    lines.map(({ siteId, variantId, price, before }) => ({
      expected: { siteId, variantId, price: before },
      wanted: { siteId, variantId, price: fromBusiness ? null : price },
    })),
    userId,
  );
  await markLines(tx, operationId, lines, true, kept);
  return lines.length;
}

/** Brings the next `most` prices back to what they were. One that somebody changed since is left. Returns how many it has dealt with. */
export async function restorePrices(
  tx: Tx,
  operationId: string,
  fromBusiness: boolean,
  userId: string | null,
  most: number,
): Promise<number> {
  const lines = await nextLines(tx, operationId, 'applied', most);
  if (lines.length === 0) return 0;
  const kept = await exchange(
    tx,
    lines.map(({ siteId, variantId, price, before }) => ({
      expected: { siteId, variantId, price: fromBusiness ? null : price },
      wanted: { siteId, variantId, price: before },
    })),
    userId,
  );
  await markLines(tx, operationId, lines, false, kept);
  return lines.length;
}
