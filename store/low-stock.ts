import type { Tx } from './db';

/** A level by its place. */
export interface LevelPlace {
  siteId: string;
  variantId: string;
}

/**
 * Opens a warning for each of these levels that is at or below its least (the site's own, else the variant's) and closes
 * those that are above it again. Levels are read without a lock, so reviews of a tenant take turns: whoever comes after a
 * change sees it, and an older look never has the last word. Takes no lock after its own, so it may stand at the end of any
 * transaction.
 */
export async function reviewLowStock(
  tx: Pick<Tx, 'tenantId' | 'query'>,
  places: readonly LevelPlace[],
): Promise<{ opened: number; closed: number }> {
  if (places.length === 0) return { opened: 0, closed: 0 };
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('low-stock:' || $1, 0))::text`, [tx.tenantId]);
  const [row] = await tx.query<{ opened: bigint; closed: bigint }>(
    `WITH place AS (SELECT DISTINCT site_id, variant_id FROM unnest($2::uuid[], $3::uuid[]) AS p (site_id, variant_id)),
     level AS (
       SELECT l.site_id, l.variant_id, l.on_hand, l.version, coalesce(l.min_stock, v.min_stock) AS least
       FROM place p JOIN stock_level l ON l.tenant_id = $1::uuid AND l.site_id = p.site_id AND l.variant_id = p.variant_id
       JOIN variant v ON v.tenant_id = $1::uuid AND v.id = l.variant_id
     ),
     opened AS (
       INSERT INTO low_stock_event (tenant_id, id, site_id, variant_id, on_hand, min_stock, version)
       SELECT $1::uuid, gen_random_uuid(), site_id, variant_id, on_hand, least, version FROM level WHERE on_hand <= least
       ON CONFLICT (tenant_id, site_id, variant_id) WHERE ended_at IS NULL DO NOTHING
       RETURNING 1
     ),
     closed AS (
       UPDATE low_stock_event e SET ended_at = clock_timestamp()
       FROM level l WHERE e.tenant_id = $1::uuid AND e.site_id = l.site_id AND e.variant_id = l.variant_id AND e.ended_at IS NULL
         AND (l.least IS NULL OR l.on_hand > l.least)
       RETURNING 1
     )
     SELECT (SELECT count(*) FROM opened) AS opened, (SELECT count(*) FROM closed) AS closed`,
    [tx.tenantId, places.map(({ siteId }) => siteId), places.map(({ variantId }) => variantId)],
  );
  return { opened: Number(row?.opened ?? 0), closed: Number(row?.closed ?? 0) };
}

/** The levels that some sales, voids or returns have moved. */
export async function levelsOfSales(
  tx: Pick<Tx, 'tenantId' | 'query'>,
  operationIds: readonly string[],
): Promise<LevelPlace[]> {
  return tx.query<LevelPlace>(
    `SELECT DISTINCT s.site_id AS "siteId", l.variant_id AS "variantId"
     FROM sale s JOIN sale_line l ON l.tenant_id = s.tenant_id AND l.sale_id = s.id
     WHERE s.tenant_id = $1::uuid AND s.operation_id = ANY ($2::uuid[])`,
    [tx.tenantId, operationIds],
  );
}

/** Levels whose warnings do not say what is so: something other than a sale moved them, or a least was changed. */
export async function staleWarnings(tx: Pick<Tx, 'tenantId' | 'query'>, limit: number): Promise<LevelPlace[]> {
  return tx.query<LevelPlace>(
    `SELECT l.site_id AS "siteId", l.variant_id AS "variantId" FROM stock_level l
     JOIN variant v ON v.tenant_id = l.tenant_id AND v.id = l.variant_id
     LEFT JOIN low_stock_event e ON e.tenant_id = l.tenant_id AND e.site_id = l.site_id AND e.variant_id = l.variant_id AND e.ended_at IS NULL
     WHERE l.tenant_id = $1::uuid AND coalesce(l.on_hand <= coalesce(l.min_stock, v.min_stock), false) <> (e.id IS NOT NULL)
     ORDER BY l.site_id, l.variant_id LIMIT $2::int`,
    [tx.tenantId, limit],
  );
}
