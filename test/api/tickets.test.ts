import { randomUUID } from 'node:crypto';
import { buildTestApp, type TestApp } from '../support/app';
import { addVariants, bringIn, findDisagreements, type TestVariant } from '../support/stock';
import { createTill, type TestTill } from '../support/till';

let t: TestApp;
let cashier: Record<string, string>;
let till: TestTill;
beforeAll(async () => {
  t = await buildTestApp();
  cashier = await t.as(t.demo.users.cashier);
  till = await createTill(t.database, t.deps.db, t.demo);
});
afterAll(() => t.close());

const post = (url: string, payload?: object) =>
  t.call({ method: 'POST', url: `/api/v1${url}`, headers: cashier, ...(payload && { payload }) });

async function article(stock: number): Promise<TestVariant> {
  const [made] = await addVariants(t.database, t.demo, [`A-${randomUUID()}`]);
  await bringIn(t.deps.db, t.demo, till.siteId, [{ variantId: made!.id, quantity: stock * 1000 }]);
  return made!;
}

const lines = (...articles: [TestVariant, number][]) => articles.map(([{ sku }, quantity]) => ({ sku, quantity }));
const where = () => ({ siteId: till.siteId, registerId: till.registerId });
const park = (cart: object[], more: object = {}) => post('/tickets', { ...where(), lines: cart, ...more });
const sell = (cart: { quantity: number }[], more: object = {}) =>
  post('/sales', {
    ...where(),
    lines: cart,
    payments: [{ method: 'card', amount: cart.reduce((sum, { quantity }) => sum + quantity * 1000, 0) }],
    ...more,
  });

async function level({ id }: TestVariant): Promise<[number, number]> {
  const [row] = await t.database.query<{ on_hand: string; held: string }>(
    'SELECT on_hand, held FROM stock_level WHERE variant_id = $1',
    [id],
  );
  return [Number(row!.on_hand), Number(row!.held)];
}

describe('a parked ticket', () => {
  it('keeps its goods from others until its own sale takes them', async () => {
    const coat = await article(2);
    const { id } = (await park(lines([coat, 2]), { name: 'Señora del abrigo' })).json<{ id: string }>();
    expect(await level(coat)).toEqual([2, 2]);
    expect((await sell(lines([coat, 1]))).json()).toMatchObject({ code: 'insufficient_stock' });
    const list = await t.call({
      method: 'GET',
      url: `/api/v1/tickets?registerId=${till.registerId}`,
      headers: cashier,
    });
    expect(list.json<{ items: object[] }>().items).toContainEqual(
      expect.objectContaining({ id, name: 'Señora del abrigo', state: 'parked', lineCount: 1 }),
    );
    expect((await post(`/tickets/${id}/resume`)).json()).toMatchObject({
      lines: [{ sku: coat.sku, quantity: '2.000', price: { amount: 1000 } }],
    });
    expect(await level(coat)).toEqual([2, 2]);
    expect((await sell(lines([coat, 2]), { ticketId: id })).statusCode).toBe(201);
    expect(await level(coat)).toEqual([0, 0]);
    expect((await sell(lines([coat, 2]), { ticketId: id })).json()).toMatchObject({ code: 'ticket_ended' });
  });

  it('is sold with other things in it: what was left out is free again, what came in is taken from the shelf', async () => {
    const [kept, left, added] = [await article(5), await article(5), await article(5)];
    const { id } = (await park(lines([kept, 1], [left, 3]))).json<{ id: string }>();
    expect((await sell(lines([kept, 2], [added, 1]), { ticketId: id })).statusCode).toBe(201);
    expect([await level(kept), await level(left), await level(added)]).toEqual([
      [3, 0],
      [5, 0],
      [4, 0],
    ]);
  });

  it('that cannot be sold stays parked with all that it holds', async () => {
    const [held, scarce] = [await article(2), await article(1)];
    const { id } = (await park(lines([held, 2]))).json<{ id: string }>();
    expect((await sell(lines([held, 2], [scarce, 2]), { ticketId: id })).statusCode).toBe(409);
    expect(await level(held)).toEqual([2, 2]);
    expect((await sell(lines([held, 2], [scarce, 1]), { ticketId: id })).statusCode).toBe(201);
  });

  it('is sold once, though two tills charge it at the same time', async () => {
    const shared = await article(4);
    const { id } = (await park(lines([shared, 2]))).json<{ id: string }>();
    const answers = await Promise.all([1, 2, 3].map(() => sell(lines([shared, 2]), { ticketId: id })));
    expect(answers.filter((one) => one.statusCode === 201)).toHaveLength(1);
    expect(await level(shared)).toEqual([2, 0]);
  });

  it('holds what is there, and says what is not', async () => {
    const [there, scarce] = [await article(3), await article(1)];
    const answer = await park(lines([there, 1], [scarce, 2]));
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      { id: expect.any(String) as string, short: [{ sku: scarce.sku, wanted: '2.000', available: '1.000' }] },
    ]);
    expect([await level(there), await level(scarce)]).toEqual([
      [3, 1],
      [1, 0],
    ]);
  });

  it('lets everything go when it is dropped, and when another one takes its place', async () => {
    const scarf = await article(3);
    const first = (await park(lines([scarf, 3]))).json<{ id: string }>().id;
    const second = (await park(lines([scarf, 2]), { replaces: first })).json<{ id: string; short?: unknown }>();
    expect(second.short).toBeUndefined();
    expect(await level(scarf)).toEqual([3, 2]);
    expect((await post(`/tickets/${second.id}/drop`)).statusCode).toBe(200);
    expect(await level(scarf)).toEqual([3, 0]);
    expect((await post(`/tickets/${second.id}/resume`)).json()).toMatchObject({ code: 'ticket_ended' });
    expect((await post(`/tickets/${first}/drop`)).json()).toMatchObject({ code: 'ticket_ended' });
  });

  it('is refused for what is not sold here', async () => {
    expect((await park([{ sku: 'NADIE', quantity: 1 }])).json()).toMatchObject({ code: 'unknown_sku' });
    const [one] = till.variants;
    expect((await park([{ sku: one!.sku, quantity: '0.5' }])).json()).toMatchObject({ code: 'quantity_not_whole' });
    expect((await sell([], { ticketId: randomUUID() })).statusCode).toBe(400);
    const payments = [{ method: 'cash', amount: 1190 }];
    expect((await sell(lines([one!, 1]), { ticketId: randomUUID(), payments })).json()).toMatchObject({
      code: 'unknown_ticket',
    });
  });
});

describe('afterwards', () => {
  it('ledger, levels and holds agree', async () => {
    expect(await findDisagreements(t.database)).toEqual([]);
  });
});
