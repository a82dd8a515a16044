import { randomUUID } from 'node:crypto';
import { buildTestApp, type TestApp } from '../support/app';
import { addVariants, bringIn, findDisagreements } from '../support/stock';
import { addRegister, createTill, type TestTill } from '../support/till';

let t: TestApp;
let cashier: Record<string, string>;
let manager: Record<string, string>;
let till: TestTill;
beforeAll(async () => {
  t = await buildTestApp();
  [cashier, manager] = [await t.as(t.demo.users.cashier), await t.as(t.demo.users.manager)];
  till = await createTill(t.database, t.deps.db, t.demo, { stock: 1000 });
});
afterAll(() => t.close());

const clp = (amount: number) => ({ amount, currency: 'CLP' });
const post = (url: string, payload: object, headers = manager, key: string = randomUUID()) =>
  t.call({ method: 'POST', url: `/api/v1${url}`, payload, headers: { ...headers, 'idempotency-key': key } });
const get = (url: string) => t.call({ method: 'GET', url: `/api/v1${url}`, headers: manager });

interface Accepted {
  saleId: string;
  operationId: string;
  number: number;
}

/** Three of the first, one of the second, for 4760. */
async function sell(change: object = {}): Promise<Accepted> {
  const answer = await post('/sales', {
    siteId: till.siteId,
    registerId: till.registerId,
    lines: [
      { sku: till.variants[0]!.sku, quantity: 3 },
      { sku: till.variants[1]!.sku, quantity: 1 },
    ],
    payments: [
      { method: 'card', amount: 760 },
      { method: 'cash', amount: 5000 },
    ],
    ...change,
  });
  expect(answer.statusCode).toBe(201);
  return answer.json<Accepted>();
}

const stock = async (): Promise<number[]> => {
  const rows = await t.database.query<{ on_hand: string }>(
    'SELECT on_hand::text FROM stock_level WHERE site_id = $1 AND variant_id = ANY ($2::uuid[]) ORDER BY variant_id',
    [till.siteId, till.variants.map(({ id }) => id)],
  );
  return rows.map((row) => Number(row.on_hand));
};

describe('a void', () => {
  it('brings stock and money back, as a document and an operation of its own', async () => {
    const before = await stock();
    const cash = async () =>
      (await get(`/registers/${till.registerId}/report`)).json<{ cash: { expected: { amount: number } } }>().cash
        .expected.amount;
    const drawer = await cash();
    const sale = await sell();
    expect(await cash()).toBe(drawer + 4000);
    const answer = await post(`/sales/${sale.saleId}/void`, { reason: 'Se equivocó de talla' });
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      expect.objectContaining({ total: clp(4760), tax: clp(760) }),
    ]);
    const made = answer.json<Accepted>();
    expect(made.number).toBe(sale.number + 1);
    expect([await stock(), await cash()]).toEqual([before, drawer]);
    const [operation] = await t.database.query('SELECT kind, state FROM operation WHERE id = $1', [made.operationId]);
    expect(operation).toEqual({ kind: 'void_sale', state: 'pending' });
    expect((await get(`/sales/${sale.saleId}`)).json()).toMatchObject({
      voided: true,
      voidable: false,
      followers: [{ kind: 'void', number: made.number }],
      operationId: sale.operationId,
    });
    expect((await get(`/sales/${made.saleId}`)).json()).toMatchObject({
      kind: 'void',
      originalId: sale.saleId,
      reason: 'Se equivocó de talla',
      payments: [
        { method: 'card', amount: clp(760) },
        { method: 'cash', amount: clp(4000) },
      ],
    });
  });

  it('happens once, however many try at the same time', async () => {
    const { saleId } = await sell();
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(`/sales/${saleId}/void`, { reason: 'x' })));
    expect(answers.map((one) => one.statusCode).sort()).toEqual([201, 422, 422, 422, 422, 422]);
    expect(answers.find((one) => one.statusCode === 422)!.json()).toMatchObject({ code: 'already_voided' });
  });

  it('needs the permission, the same day, a whole sale and an open register', async () => {
    const { saleId } = await sell();
    const refuse = async (payload: object, code: string, of = saleId, headers = manager) => {
      expect((await post(`/sales/${of}/void`, payload, headers)).json()).toMatchObject({ code });
    };
    await refuse({ reason: 'x' }, 'forbidden', saleId, cashier);
    await refuse({ reason: 'x', registerId: randomUUID() }, 'unknown_register');
    await post(`/sales/${saleId}/return`, {
      lines: [{ line: 1, quantity: 1 }],
      payments: [{ method: 'cash', amount: 1190 }],
      reason: 'x',
    });
    await refuse({ reason: 'x' }, 'sale_has_returns');

    const late = (await sell()).saleId;
    await t.database.query(`UPDATE sale SET at = at - interval '25 hours' WHERE id = $1`, [late]);
    await refuse({ reason: 'x' }, 'void_too_late', late);
    const { registerId } = await addRegister(t.database, t.demo, till.siteId);
    const other = (await sell({ registerId })).saleId;
    await post(`/registers/${registerId}/close`, { counted: 0 });
    await refuse({ reason: 'x' }, 'register_closed', other);
    // Another drawer of the shop can pay.
    expect((await post(`/sales/${other}/void`, { reason: 'x', registerId: till.registerId })).statusCode).toBe(201);
    const made = (await get('/sales?kind=void&limit=1')).json<{ items: { id: string }[] }>().items[0]!;
    await refuse({ reason: 'x' }, 'not_a_sale', made.id);
  });
});

