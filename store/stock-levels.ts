import { quantityOf } from '../domain/quantity';
import type { Sql, Tx } from './db';

/** Reading levels. `siteIds` are those that the asker sees; null = all of the business. */

type Reader = Pick<Tx, 'tenantId'> & Sql;

/** A level with what people call it by. Quantities in thousandths. */
export interface LevelView {
  siteId: string;
  siteName: string;
  variantId: string;
  sku: string;
  name: string;
  size: string;
  colour: string;
  unit: string;
  onHand: number;
  held: number;
  inTransit: number;
  minStock: number | null;
  maxStock: number | null;
  location: { id: string; name: string };
  version: number;
}

interface LevelViewRow {
  site_id: string;
  site_name: string;
  variant_id: string;
  sku: string;
  name: string;
  size: string;
  colour: string;
  unit: string;
  on_hand: string;
  held: string;
  in_transit: string;
  min_stock: string | null;
  max_stock: string | null;
  location_id: string;
  location: string;
  version: string;
}

const optional = (text: string | null): number | null => (text === null ? null : quantityOf(text));

function viewOf(row: LevelViewRow): LevelView {
  return {
    siteId: row.site_id,
    siteName: row.site_name,
    variantId: row.variant_id,
    sku: row.sku,
    name: row.name,
    size: row.size,
    colour: row.colour,
    unit: row.unit,
    onHand: quantityOf(row.on_hand),
    held: quantityOf(row.held),
    inTransit: quantityOf(row.in_transit),
    minStock: optional(row.min_stock),
    maxStock: optional(row.max_stock),
    location: { id: row.location_id, name: row.location },
    version: Number(row.version),
  };
}

/** What is gone from sale shows for as long as there is something of it. */
const shown = `((v.active AND p.withdrawn_at IS NULL) OR l.on_hand <> 0 OR l.held <> 0)`;

/** `$n` is the text as typed, `%` and `_` mean themselves; a code that was scanned is found whole. */
const matches = (n: number): string =>
  `($${n}::text IS NULL OR v.sku ILIKE '%' || $${n} || '%' OR p.name ILIKE '%' || $${n} || '%'
    OR EXISTS (SELECT FROM variant_code c WHERE c.tenant_id = v.tenant_id AND c.variant_id = v.id AND c.code = $${n + 1}))`;

const pattern = (q: string | undefined): [string | null, string | null] =>
  q === undefined || q.trim() === '' ? [null, null] : [q.trim().replace(/[\\%_]/g, '\\$&'), q.trim()];

export interface LevelQuery {
  siteIds: readonly string[] | null;
  sku?: string;
  q?: string;
  /** Only what is at its minimum or below it. */
  low?: boolean;
  after?: { sku: string; siteId: string };
  limit: number;
}

/** By sku, then site. */
export async function listLevels(tx: Reader, query: LevelQuery): Promise<LevelView[]> {
  const [like, code] = pattern(query.q);
  // The names join a page, not the business: planning seven tables at once took longer than reading them.
  const rows = await tx.query<LevelViewRow>(
    `SELECT a.site_id::text, s.name AS site_name, a.variant_id::text, a.sku, a.name, z.name AS size, c.name AS colour, a.unit,
            a.on_hand::text, a.held::text, a.in_transit::text, a.min_stock::text, a.max_stock::text, a.location_id::text,
            o.name AS location, a.version::text
     FROM (
       SELECT l.tenant_id, l.site_id, l.variant_id, v.sku, p.name, v.size_id, v.colour_id, p.unit, l.on_hand, l.held, l.in_transit,
              coalesce(l.min_stock, v.min_stock) AS min_stock, coalesce(l.max_stock, v.max_stock) AS max_stock, l.location_id, l.version
       FROM variant v
       JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
       JOIN stock_level l ON l.tenant_id = v.tenant_id AND l.variant_id = v.id
       WHERE v.tenant_id = $1::uuid AND ($2::uuid[] IS NULL OR l.site_id = ANY ($2::uuid[]))
         AND ($3::text IS NULL OR v.sku = $3) AND ${matches(4)}
         AND (NOT $6::boolean OR l.on_hand <= coalesce(l.min_stock, v.min_stock))
         AND ($7::text IS NULL OR (v.sku >= $7 AND (v.sku, l.site_id) > ($7, $8::uuid)))
         AND ${shown}
       ORDER BY v.sku, l.site_id LIMIT $9::int) a
     JOIN site s ON s.tenant_id = a.tenant_id AND s.id = a.site_id
     JOIN site_location o ON o.tenant_id = a.tenant_id AND o.id = a.location_id
     JOIN size z ON z.tenant_id = a.tenant_id AND z.id = a.size_id
     JOIN colour c ON c.tenant_id = a.tenant_id AND c.id = a.colour_id
     ORDER BY a.sku, a.site_id`,
    [
      tx.tenantId,
      query.siteIds,
      query.sku ?? null,
      like,
      code,
      query.low ?? false,
      query.after?.sku ?? null,
      query.after?.siteId ?? null,
      query.limit,
    ],
  );
  return rows.map(viewOf);
}

