import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { price, type BenchShop } from './shop';

/** Sales of one statement. */
const page = 1_000;
const lines = 3;

/** Sales of three lines until `total` are stored, as the floor writes them. */
export async function fillSales(database: Client, shop: BenchShop, total: number): Promise<void> {
  const { rows } = await database.query<{ count: string }>('SELECT count(*) FROM sale');
  await acceptMany(database, shop, total - Number(rows[0]!.count));
  await settleAll(database);
  await database.query('VACUUM ANALYZE');
}

/** So many sales that wait to be settled. */
export async function acceptMany(database: Client, shop: BenchShop, count: number): Promise<void> {
  for (let missing = count; missing > 0; missing -= page) await sellPage(database, shop, Math.min(page, missing));
}

async function sellPage(database: Client, shop: BenchShop, count: number): Promise<void> {
  const sales = Array.from({ length: count }, () => ({
    till: shop.tills[Math.floor(Math.random() * shop.tills.length)]!,
    id: uuidv7(),
    operationId: uuidv7(),
    key: randomUUID(),
  }));
  const of = sales.flatMap((_, index) => {
    const first = Math.floor(Math.random() * shop.articles.length);
    return Array.from({ length: lines }, (__, line) => ({
      sale: index + 1,
      line: line + 1,
      article: shop.articles[(first + line * 7) % shop.articles.length]!,
    }));
  });
  await database.query({
    name: 'fill',
    text: 'SELECT bench_sell($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)',
    values: [
      shop.tenantId,
      shop.userId,
      sales.map(({ id }) => id),
      sales.map(({ operationId }) => operationId),
      sales.map(() => uuidv7()),
      sales.map(({ till }) => till.siteId),
      sales.map(({ till }) => till.registerId),
      sales.map(({ till }) => till.sessionId),
      sales.map(() => price * lines),
      sales.map(() => lines),
      sales.map(({ key }) => key),
      sales.map(({ key }) => Buffer.from(key)),
      of.map(({ sale }) => sale),
      of.map(({ line }) => line),
      of.map(({ article }) => article.id),
      of.map(({ article }) => article.sku),
      of.map(({ article }) => `Producto ${article.sku}`),
      of.map(() => uuidv7()),
      of.map(() => price),
    ],
  });
}

/** As if all that was sold had been settled long ago. Nothing may be at work on it. */
export async function settleAll(database: Client): Promise<void> {
  await database.query(`DELETE FROM outbox WHERE queue = 'sales'`);
  await database.query(
    `UPDATE operation SET state = 'synced', step = 'settled', ended_at = now() WHERE queue = 'sales' AND state = 'pending'`,
  );
}

export interface Agreement {
  sales: number;
  /** Levels that are not the sum of their movements. */
  levels: number;
  /** Below zero, where no site allows it. */
  oversold: number;
  /** Tills whose next number is not one more than they have sold. */
  tills: number;
  deadlocks: number;
}

/** Whether everything still adds up. */
export async function agreement(database: Client, shop: BenchShop): Promise<Agreement> {
  const { rows } = await database.query<Record<keyof Agreement, string>>(
    `SELECT (SELECT count(*) FROM sale) AS sales,
       (SELECT count(*) FROM stock_level l LEFT JOIN (
          SELECT site_id, variant_id, sum(quantity) AS total, max(version) AS version FROM stock_movement WHERE tenant_id = $1 GROUP BY 1, 2) m
          ON m.site_id = l.site_id AND m.variant_id = l.variant_id
        WHERE l.tenant_id = $1 AND l.site_id = ANY ($2::uuid[]) AND (m.total <> l.on_hand OR m.version <> l.version)) AS levels,
       (SELECT count(*) FROM stock_level WHERE tenant_id = $1 AND on_hand < 0) AS oversold,
       (SELECT count(*) FROM register r JOIN (SELECT register_id, count(*) AS made FROM sale GROUP BY 1) s ON s.register_id = r.id
        WHERE r.next_sale_number <> s.made + 1) AS tills,
       (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()) AS deadlocks`,
    [shop.tenantId, [...new Set(shop.tills.map(({ siteId }) => siteId))]],
  );
  const row = rows[0]!;
  const [sales, levels, oversold, tills, deadlocks] = [
    row.sales,
    row.levels,
    row.oversold,
    row.tills,
    row.deadlocks,
  ].map(Number) as [number, number, number, number, number];
  return { sales, levels, oversold, tills, deadlocks };
}