describe('a return with receipt', () => {
  it('takes back what is left, part by part, for what was paid', async () => {
    const [odd] = await addVariants(t.database, t.demo, [`KG-${randomUUID()}`], { price: 999, unit: 'kg' });
    await bringIn(t.deps.db, t.demo, till.siteId, [{ variantId: odd!.id, quantity: 5000 }]);
    // 999 × 1.001 = 999.999, paid as 1000
    const { saleId } = await sell({
      lines: [{ sku: odd!.sku, quantity: '1.001' }],
      payments: [{ method: 'cash', amount: 1000 }],
    });
    const back = (quantity: string, amount: number) =>
      post(`/sales/${saleId}/return`, {
        lines: [{ line: 1, quantity }],
        payments: [{ method: 'cash', amount }],
        reason: 'No gustó',
      });
    expect((await back('0.500', 499)).json()).toMatchObject({ code: 'payments_mismatch', total: clp(500) });
    expect((await back('0.500', 500)).statusCode).toBe(201);
    expect((await back('0.502', 500)).json()).toMatchObject({ code: 'more_than_sold', left: '0.501' });
    // The last part takes what rounding left: 500 + 500 = 1000.
    expect((await back('0.501', 500)).json()).toMatchObject({ total: clp(500) });
    expect((await back('0.001', 1)).json()).toMatchObject({ code: 'more_than_sold', left: '0.000' });
    expect((await get(`/sales/${saleId}`)).json()).toMatchObject({
      returned: clp(1000),
      lines: [{ returned: '1.001' }],
    });
  });

  it('gives no more back than was sold, however many try at the same time', async () => {
    const { saleId } = await sell();
    const before = await stock();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        post(`/sales/${saleId}/return`, {
          lines: [{ line: 1, quantity: 2 }],
          payments: [{ method: 'transfer', amount: 2380 }],
          reason: 'x',
        }),
      ),
    );
    expect(answers.filter((one) => one.statusCode === 201)).toHaveLength(1);
    expect((await stock())[0]).toBe(before[0]! + 2);
  });

  it('puts nothing on the shelf that cannot be sold again', async () => {
    const { saleId } = await sell();
    const before = await stock();
    const answer = await post(`/sales/${saleId}/return`, {
      lines: [{ line: 2, quantity: 1 }],
      payments: [{ method: 'cash', amount: 1190 }],
      reason: 'Vino roto',
      restock: false,
    });
    expect([answer.statusCode, await stock()]).toEqual([201, before]);
  });

  it('is of the sale: no other line, no void sale, whole pieces', async () => {
    const { saleId } = await sell();
    const refuse = async (line: object, code: string) => {
      const payload = { lines: [line], payments: [{ method: 'cash', amount: 1190 }], reason: 'x' };
      expect((await post(`/sales/${saleId}/return`, payload, cashier)).json()).toMatchObject({ code });
    };
    await refuse({ line: 3, quantity: 1 }, 'unknown_line');
    await refuse({ line: 1, quantity: '0.5' }, 'quantity_not_whole');
    await refuse({ line: 1, quantity: 0 }, 'bad_quantity');
    await post(`/sales/${saleId}/void`, { reason: 'x' });
    await refuse({ line: 1, quantity: 1 }, 'already_voided');
  });
});

