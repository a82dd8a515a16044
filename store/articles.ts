import type { Sellable } from '../domain/cart';
import type { StockLevel } from '../domain/stock';
import type { Tx } from './db';
import { levelIn, levelState, type LevelRow } from './stock';

/** What sites sell, as a cart asks for it. */
type Reader = Pick<Tx, 'tenantId' | 'query'>;

/** What a site sells under a SKU. */
export interface SiteSellable extends Sellable {
  /** Whether the site may sell what it never had; where it has a level, the level's own word counts. */
  allowNegative: boolean;
}

export interface SiteSku {
  siteId: string;
  sku: string;
}

export const siteSkuKey = ({ siteId, sku }: SiteSku): string => `${siteId}/${sku}`;

interface SellableRow {
  site_id: string;
  variant_id: string;
  sku: string;
  name: string;
  unit: string;
  tax_rate: number;
  price: string;
  cost: string;
  withdrawn: boolean;
  site_allows_negative: boolean;
}

const sellableColumns = `v.sku, p.unit, p.tax_rate::float8, coalesce(o.price, v.price)::text AS price, v.cost::text,
   concat_ws(' ', p.name, nullif(z.name, 'Única'), nullif(c.name, 'Único')) AS name,
   (p.withdrawn_at IS NOT NULL OR NOT v.active) AS withdrawn, s.allow_negative AS site_allows_negative`;

const sellables = `unnest($2::uuid[], $3::text[]) AS k (site_id, sku)
   JOIN site s ON s.tenant_id = $1::uuid AND s.id = k.site_id
   JOIN variant v ON v.tenant_id = $1::uuid AND v.sku = k.sku
   JOIN product p ON p.tenant_id = $1::uuid AND p.id = v.product_id
   JOIN size z ON z.tenant_id = $1::uuid AND z.id = v.size_id
   JOIN colour c ON c.tenant_id = $1::uuid AND c.id = v.colour_id
   LEFT JOIN site_price o ON o.tenant_id = $1::uuid AND o.site_id = k.site_id AND o.variant_id = v.id`;

const sellableIn = (row: SellableRow): SiteSellable => ({
  variantId: row.variant_id,
  sku: row.sku,
  name: row.name,
  unit: row.unit,
  taxRate: row.tax_rate,
  price: Number(row.price),
  cost: Number(row.cost),
  withdrawn: row.withdrawn,
  allowNegative: row.site_allows_negative,
});

const sellableValues = (tx: Reader, asked: readonly SiteSku[]) => [
  tx.tenantId,
  asked.map(({ siteId }) => siteId),
  asked.map(({ sku }) => sku),
];

const sellablesIn = (rows: readonly SellableRow[]): Map<string, SiteSellable> =>
  new Map(rows.map((row) => [siteSkuKey({ siteId: row.site_id, sku: row.sku }), sellableIn(row)]));

/** SALE-05, SALE-13: everything that the lines of carts ask about, by `siteSkuKey`, in one question and without a lock. */
export async function readSellables(tx: Reader, asked: readonly SiteSku[]): Promise<Map<string, SiteSellable>> {
  const rows = await tx.query<SellableRow>(
    `SELECT k.site_id::text, v.id::text AS variant_id, ${sellableColumns} FROM ${sellables}`,
    sellableValues(tx, asked),
  );
  return sellablesIn(rows);
}

/** What belongs to the articles of one moment; another one = something of the catalogue has changed. Empty = nothing ever has. */
export type CatalogueStamp = string;

const stamp = `coalesce((SELECT stamp::text FROM catalogue_stamp WHERE tenant_id = $1::uuid), '')`;

export async function readStamp(tx: Reader): Promise<CatalogueStamp> {
  const [row] = await tx.query<{ stamp: string }>(`SELECT ${stamp} AS stamp`, [tx.tenantId]);
  return row!.stamp;
}

/** `readSellables`, the levels that there are, and the stamp that belongs to both; null where nothing was found. */
export async function readArticles(
  tx: Reader,
  asked: readonly SiteSku[],
): Promise<{ articles: Map<string, SiteSellable>; levels: StockLevel[]; stamp: CatalogueStamp | null }> {
  if (asked.length === 0) return { articles: new Map(), levels: [], stamp: null };
  const rows = await tx.query<SellableRow & LevelRow & { has_level: boolean; stamp: string }>(
    `SELECT k.site_id::text, v.id::text AS variant_id, ${sellableColumns}, l.version IS NOT NULL AS has_level, ${levelState}, ${stamp} AS stamp
     FROM ${sellables} LEFT JOIN stock_level l ON l.tenant_id = $1::uuid AND l.site_id = k.site_id AND l.variant_id = v.id`,
    sellableValues(tx, asked),
  );
  return {
    articles: sellablesIn(rows),
    levels: rows.flatMap((row) => (row.has_level ? [levelIn(row)] : [])),
    stamp: rows[0]?.stamp ?? null,
  };
}
