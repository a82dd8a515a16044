import { randomUUID } from 'node:crypto';
import type { Sql } from '../../store/db';
import { type SiteSku, siteSkuKey } from '../../store/articles';
import { buildTestApp, type TestApp } from '../../test/support/app';
import { addVariants, bringIn, type TestVariant } from '../../test/support/stock';
import { createTill, type TestTill } from '../../test/support/till';
import { createArticleMemory } from './article-memory';

let t: TestApp;
let till: TestTill;
beforeAll(async () => {
  t = await buildTestApp();
  till = await createTill(t.database, t.deps.db, t.demo);
});
afterAll(() => t.close());

/** Something to sell, three of it at the till's site. */
async function article(price = 1000): Promise<TestVariant> {
  const [made] = await addVariants(t.database, t.demo, [`M-${randomUUID()}`], { price });
  await bringIn(t.deps.db, t.demo, till.siteId, [{ variantId: made!.id, quantity: 3000 }]);
  return made!;
}

const asked = (...variants: TestVariant[]): Map<string, SiteSku> =>
  new Map(variants.map(({ sku }) => [siteSkuKey({ siteId: till.siteId, sku }), { siteId: till.siteId, sku }]));

/** What the memory answers, and of which SKUs it asked the catalogue for that. */
async function read(
  memory: ReturnType<typeof createArticleMemory>,
  of: Map<string, SiteSku>,
  tenantId = t.demo.tenantId,
) {
  return t.deps.db.withTenant(tenantId, async (tx) => {
    const skus: string[] = [];
    const query: Sql['query'] = (text, values) => {
      if (text.includes('JOIN product')) skus.push(...(values![2] as string[]));
      return tx.query(text, values);
    };
    const { articles, levels } = await memory.read({ tenantId, query }, of);
    return { articles, levels, skus: skus.sort() };
  });
}

const only = async (memory: ReturnType<typeof createArticleMemory>, one: TestVariant) => {
  const { articles, levels, skus } = await read(memory, asked(one));
  return { article: [...articles.values()][0], level: levels[0], asked: skus.length > 0 };
};

const change = (sql: string, ...values: unknown[]) => t.database.query(sql, values);

