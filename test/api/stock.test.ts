import { v7 as uuidv7 } from 'uuid';
import { applyStock } from '../../store/stock';
import { buildTestApp, type TestApp } from '../support/app';
import { addVariants, bringIn, findDisagreements, type TestVariant } from '../support/stock';

let t: TestApp;
let shop: string;
let depot: string;
let asWarehouse: { authorization: string };
let asManager: { authorization: string };
let asOneSite: { authorization: string };
beforeAll(async () => {
  t = await buildTestApp();
  [depot, shop] = [t.demo.sites[0].id, t.demo.sites[1].id];
  asWarehouse = await t.as(t.demo.users.warehouse);
  asManager = await t.as(t.demo.users.manager);
  asOneSite = await t.as(t.demo.oneSite);
});
afterAll(async () => {
  expect(await findDisagreements(t.database)).toEqual([]);
  await t.close();
});

let made = 0;
/** An article with stock at the shop. */
async function article(quantity: number, more: Parameters<typeof addVariants>[3] = {}): Promise<TestVariant> {
  const sku = `ART-${String(++made).padStart(3, '0')}`;
  const [one] = await addVariants(t.database, t.demo, [sku], more);
  if (quantity > 0) await bringIn(t.deps.db, t.demo, shop, [{ variantId: one!.id, quantity }]);
  return one!;
}
const get = async (url: string, headers = asWarehouse) => {
  const answer = await t.call({ method: 'GET', url: `/api/v1${url}`, headers });
  return {
    status: answer.statusCode,
    body: answer.json<Record<string, unknown> & { items: Record<string, unknown>[] }>(),
  };
};
const post = async (url: string, payload?: object, headers: Record<string, string> = asWarehouse) => {
  const answer = await t.call({ method: 'POST', url: `/api/v1${url}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>(), headers: answer.headers };
};
const adjust = (one: TestVariant, quantity: string | number, more: object = {}) =>
  post('/stock/adjustments', { siteId: shop, sku: one.sku, quantity, reason: 'Se rompió', ...more });
const sell = (one: TestVariant, quantity: number) =>
  t.deps.db.withTenant(t.demo.tenantId, (tx) =>
    applyStock(tx, [
      {
        documentId: uuidv7(),
        operationId: null,
        userId: null,
        changes: [{ do: 'move', siteId: shop, variantId: one.id, kind: 'sale', quantity: -quantity, policy: 'refuse' }],
      },
    ]),
  );
const hold = (one: TestVariant, quantity: number) => {
  const change = {
    do: 'hold' as const,
    id: uuidv7(),
    siteId: shop,
    variantId: one.id,
    quantity,
    purpose: 'ticket' as const,
    ownerId: uuidv7(),
    expiresAt: null,
  };
  const group = { documentId: change.ownerId, operationId: null, userId: null, changes: [change] };
  return t.deps.db.withTenant(t.demo.tenantId, (tx) => applyStock(tx, [group]));
};
const costOf = async (one: TestVariant) => {
  const [row] = await t.database.query<{ cost: string; version: number }>(
    'SELECT cost, version FROM variant WHERE id = $1',
    [one.id],
  );
  return { cost: Number(row!.cost), version: row!.version };
};

describe('stock by site', () => {
  it('says what is there, held and available', async () => {
    const one = await article(10_000, { unit: 'kg', minStock: 2000 });
    await hold(one, 2500);
    const { body } = await get(`/stock?sku=${one.sku}`);
    expect(body).toEqual({
      items: [
        {
          siteId: shop,
          site: 'Tienda 1',
          variantId: one.id,
          sku: one.sku,
          name: `Producto ${one.sku}`,
          size: 'Única',
          colour: 'Único',
          unit: 'kg',
          onHand: '10.000',
          held: '2.500',
          available: '7.500',
          inTransit: '0.000',
          minStock: '2.000',
          maxStock: null,
          location: { id: expect.any(String) as string, name: 'Sala de ventas' },
          version: 2,
        },
      ],
      nextCursor: null,
    });
  });

  it('is found by name, part of the sku or a whole code; signs of patterns mean themselves', async () => {
    const one = await article(1000);
    await t.database.query('INSERT INTO variant_code (tenant_id, code, variant_id) VALUES ($1, $2, $3)', [
      t.demo.tenantId,
      '780%1',
      one.id,
    ]);
    const skus = async (q: string) =>
      (await get(`/stock?q=${encodeURIComponent(q)}`)).body.items.map((item) => item.sku);
    expect(await skus(one.sku.toLowerCase())).toEqual([one.sku]);
    expect(await skus(`Producto ${one.sku}`)).toEqual([one.sku]);
    expect(await skus('780%1')).toEqual([one.sku]);
    expect(await skus('%')).toEqual([]);
    expect((await get('/stock?sku=780%251')).body.items.map((item) => item.sku)).toEqual([one.sku]);
    expect((await get('/stock?sku=NOTHING')).body.items).toEqual([]);
  });

  it('comes in pages that miss and repeat nothing', async () => {
    const all = (await get('/stock?limit=200')).body.items.map((item) => item.sku);
    expect(all.length).toBeGreaterThan(1);
    const seen: unknown[] = [];
    let cursor: unknown = null;
    do {
      const page = await get(`/stock?limit=1${cursor === null ? '' : `&cursor=${String(cursor)}`}`);
      seen.push(...page.body.items.map((item) => item.sku));
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(all);
    expect((await get('/stock?cursor=bm90LW91cnM')).status).toBe(400);
  });

  it('is low at the minimum or below it', async () => {
    const [low, fine] = [await article(2000, { minStock: 2000 }), await article(2001, { minStock: 2000 })];
    for (const url of ['/stock/low?limit=200', '/stock?low=true&limit=200']) {
      const skus = (await get(url)).body.items.map((item) => item.sku);
      expect(skus).toContain(low.sku);
      expect(skus).not.toContain(fine.sku);
    }
  });

  it('warns when a correction or a count makes it low, until goods come', async () => {
    const one = await article(5000, { minStock: 2000 });
    const warnings = () =>
      t.database.query(
        'SELECT on_hand::text, ended_at IS NULL AS open FROM low_stock_event WHERE variant_id = $1 ORDER BY id',
        [one.id],
      );
    await adjust(one, -2);
    expect(await warnings()).toEqual([]);
    await adjust(one, -1);
    expect(await warnings()).toEqual([{ on_hand: '2.000', open: true }]);
    await post('/stock/entries', { siteId: shop, lines: [{ sku: one.sku, quantity: 1, unitCost: 1 }] });
    expect(await warnings()).toEqual([{ on_hand: '2.000', open: false }]);
    const id = String((await post('/stock/counts', { siteId: shop })).body.id);
    await post(`/stock/counts/${id}/lines`, { lines: [{ sku: one.sku, counted: 0 }] });
    await post(`/stock/counts/${id}/close`);
    expect((await warnings()).filter((warning) => warning.open)).toEqual([{ on_hand: '0.000', open: true }]);
  });

  it('of a site that one may not see is not shown anywhere', async () => {
    const one = await article(5000);
    for (const url of [
      '/stock',
      `/stock?siteId=${shop}`,
      '/stock/consolidated',
      '/stock/low',
      '/stock/entries',
      '/stock/counts',
    ]) {
      const { body } = await get(url, asOneSite);
      expect([url, JSON.stringify(body).includes(one.sku)]).toEqual([url, false]);
    }
    expect((await get(`/stock/by-site?sku=${one.sku}`, asOneSite)).body.items).toEqual([]);
    expect((await get(`/stock/${one.sku}/movements`, asOneSite)).body.items).toEqual([]);
    expect(
      (await post('/stock/adjustments', { siteId: shop, sku: one.sku, quantity: 1, reason: 'x' }, asOneSite)).body,
    ).toMatchObject({
      status: 422,
      code: 'unknown_site',
    });
  });
});

describe('stock of all sites', () => {
  const consolidated = async (one: TestVariant, headers = asWarehouse) =>
    (await get(`/stock/consolidated?q=${one.sku}`, headers)).body;

  it('is the sum over the sites that one sees, and new as soon as something was written', async () => {
    const one = await article(4000);
    expect((await consolidated(one)).items).toMatchObject([
      { sku: one.sku, onHand: '4.000', available: '4.000', sites: 1 },
    ]);
    await bringIn(t.deps.db, t.demo, depot, [{ variantId: one.id, quantity: 6000 }]);
    const both = await consolidated(one);
    expect(both.items).toMatchObject([{ onHand: '10.000', sites: 2 }]);
    expect(await consolidated(one)).toEqual(both);
    expect((await consolidated(one, asOneSite)).items).toMatchObject([{ onHand: '6.000', sites: 1 }]);
    await adjust(one, -1);
    expect((await consolidated(one)).items).toMatchObject([{ onHand: '9.000' }]);
    const { body } = await get(`/stock/by-site?sku=${one.sku}`);
    expect(body.items.map((item) => [item.site, item.onHand])).toEqual(
      expect.arrayContaining([
        ['Bodega 1', '6.000'],
        ['Tienda 1', '3.000'],
      ]),
    );
    expect((await get('/stock/by-site?sku=NOTHING')).status).toBe(404);
  });

  it('is answered by the database while Redis is away', async () => {
    const one = await article(4000);
    await consolidated(one);
    t.deps.redis.disconnect(true);
    await sell(one, 1000);
    expect((await consolidated(one)).items).toMatchObject([{ onHand: '3.000' }]);
  });
});

describe('an adjustment', () => {
  it('changes the level by its difference, once for a key, and says why', async () => {
    const one = await article(5000);
    const key = { ...asWarehouse, 'idempotency-key': uuidv7() };
    const payload = { siteId: shop, sku: one.sku, quantity: '-2', reason: ' Merma ' };
    const first = await post('/stock/adjustments', payload, key);
    expect(first).toMatchObject({
      status: 201,
      body: { siteId: shop, sku: one.sku, quantity: '-2.000', onHand: '3.000', available: '3.000', version: 2 },
    });
    const again = await post('/stock/adjustments', payload, key);
    expect([again.body, again.headers['idempotency-replayed']]).toEqual([first.body, 'true']);
    const { body } = await get(`/stock/${one.sku}/movements`);
    expect(body.items[0]).toMatchObject({ kind: 'adjustment', quantity: '-2.000', balance: '3.000', reason: 'Merma' });
    const audit = await get(`/audit?entityType=variant&entityId=${one.id}`, asManager);
    expect(audit.body.items).toMatchObject([{ action: 'stock.adjusted', after: { onHand: '3.000', reason: 'Merma' } }]);
  });

  it('takes no more than lies there, unless the site may go below zero', async () => {
    const one = await article(2000);
    expect(await adjust(one, -3)).toMatchObject({
      status: 409,
      body: { code: 'insufficient_stock', lines: [{ sku: one.sku, wanted: '3.000', available: '2.000' }] },
    });
    const nowhere = await article(0);
    expect((await adjust(nowhere, -1)).body).toMatchObject({ code: 'insufficient_stock' });
    const allow = async (allowNegative: boolean) => {
      const [site] = await t.database.query<{ version: number }>('SELECT version FROM site WHERE id = $1', [shop]);
      const payload = { version: site!.version, allowNegative };
      const headers = await t.as(t.demo.users.admin);
      return (await t.call({ method: 'PATCH', url: `/api/v1/sites/${shop}`, headers, payload })).statusCode;
    };
    const short = await article(5000);
    await hold(short, 4000);
    await adjust(short, -3);
    const shortages = async () => (await get(`/stock/shortages?siteId=${shop}`)).body.items.map((item) => item.sku);
    expect(await shortages()).toEqual([short.sku]);
    expect(await allow(true)).toBe(200);
    expect(await shortages()).toEqual([]);
    expect((await adjust(one, -3)).body).toMatchObject({ onHand: '-1.000' });
    expect(await allow(false)).toBe(422);
    expect([(await adjust(one, 1)).status, (await adjust(short, 2)).status]).toEqual([201, 201]);
    expect(await allow(false)).toBe(200);
    expect((await adjust(one, -1)).status).toBe(409);
  });

  it('may lose what is promised, and says that someone has to see to it', async () => {
    const one = await article(5000);
    await hold(one, 4000);
    expect((await adjust(one, -3)).body).toMatchObject({ onHand: '2.000', available: '-2.000' });
    const { body } = await get('/stock/shortages?limit=200');
    expect(body.items.filter((item) => item.sku === one.sku)).toMatchObject([{ onHand: '2.000', held: '4.000' }]);
  });

  it('is refused with what is wrong with it', async () => {
    const one = await article(5000);
    expect((await adjust(one, 0)).body).toMatchObject({ status: 422, code: 'bad_quantity', skus: [one.sku] });
    expect((await adjust(one, '0.5')).body).toMatchObject({ status: 422, code: 'quantity_not_whole', skus: [one.sku] });
    expect((await adjust(one, 1, { sku: 'NOTHING' })).body).toMatchObject({ code: 'unknown_sku', skus: ['NOTHING'] });
    expect((await adjust(one, 1, { reason: ' ' })).status).toBe(400);
    expect((await adjust(one, '1,5')).status).toBe(400);
    const byWeight = await article(1000, { unit: 'kg' });
    expect((await adjust(byWeight, '-0.355')).body).toMatchObject({ onHand: '0.645' });
  });
});

describe('an entry', () => {
  const enter = (lines: object[], more: object = {}) => post('/stock/entries', { siteId: shop, lines, ...more });

  it('brings goods with their cost, and the mean cost by weight follows', async () => {
    const one = await article(10_000, { cost: 100 });
    const fresh = await article(0);
    const { status, body } = await enter(
      [
        { sku: one.sku, quantity: 10, unitCost: { amount: 200, currency: 'CLP' } },
        { sku: fresh.sku, quantity: '3', unitCost: 990 },
      ],
      { supplier: 'Proveedora', reference: 'F-123', note: null },
    );
    expect(status).toBe(201);
    expect(await costOf(one)).toEqual({ cost: 150, version: 2 });
    expect(await costOf(fresh)).toEqual({ cost: 990, version: 2 });
    const entry = await get(`/stock/entries/${String(body.id)}`);
    expect(entry.body).toMatchObject({
      number: body.number,
      site: { id: shop },
      supplier: 'Proveedora',
      reference: 'F-123',
      note: null,
      lineCount: 2,
      totalCost: { amount: 4970, currency: 'CLP' },
      lines: [
        { sku: one.sku, quantity: '10.000', unitCost: { amount: 200 }, total: { amount: 2000 } },
        { sku: fresh.sku, quantity: '3.000', unitCost: { amount: 990 }, total: { amount: 2970 } },
      ],
    });
    const list = await get('/stock/entries?limit=1');
    expect(list.body.items).toMatchObject([{ id: body.id, lineCount: 2 }]);
    const { body: history } = await get(`/stock/${one.sku}/movements`);
    expect(history.items[0]).toMatchObject({
      kind: 'entry',
      unitCost: { amount: 200, currency: 'CLP' },
      document: { type: 'entry', id: body.id, number: body.number },
      user: { name: 'warehouse' },
    });
  });

  it('tells the till what came, not what it cost', async () => {
    const one = await article(0);
    const { body } = await enter([{ sku: one.sku, quantity: 2, unitCost: 700 }]);
    const asCashier = await t.as(t.demo.users.cashier);
    const entry = await get(`/stock/entries/${String(body.id)}`, asCashier);
    expect(entry.body).toMatchObject({ totalCost: null, lines: [{ quantity: '2.000', unitCost: null, total: null }] });
    expect((await get('/stock/entries?limit=1', asCashier)).body.items).toMatchObject([
      { id: body.id, totalCost: null },
    ]);
    const movements = await get(`/stock/${one.sku}/movements`, asCashier);
    expect(movements.body.items).toMatchObject([{ kind: 'entry', unitCost: null }]);
  });

  it('counts stock of every site in the mean, lines of one article each for itself, and entries at once one after the other', async () => {
    const one = await article(10_000, { cost: 100 });
    await bringIn(t.deps.db, t.demo, depot, [{ variantId: one.id, quantity: 10_000 }]);
    await enter([
      { sku: one.sku, quantity: 10, unitCost: 400 },
      { sku: one.sku, quantity: 10, unitCost: 400 },
    ]);
    expect((await costOf(one)).cost).toBe(250);
    await Promise.all([1, 2, 3, 4].map(() => enter([{ sku: one.sku, quantity: 10, unitCost: 250 }])));
    expect((await costOf(one)).cost).toBe(250);
  });

  it('is all or nothing', async () => {
    const one = await article(1000);
    const refused = await enter([
      { sku: one.sku, quantity: 1, unitCost: 1 },
      { sku: 'NOTHING', quantity: 1, unitCost: 1 },
    ]);
    expect(refused.body).toMatchObject({ status: 422, code: 'unknown_sku' });
    expect((await enter([{ sku: one.sku, quantity: 0, unitCost: 1 }])).body).toMatchObject({ code: 'bad_quantity' });
    expect((await enter([])).status).toBe(400);
    expect((await get(`/stock?sku=${one.sku}`)).body.items).toMatchObject([{ onHand: '1.000' }]);
  });
});

describe('a count', () => {
  const start = async () => String((await post('/stock/counts', { siteId: shop })).body.id);
  const count = (id: string, lines: object[]) => post(`/stock/counts/${id}/lines`, { lines });
  const close = (id: string) => post(`/stock/counts/${id}/close`);

  it('posts what differs from what was expected when it was counted, whatever is sold meanwhile', async () => {
    const [less, right, more] = [await article(10_000), await article(5000), await article(0)];
    const id = await start();
    await sell(less, 1000);
    const counted = await count(id, [
      { sku: less.sku, counted: 7 },
      { sku: right.sku, counted: '5' },
      { sku: more.sku, counted: 2 },
    ]);
    expect(counted.body).toMatchObject({
      lines: [
        { sku: less.sku, expected: '9.000', counted: '7.000', difference: '-2.000' },
        { sku: right.sku, expected: '5.000', counted: '5.000', difference: '0.000' },
        { sku: more.sku, expected: '0.000', counted: '2.000', difference: '2.000' },
      ],
    });
    await sell(less, 3000);
    await sell(right, 1000);
    const closed = await close(id);
    expect(closed).toMatchObject({
      status: 200,
      body: {
        differences: [
          { sku: less.sku, difference: '-2.000' },
          { sku: more.sku, difference: '2.000' },
        ],
      },
    });
    const onHand = async (one: TestVariant) => (await get(`/stock?sku=${one.sku}`)).body.items[0]!.onHand;
    expect([await onHand(less), await onHand(right), await onHand(more)]).toEqual(['4.000', '4.000', '2.000']);
    const { body } = await get(`/stock/counts/${id}`);
    expect(body).toMatchObject({ state: 'closed', lineCount: 3, differenceCount: 2, closedBy: { name: 'warehouse' } });
    expect(body.lines).toMatchObject([
      { sku: less.sku, expected: '9.000', onHand: '4.000' },
      { sku: right.sku, expected: '5.000', onHand: '4.000' },
      { sku: more.sku, expected: '0.000', onHand: '2.000' },
    ]);
    const { body: history } = await get(`/stock/${less.sku}/movements`);
    expect(history.items[0]).toMatchObject({ kind: 'count', document: { type: 'count', id, number: body.number } });
  });

  it('counted again takes the later number, and one may not count twice in one breath', async () => {
    const one = await article(10_000);
    const id = await start();
    await count(id, [{ sku: one.sku, counted: 1 }]);
    await sell(one, 2000);
    await count(id, [{ sku: one.sku, counted: 8 }]);
    const twice = [
      { sku: one.sku, counted: 1 },
      { sku: one.sku, counted: 2 },
    ];
    expect((await count(id, twice)).body).toMatchObject({ code: 'duplicate_sku', skus: [one.sku] });
    expect((await close(id)).body).toEqual({ differences: [] });
  });

  it('is one at a time at a site, and over when it is over', async () => {
    const one = await article(1000);
    const id = await start();
    expect((await post('/stock/counts', { siteId: shop })).body).toMatchObject({
      status: 422,
      code: 'count_open',
      countId: id,
    });
    await count(id, [{ sku: one.sku, counted: 0 }]);
    expect((await get(`/stock/counts/${id}`)).body).toMatchObject({
      state: 'open',
      uncounted: expect.any(Number) as number,
    });
    expect((await post(`/stock/counts/${id}/cancel`)).body).toEqual({ id, state: 'cancelled' });
    for (const answer of [
      await close(id),
      await count(id, [{ sku: one.sku, counted: 0 }]),
      await post(`/stock/counts/${id}/cancel`),
    ]) {
      expect(answer.body).toMatchObject({ status: 422, code: 'count_ended', state: 'cancelled' });
    }
    expect((await get(`/stock?sku=${one.sku}`)).body.items).toMatchObject([{ onHand: '1.000' }]);
    expect((await get('/stock/counts?limit=1')).body.items).toMatchObject([{ id, state: 'cancelled' }]);
  });

  it('closed by two at once is posted once', async () => {
    const one = await article(10_000);
    const id = await start();
    await count(id, [{ sku: one.sku, counted: 4 }]);
    const codes = (await Promise.all([close(id), close(id)])).map(({ status }) => status);
    expect(codes.sort()).toEqual([200, 422]);
    expect((await get(`/stock?sku=${one.sku}`)).body.items).toMatchObject([{ onHand: '4.000' }]);
  });
});

describe('the history of an article', () => {
  it('runs newest first with the balance of its site, in pages, of one site or of all', async () => {
    const one = await article(20_000);
    await bringIn(t.deps.db, t.demo, depot, [{ variantId: one.id, quantity: 9000 }]);
    for (let turn = 0; turn < 7; turn++) await sell(one, 1000);
    const walk = async (query: string) => {
      const seen: Record<string, unknown>[] = [];
      let cursor: unknown = null;
      do {
        const page = await get(
          `/stock/${one.sku}/movements?limit=2${query}${cursor === null ? '' : `&cursor=${String(cursor)}`}`,
        );
        seen.push(...page.body.items);
        cursor = page.body.nextCursor;
      } while (cursor !== null);
      return seen;
    };
    const ofShop = await walk(`&siteId=${shop}`);
    expect(ofShop.map((item) => item.balance)).toEqual([13, 14, 15, 16, 17, 18, 19, 20].map((n) => `${n}.000`));
    const all = await walk('');
    expect(all).toHaveLength(9);
    expect(new Set(all.map((item) => item.id)).size).toBe(9);
    expect(all.filter((item) => item.siteId === shop)).toEqual(ofShop);
    expect((await get('/stock/NOTHING/movements')).status).toBe(404);
  });
});

it('what the reconciliation found is shown', async () => {
  const one = await article(5000);
  await t.database.query(
    `INSERT INTO stock_finding (tenant_id, id, site_id, variant_id, kind, expected, found, repaired_at)
     VALUES ($1, $2, $3, $4, 'cache', 5, 6, now())`,
    [t.demo.tenantId, uuidv7(), shop, one.id],
  );
  const { body } = await get('/stock/findings?limit=1');
  expect(body.items).toMatchObject([{ sku: one.sku, kind: 'cache', expected: '5.000', found: '6.000' }]);
  expect((await get('/stock/findings', asOneSite)).body.items).toEqual([]);
});
