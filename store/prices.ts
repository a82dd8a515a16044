import type { Tx } from './db';

/** A price of a site; null = none of its own: it follows the business. */
export interface SitePrice {
  siteId: string;
  variantId: string;
  price: number | null;
}

/**
 * Sets or (null) takes away prices of sites. Returns what each was before. The variants' rows are locked (store/products.ts
 * `lockVariants`), so that two who set prices of one variant take turns.
 */
export async function setSitePrices(tx: Tx, prices: readonly SitePrice[], userId: string | null): Promise<SitePrice[]> {
  if (prices.length === 0) return [];
  const asked = JSON.stringify(
    prices.map(({ siteId, variantId, price }) => ({ site_id: siteId, variant_id: variantId, price })),
  );
  const before = await tx.query<{ site_id: string; variant_id: string; price: bigint | null }>(
    `SELECT r.site_id, r.variant_id, p.price FROM jsonb_to_recordset($2::jsonb) AS r (site_id uuid, variant_id uuid)
     LEFT JOIN site_price p ON p.tenant_id = $1::uuid AND p.site_id = r.site_id AND p.variant_id = r.variant_id`,
    [tx.tenantId, asked],
  );
  await tx.query(
    `WITH asked AS (
       SELECT r.site_id, r.variant_id, r.price FROM jsonb_to_recordset($2::jsonb) AS r (site_id uuid, variant_id uuid, price bigint)
     ), gone AS (
       DELETE FROM site_price p USING asked r
       WHERE r.price IS NULL AND p.tenant_id = $1::uuid AND p.site_id = r.site_id AND p.variant_id = r.variant_id
     ), made AS (
       INSERT INTO site_price AS p (tenant_id, site_id, variant_id, price, updated_by)
       SELECT $1::uuid, r.site_id, r.variant_id, r.price, $3::uuid FROM asked r WHERE r.price IS NOT NULL ORDER BY r.site_id, r.variant_id
       ON CONFLICT (tenant_id, site_id, variant_id) DO UPDATE
         SET price = excluded.price, version = p.version + 1, updated_at = clock_timestamp(), updated_by = excluded.updated_by
         WHERE p.price <> excluded.price
     ) SELECT 1`,
    [tx.tenantId, asked, userId],
  );
  return before.map((row) => ({
    siteId: row.site_id,
    variantId: row.variant_id,
    price: row.price === null ? null : Number(row.price),
  }));
}