describe('the memory of articles', () => {
  it('asks once for an article, and at each question for its level', async () => {
    const [first, second] = [await article(), await article(2000)];
    const memory = createArticleMemory();
    expect(await only(memory, first)).toMatchObject({ article: { price: 1000 }, level: { onHand: 3000 }, asked: true });
    await bringIn(t.deps.db, t.demo, till.siteId, [{ variantId: first.id, quantity: 500 }]);
    expect(await only(memory, first)).toMatchObject({
      article: { price: 1000 },
      level: { onHand: 3500 },
      asked: false,
    });
    // What is not known yet is asked for beside what is.
    const both = await read(memory, asked(first, second));
    expect(both.skus).toEqual([second.sku]);
    expect([...both.articles.values()].map(({ price }) => price).sort()).toEqual([1000, 2000]);
    expect(both.levels.map(({ variantId }) => variantId).sort()).toEqual([first.id, second.id].sort());
  });

  it.each<[string, (one: TestVariant) => Promise<unknown>, object]>([
    ['its price', (one) => change('UPDATE variant SET price = 1500 WHERE id = $1', one.id), { price: 1500 }],
    ['its cost', (one) => change('UPDATE variant SET cost = 700 WHERE id = $1', one.id), { cost: 700 }],
    [
      'that it is sold',
      (one) => change('UPDATE variant SET active = false WHERE id = $1', one.id),
      { withdrawn: true },
    ],
    [
      'its product’s name',
      (one) => change(`UPDATE product SET name = 'Otro' WHERE id = $1`, one.productId),
      { name: 'Otro' },
    ],
    ['its unit', (one) => change(`UPDATE product SET unit = 'kg' WHERE id = $1`, one.productId), { unit: 'kg' }],
    ['its tax', (one) => change('UPDATE product SET tax_rate = 0.1 WHERE id = $1', one.productId), { taxRate: 0.1 }],
    [
      'that its product is sold',
      (one) => change('UPDATE product SET withdrawn_at = now() WHERE id = $1', one.productId),
      { withdrawn: true },
    ],
    [
      'that the site may go below zero',
      () => change('UPDATE site SET allow_negative = true WHERE id = $1', till.siteId),
      { allowNegative: true },
    ],
    [
      'its price at the site',
      (one) =>
        change(
          'INSERT INTO site_price (tenant_id, site_id, variant_id, price) VALUES ($1, $2, $3, 1700)',
          t.demo.tenantId,
          till.siteId,
          one.id,
        ),
      { price: 1700 },
    ],
  ])('never says what was: %s', async (_, changed, now) => {
    const one = await article();
    const memory = createArticleMemory();
    await read(memory, asked(one));
    await changed(one);
    expect(await only(memory, one)).toMatchObject({ article: now, asked: true });
    expect(await only(memory, one)).toMatchObject({ article: now, asked: false });
  });

  it('never says what was: a price of a site that is changed, and one that is taken away', async () => {
    const one = await article();
    const ids = [till.siteId, one.id];
    await change(
      'INSERT INTO site_price (tenant_id, site_id, variant_id, price) VALUES ($1, $2, $3, 1700)',
      t.demo.tenantId,
      ...ids,
    );
    const memory = createArticleMemory();
    expect(await only(memory, one)).toMatchObject({ article: { price: 1700 } });
    await change('UPDATE site_price SET price = 1800 WHERE site_id = $1 AND variant_id = $2', ...ids);
    expect(await only(memory, one)).toMatchObject({ article: { price: 1800 } });
    await change('DELETE FROM site_price WHERE site_id = $1 AND variant_id = $2', ...ids);
    expect(await only(memory, one)).toMatchObject({ article: { price: 1000 } });
  });

  it('never says what was: the name of a size or a colour', async () => {
    // Where it has been in stock an article keeps its size and its colour.
    const [made] = await addVariants(t.database, t.demo, [`M-${randomUUID()}`]);
    const one = made!;
    const memory = createArticleMemory();
    await read(memory, asked(one));
    for (const table of ['size', 'colour']) {
      const id = randomUUID();
      const name = `${table} 1`;
      await change(
        `INSERT INTO ${table} (tenant_id, id, name, position) VALUES ($1, $2, $3, 7)`,
        t.demo.tenantId,
        id,
        name,
      );
      await change(`UPDATE variant SET ${table}_id = $2 WHERE id = $1`, one.id, id);
      expect((await only(memory, one)).article?.name).toContain(name);
      await change(`UPDATE ${table} SET name = $2 WHERE id = $1`, id, `${table} 2`);
      expect((await only(memory, one)).article?.name).toContain(`${table} 2`);
    }
  });

  it('is not made to ask by what no sale takes, nor by another business', async () => {
    const one = await article();
    const memory = createArticleMemory();
    await read(memory, asked(one));
    await change('UPDATE variant SET min_stock = 3, version = version + 1, updated_at = now() WHERE id = $1', one.id);
    await change(`UPDATE product SET description = 'Así' WHERE id = $1`, one.productId);
    const [foreign] = await addVariants(t.database, t.otra, [one.sku]);
    await change('UPDATE variant SET price = price + 1 WHERE id = $1', foreign!.id);
    expect(await only(memory, one)).toMatchObject({ asked: false });
    // What is of this business is nothing to another.
    expect((await read(memory, asked(one), t.otra.tenantId)).articles.size).toBe(0);
  });

  it('forgets before it is too much', async () => {
    const [first, second] = [await article(), await article()];
    const memory = createArticleMemory(1);
    await read(memory, asked(first));
    await read(memory, asked(second));
    expect(await only(memory, first)).toMatchObject({ asked: true });
    expect(await only(memory, first)).toMatchObject({ asked: false });
  });
});

describe('the stamp of a catalogue', () => {
  it('is locked by nobody who still works: two may change articles at once', async () => {
    const [mine, theirs] = [await article(), await article()];
    const price = 'UPDATE variant SET price = price + 1 WHERE id = $1::uuid';
    await t.deps.db.withTenant(t.demo.tenantId, async (tx) => {
      await tx.query(price, [mine.id]);
      await change(price, theirs.id);
    });
    const memory = createArticleMemory();
    expect((await read(memory, asked(mine, theirs))).articles.size).toBe(2);
  });
});