/** INV-05. What a business has of a variant at all the sites that the asker sees. */
export interface ConsolidatedView {
  variantId: string;
  sku: string;
  name: string;
  size: string;
  colour: string;
  unit: string;
  onHand: number;
  held: number;
  inTransit: number;
  /** That carry it. */
  sites: number;
}

export async function listConsolidated(
  tx: Reader,
  query: { siteIds: readonly string[] | null; q?: string; after?: string; limit: number },
): Promise<ConsolidatedView[]> {
  const [like, code] = pattern(query.q);
  const rows = await tx.query<Omit<LevelViewRow, 'site_id'> & { sites: number }>(
    `SELECT v.id::text AS variant_id, v.sku, p.name, z.name AS size, c.name AS colour, p.unit,
            a.on_hand::text, a.held::text, a.in_transit::text, a.sites
     FROM variant v
     JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
     JOIN size z ON z.tenant_id = v.tenant_id AND z.id = v.size_id
     JOIN colour c ON c.tenant_id = v.tenant_id AND c.id = v.colour_id
     CROSS JOIN LATERAL (
       SELECT sum(l.on_hand) AS on_hand, sum(l.held) AS held, sum(l.in_transit) AS in_transit, count(*)::int AS sites
       FROM stock_level l WHERE l.tenant_id = v.tenant_id AND l.variant_id = v.id
         AND ($2::uuid[] IS NULL OR l.site_id = ANY ($2::uuid[]))) a
     WHERE v.tenant_id = $1::uuid AND ${matches(3)} AND ($5::text IS NULL OR v.sku > $5) AND a.sites > 0
       AND ((v.active AND p.withdrawn_at IS NULL) OR a.on_hand <> 0 OR a.held <> 0)
     ORDER BY v.sku LIMIT $6::int`,
    [tx.tenantId, query.siteIds, like, code, query.after ?? null, query.limit],
  );
  return rows.map((row) => ({
    variantId: row.variant_id,
    sku: row.sku,
    name: row.name,
    size: row.size,
    colour: row.colour,
    unit: row.unit,
    onHand: quantityOf(row.on_hand),
    held: quantityOf(row.held),
    inTransit: quantityOf(row.in_transit),
    sites: row.sites,
  }));
}

/** An open shortage: more is promised or was sold than there is, and someone has to see to it. */
export interface ShortageView extends Pick<
  LevelView,
  'siteId' | 'siteName' | 'variantId' | 'sku' | 'name' | 'unit' | 'onHand' | 'held'
> {
  id: string;
  openedAt: Date;
}

/** The newest first. */
export async function listShortages(
  tx: Reader,
  query: { siteIds: readonly string[] | null; before?: string; limit: number },
): Promise<ShortageView[]> {
  const rows = await tx.query<
    Pick<LevelViewRow, 'site_id' | 'site_name' | 'variant_id' | 'sku' | 'name' | 'unit' | 'on_hand' | 'held'> & {
      id: string;
      opened_at: Date;
    }
  >(
    `SELECT h.id::text, h.opened_at, l.site_id::text, s.name AS site_name, l.variant_id::text, v.sku, p.name, p.unit, l.on_hand::text, l.held::text
     FROM stock_shortage h
     JOIN stock_level l ON l.tenant_id = h.tenant_id AND l.site_id = h.site_id AND l.variant_id = h.variant_id
     JOIN site s ON s.tenant_id = l.tenant_id AND s.id = l.site_id
     JOIN variant v ON v.tenant_id = l.tenant_id AND v.id = l.variant_id
     JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
     WHERE h.tenant_id = $1::uuid AND h.closed_at IS NULL AND ($2::uuid[] IS NULL OR h.site_id = ANY ($2::uuid[]))
       AND ($3::uuid IS NULL OR h.id < $3::uuid)
     ORDER BY h.id DESC LIMIT $4::int`,
    [tx.tenantId, query.siteIds, query.before ?? null, query.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    openedAt: row.opened_at,
    siteId: row.site_id,
    siteName: row.site_name,
    variantId: row.variant_id,
    sku: row.sku,
    name: row.name,
    unit: row.unit,
    onHand: quantityOf(row.on_hand),
    held: quantityOf(row.held),
  }));
}