describe('a return without receipt', () => {
  const payload = (change: object = {}) => ({
    siteId: till.siteId,
    registerId: till.registerId,
    lines: [{ sku: till.variants[0]!.sku, quantity: 2, unitPrice: 1000 }],
    payments: [{ method: 'cash', amount: 2000 }],
    reason: 'Sin boleta',
    ...change,
  });

  it('is for those who may, at the price that they name', async () => {
    const before = await stock();
    expect((await post('/returns', payload(), cashier)).statusCode).toBe(403);
    expect((await post('/returns', payload())).json()).toMatchObject({ total: clp(2000), tax: clp(319) });
    expect((await stock())[0]).toBe(before[0]! + 2);
    expect((await post('/returns', payload({ lines: [{ sku: 'NADIE', quantity: 1 }] }))).json()).toMatchObject({
      code: 'unknown_sku',
    });
  });
});

describe('what was sold', () => {
  it('is listed newest first, page by page, and found by number and by customer', async () => {
    const { registerId } = await addRegister(t.database, t.demo, till.siteId);
    const made: Accepted[] = [];
    for (const name of ['Ana', 'Berta', 'Carla']) made.push(await sell({ registerId, customer: { name } }));
    const list = async (query: string) =>
      (await get(`/sales?registerId=${registerId}&${query}`)).json<{ items: { id: string }[]; nextCursor: string }>();
    const ids = made.map((one) => one.saleId).reverse();
    const first = await list('limit=2');
    const rest = await list(`limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].map((one) => one.id)).toEqual(ids);
    expect((await list('q=berta')).items.map((one) => one.id)).toEqual([made[1]!.saleId]);
    expect((await list(`q=${encodeURIComponent(`N° ${made[2]!.number}`)}`)).items.map((one) => one.id)).toEqual([
      made[2]!.saleId,
    ]);
  });

  it('makes the day, less what was voided', async () => {
    const [site] = await t.database.query<{ id: string }>(
      `INSERT INTO site (tenant_id, id, name, kind, allow_negative) VALUES ($1, gen_random_uuid(), 'Día', 'store', true) RETURNING id`,
      [t.demo.tenantId],
    );
    const { registerId } = await addRegister(t.database, t.demo, site!.id);
    const there = { siteId: site!.id, registerId };
    await sell(there);
    await sell(there);
    await post(`/sales/${(await sell(there)).saleId}/void`, { reason: 'x' });
    await post('/returns', {
      ...there,
      lines: [{ sku: till.variants[0]!.sku, quantity: 1, unitPrice: 500 }],
      payments: [{ method: 'cash', amount: 500 }],
      reason: 'x',
    });
    const today = (await get(`/today?siteId=${site!.id}`)).json<{ byHour: { count: number }[] }>();
    expect(today).toMatchObject({
      bySite: [{ site: { name: 'Día' }, count: 2, total: clp(9520) }],
      byProduct: [
        { sku: till.variants[0]!.sku, quantity: '6.000', total: clp(7140) },
        { sku: till.variants[1]!.sku, quantity: '2.000', total: clp(2380) },
      ],
      totals: { sales: clp(9520), count: 2, averageTicket: clp(4760), returns: { count: 1, total: clp(500) } },
    });
    expect(today.byHour.reduce((sum, one) => sum + one.count, 0)).toBe(2);
    expect((await get(`/today?siteId=${site!.id}&date=2020-01-01`)).json()).toMatchObject({
      date: '2020-01-01',
      totals: { count: 0, averageTicket: clp(0) },
    });
  });
});

describe('afterwards', () => {
  it('ledger and levels agree', async () => {
    expect(await findDisagreements(t.database)).toEqual([]);
  });
});
