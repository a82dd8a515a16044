import { v7 as uuidv7 } from 'uuid';
import { formatQuantity } from '../../domain/quantity';
import type { Database } from '../../store/db';
import { applyStock } from '../../store/stock';
import type { TestBusiness } from './business';
import type { TestDatabase } from './database';

export interface TestVariant {
  id: string;
  productId: string;
  sku: string;
}

/** Products of one variant each, in no site yet. */
export async function addVariants(
  database: TestDatabase,
  business: TestBusiness,
  skus: readonly string[],
  more: { unit?: string; price?: number; cost?: number; minStock?: number } = {},
): Promise<TestVariant[]> {
  const made = skus.map((sku) => ({ id: uuidv7(), productId: uuidv7(), sku }));
  await database.query(
    `INSERT INTO product (tenant_id, id, name, unit) SELECT $1, p.id, 'Producto ' || p.sku, $4
     FROM unnest($2::uuid[], $3::text[]) AS p (id, sku)`,
    [business.tenantId, made.map((one) => one.productId), skus, more.unit ?? 'unit'],
  );
  await database.query(
    `INSERT INTO variant (tenant_id, id, product_id, sku, size_id, colour_id, price, cost, min_stock)
     SELECT $1, v.id, v.product_id, v.sku, s.id, c.id, $5, $6, $7
     FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS v (id, product_id, sku), size s, colour c
     WHERE s.tenant_id = $1 AND s.name = 'Única' AND c.tenant_id = $1 AND c.name = 'Único'`,
    [
      business.tenantId,
      made.map((one) => one.id),
      made.map((one) => one.productId),
      skus,
      more.price ?? 1000,
      more.cost ?? 0,
      more.minStock === undefined ? null : formatQuantity(more.minStock),
    ],
  );
  return made;
}

/** An entry of each at one site, as the ledger writes it. */
export async function bringIn(
  db: Database,
  business: TestBusiness,
  siteId: string,
  lines: readonly { variantId: string; quantity: number }[],
): Promise<void> {
  const changes = lines.map(({ variantId, quantity }) => ({
    do: 'move' as const,
    siteId,
    variantId,
    kind: 'opening' as const,
    quantity,
    policy: 'record' as const,
  }));
  await db.withTenant(business.tenantId, (tx) =>
    applyStock(tx, [{ documentId: uuidv7(), operationId: null, userId: null, changes }]),
  );
}

interface Disagreement {
  site_id: string;
  variant_id: string;
  [figure: string]: unknown;
}

/** Levels for which something of reliability.md's second invariant does not hold; none, that is, when all is well. */
export async function findDisagreements(database: TestDatabase): Promise<Disagreement[]> {
  return database.query<Disagreement>(
    `SELECT * FROM (
       SELECT l.site_id, l.variant_id, l.on_hand::text, l.held::text, l.version::text, l.negative_task_id, l.allow_negative,
         coalesce(m.total, 0)::numeric(14,3)::text AS ledger, coalesce(h.held, 0)::numeric(14,3)::text AS holds,
         coalesce(m.movements, 0) + coalesce(h.made, 0) + coalesce(h.let_go, 0) + f.repairs AS changes,
         coalesce(m.broken, 0) AS broken, s.open AS shortages
       FROM stock_level l
       LEFT JOIN LATERAL (
         SELECT sum(c.quantity) AS total, count(*) AS movements,
           count(*) FILTER (WHERE c.balance <> c.before + c.quantity OR c.version > l.version) AS broken
         FROM (SELECT x.*, lag(x.balance, 1, 0::numeric) OVER (ORDER BY x.version) AS before FROM stock_movement x
               WHERE x.tenant_id = l.tenant_id AND x.site_id = l.site_id AND x.variant_id = l.variant_id) c) m ON true
       LEFT JOIN LATERAL (
         SELECT sum(x.quantity) FILTER (WHERE x.state = 'held') AS held, count(*) AS made,
           count(*) FILTER (WHERE x.state IN ('released', 'expired')) AS let_go
         FROM stock_hold x WHERE x.tenant_id = l.tenant_id AND x.site_id = l.site_id AND x.variant_id = l.variant_id) h ON true
       CROSS JOIN LATERAL (
         SELECT count(DISTINCT x.repaired_at) AS repairs FROM stock_finding x
         WHERE x.tenant_id = l.tenant_id AND x.site_id = l.site_id AND x.variant_id = l.variant_id AND x.kind <> 'cache') f
       CROSS JOIN LATERAL (
         SELECT count(*) AS open FROM stock_shortage x
         WHERE x.tenant_id = l.tenant_id AND x.site_id = l.site_id AND x.variant_id = l.variant_id AND x.closed_at IS NULL) s
     ) a
     WHERE a.on_hand <> a.ledger OR a.held <> a.holds OR a.version::int8 <> a.changes OR a.broken <> 0
       OR a.shortages <> CASE WHEN NOT a.allow_negative AND (a.on_hand::numeric < 0 OR a.held::numeric > greatest(a.on_hand::numeric, 0)) THEN 1 ELSE 0 END
       OR (a.shortages = 1) <> (a.negative_task_id IS NOT NULL)`,
  );
}

/** A backend tells its numbers when it goes: ask after the pool was closed. */
export async function countDeadlocks(database: TestDatabase): Promise<number> {
  const [row] = await database.query<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(row?.deadlocks);
}
