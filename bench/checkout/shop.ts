import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';

/** What is sold costs this, with tax: all figures of a cart are known beforehand. */
export const price = 1_190;

export interface Till {
  registerId: string;
  sessionId: string;
  siteId: string;
}

export interface Article {
  id: string;
  sku: string;
}

/** Stores with many tills and many articles, in the demo's business. */
export interface BenchShop {
  tenantId: string;
  userId: string;
  tills: Till[];
  articles: Article[];
  /** Another article, with so many pieces in each store. */
  add(pieces: number): Promise<Article>;
}

export async function openShop(
  database: Client,
  sizes: { sites: number; tills: number; articles: number },
): Promise<BenchShop> {
  const { rows: owners } = await database.query<{ tenantId: string; userId: string }>(
    `SELECT t.id AS "tenantId", u.id AS "userId" FROM tenant t JOIN app_user u ON u.tenant_id = t.id AND u.email = 'caja@demo.test'`,
  );
  const { tenantId, userId } = owners[0]!;
  const sites = Array.from({ length: sizes.sites }, () => uuidv7());
  await database.query(
    `INSERT INTO site (tenant_id, id, name, kind) SELECT $1, s, 'Banco ' || s, 'store' FROM unnest($2::uuid[]) s`,
    [tenantId, sites],
  );
  const tills = Array.from({ length: sizes.tills }, (_, index) => ({
    registerId: uuidv7(),
    sessionId: uuidv7(),
    siteId: sites[index % sites.length]!,
  }));
  await database.query(
    `INSERT INTO register (tenant_id, id, site_id, name)
     SELECT $1, r.id, r.site_id, 'Caja ' || r.id FROM unnest($2::uuid[], $3::uuid[]) AS r (id, site_id)`,
    [tenantId, tills.map(({ registerId }) => registerId), tills.map(({ siteId }) => siteId)],
  );
  await database.query(
    `INSERT INTO register_session (tenant_id, id, register_id, opening_float, opened_by)
     SELECT $1, s.id, s.register_id, 0, $4 FROM unnest($2::uuid[], $3::uuid[]) AS s (id, register_id)`,
    [tenantId, tills.map(({ sessionId }) => sessionId), tills.map(({ registerId }) => registerId), userId],
  );
  let made = 0;
  const add = async (count: number, pieces: number): Promise<Article[]> => {
    const articles = Array.from({ length: count }, () => ({ id: uuidv7(), sku: `BANCO-${++made}` }));
    const products = articles.map(() => uuidv7());
    const [ids, skus] = [articles.map(({ id }) => id), articles.map(({ sku }) => sku)];
    await database.query(
      `INSERT INTO product (tenant_id, id, name)
       SELECT $1, p.id, 'Producto ' || p.sku FROM unnest($2::uuid[], $3::text[]) AS p (id, sku)`,
      [tenantId, products, skus],
    );
    await database.query(
      `INSERT INTO variant (tenant_id, id, product_id, sku, size_id, colour_id, price, cost)
       SELECT $1, v.id, v.product_id, v.sku, s.id, c.id, $5, 500
       FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS v (id, product_id, sku)
       JOIN size s ON s.tenant_id = $1 AND s.name = 'Única' JOIN colour c ON c.tenant_id = $1 AND c.name = 'Único'`,
      [tenantId, ids, products, skus, price],
    );
    await database.query(
      `WITH levels AS (
         INSERT INTO stock_level (tenant_id, site_id, variant_id, size_id, colour_id, location_id, on_hand, version)
         SELECT u.tenant_id, u.site_id, v.id, v.size_id, v.colour_id, u.location_id, $4, 1
         FROM site_setup u JOIN variant v ON v.tenant_id = u.tenant_id AND v.id = ANY ($3::uuid[])
         WHERE u.tenant_id = $1 AND u.site_id = ANY ($2::uuid[]) RETURNING *
       )
       INSERT INTO stock_movement (tenant_id, id, site_id, variant_id, location_id, version, kind, quantity, balance)
       SELECT tenant_id, gen_random_uuid(), site_id, variant_id, location_id, 1, 'opening', on_hand, on_hand FROM levels`,
      [tenantId, sites, ids, pieces],
    );
    return articles;
  };
  const articles = await add(sizes.articles, 1_000_000);
  await database.query('ANALYZE');
  return { tenantId, userId, tills, articles, add: async (pieces) => (await add(1, pieces))[0]! };
}

/** Log-ins of the cashier, without the passwords' price. @returns their ids */
export async function openSessions(
  database: Client,
  { tenantId, userId }: BenchShop,
  count: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await database.query('INSERT INTO session (tenant_id, id, user_id) SELECT $1, s, $2 FROM unnest($3::uuid[]) s', [
    tenantId,
    userId,
    ids,
  ]);
  return ids;
}

/** Picks an article's place in the list. */
export type Pick = () => number;

export const uniform =
  (count: number): Pick =>
  () =>
    Math.floor(Math.random() * count);

/** Zipf: the n-th most wanted is wanted 1/n^s as often as the first. */
export function zipf(count: number, exponent: number): Pick {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) sums[rank] = sum += 1 / (rank + 1) ** exponent;
  return () => {
    const wanted = Math.random() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A sale's body: so many lines of different articles, one piece each, paid by card. */
export function cartOf(shop: BenchShop, lines: number, pick: Pick, always: readonly Article[] = []): string {
  const till = shop.tills[Math.floor(Math.random() * shop.tills.length)]!;
  const skus = new Set(always.map(({ sku }) => sku));
  while (skus.size < lines) skus.add(shop.articles[pick()]!.sku);
  const items = [...skus].map((sku) => `{"sku":"${sku}","quantity":1}`).join(',');
  return `{"siteId":"${till.siteId}","registerId":"${till.registerId}","lines":[${items}],"payments":[{"method":"card","amount":${price * lines}}]}`;
}

/** Head lines of a sale of its own. */
export const headOf = (token: string): string =>
  `Authorization: Bearer ${token}\r\nIdempotency-Key: ${randomUUID()}\r\n`;
