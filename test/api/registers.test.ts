import { randomUUID } from 'node:crypto';
import { buildTestApp, type TestApp } from '../support/app';
import { createShop } from '../support/shop';

let t: TestApp;
let manager: { authorization: string };
let cashier: { authorization: string };
beforeAll(async () => {
  t = await buildTestApp();
  [manager, cashier] = [await t.as(t.demo.users.manager), await t.as(t.demo.users.cashier)];
});
afterAll(() => t.close());

const clp = (amount: number) => ({ amount, currency: 'CLP' });
const post = (url: string, payload: object, headers = cashier, key = randomUUID()) =>
  t.call({ method: 'POST', url: `/api/v1${url}`, payload, headers: { ...headers, 'idempotency-key': key } });
const get = (url: string) => t.call({ method: 'GET', url: `/api/v1${url}`, headers: cashier });

async function newRegister(): Promise<string> {
  const answer = await post('/registers', { siteId: t.demo.sites[1].id, name: `Caja ${randomUUID()}` }, manager);
  expect(answer.statusCode).toBe(201);
  return answer.json<{ id: string }>().id;
}

describe('a register', () => {
  it('has one open session, however often it is opened', async () => {
    const id = await newRegister();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(`/registers/${id}/open`, { float: 50_000 })),
    );
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 422, 422, 422, 422]);
    expect(answers.find((answer) => answer.statusCode === 422)?.json()).toMatchObject({ code: 'register_open' });
    const list = await get(`/registers?siteId=${t.demo.sites[1].id}`);
    const item = list.json<{ items: { id: string; session: unknown }[] }>().items.find((one) => one.id === id);
    expect(item?.session).toMatchObject({ float: clp(50_000), openedBy: { name: 'cashier' } });
  });

  it('keeps its name to itself within a site', async () => {
    const register = { siteId: t.demo.sites[1].id, name: 'Caja repetida' };
    expect((await post('/registers', register, manager)).statusCode).toBe(201);
    expect((await post('/registers', register, manager)).json()).toMatchObject({ code: 'register_name_taken' });
    expect((await post('/registers', register, cashier)).statusCode).toBe(403);
  });

  it('counts its drawer: float, cash in and out, what is missing at the close', async () => {
    const id = await newRegister();
    await post(`/registers/${id}/open`, { float: clp(20_000) });
    expect((await post(`/registers/${id}/cash`, { amount: 5_000, reason: 'Sencillo' })).json()).toMatchObject({
      expected: clp(25_000),
    });
    await post(`/registers/${id}/cash`, { amount: -7_500, reason: 'Retiro' });
    expect((await post(`/registers/${id}/cash`, { amount: -17_501, reason: 'Retiro' })).json()).toMatchObject({
      code: 'not_enough_cash',
      available: clp(17_500),
    });
    expect((await get(`/registers/${id}/report`)).json()).toMatchObject({
      cash: { float: clp(20_000), in: clp(5_000), out: clp(7_500), expected: clp(17_500) },
    });
    const key = randomUUID();
    const closed = await post(`/registers/${id}/close`, { counted: 17_000, note: 'Falta un billete' }, cashier, key);
    expect(closed.json()).toMatchObject({
      zNumber: 1,
      expected: clp(17_500),
      counted: clp(17_000),
      difference: clp(-500),
      report: { session: { zNumber: 1, note: 'Falta un billete' } },
    });
    expect(
      (await post(`/registers/${id}/close`, { counted: 17_000, note: 'Falta un billete' }, cashier, key)).json(),
    ).toEqual(closed.json());
    expect((await get(`/registers/${id}/report`)).json()).toMatchObject({ code: 'register_closed' });
    expect((await post(`/registers/${id}/cash`, { amount: 1, reason: 'x' })).json()).toMatchObject({
      code: 'register_closed',
    });
  });

  it('numbers its Z reports without gaps and keeps them', async () => {
    const id = await newRegister();
    for (const z of [1, 2, 3]) {
      await post(`/registers/${id}/open`, { float: 0 });
      expect((await post(`/registers/${id}/close`, { counted: 0 })).json()).toMatchObject({ zNumber: z });
    }
    const first = (await get(`/registers/${id}/sessions?limit=2`)).json<{
      items: { id: string; zNumber: number }[];
      nextCursor: string;
    }>();
    expect(first.items.map((one) => one.zNumber)).toEqual([3, 2]);
    const rest = (await get(`/registers/${id}/sessions?limit=2&cursor=${first.nextCursor}`)).json<{
      items: { zNumber: number }[];
      nextCursor: null;
    }>();
    expect([rest.items.map((one) => one.zNumber), rest.nextCursor]).toEqual([[1], null]);
    const detail = await get(`/register-sessions/${first.items[0]!.id}`);
    expect(detail.json()).toMatchObject({ zNumber: 3, difference: clp(0), report: { session: { zNumber: 3 } } });
  });

  it('is in one list with the others of its site, the last opened first, page by page', async () => {
    const ids = [await newRegister(), await newRegister(), await newRegister()];
    for (const id of ids) await post(`/registers/${id}/open`, { float: 0 });
    const read = async (query: string) =>
      (await get(`/register-sessions?${query}`)).json<{
        items: { register: { id: string }; site: { id: string }; closedAt: string | null }[];
        nextCursor: string | null;
      }>();
    const siteId = t.demo.sites[1].id;
    const first = await read(`siteId=${siteId}&limit=2`);
    const next = await read(`siteId=${siteId}&limit=1&cursor=${first.nextCursor}`);
    expect([...first.items, ...next.items]).toMatchObject(
      [...ids].reverse().map((id) => ({ register: { id }, site: { id: siteId }, closedAt: null })),
    );
    expect((await read(`registerId=${ids[0]}`)).items).toMatchObject([{ register: { id: ids[0] } }]);
    expect((await read(`siteId=${t.demo.sites[0].id}`)).items).toEqual([]);
    expect((await get(`/register-sessions?registerId=${randomUUID()}`)).statusCode).toBe(404);
  });

  it('adds up sales, voids and returns', async () => {
    const shop = await createShop(t.database, t.demo, { name: 'Caja de sumas' });
    await shop.sell(3);
    await shop.sell(1, { kind: 'return_sale' });
    expect((await get(`/registers/${shop.registerId}/report`)).json()).toMatchObject({
      sales: { count: 3, total: clp(5_970) },
      voids: { count: 0, total: clp(0) },
      returns: { count: 1, total: clp(1_990) },
      tax: [{ rate: 0.19, base: clp(3_344), tax: clp(636) }],
    });
  });
});
