import { randomUUID } from 'node:crypto';
import { admissionModes } from '../../domain/admission';
import { buildTestApp, type TestApp } from '../support/app';
import { addVariants, bringIn, findDisagreements, type TestVariant } from '../support/stock';
import { createTill, type TestTill } from '../support/till';

/** Whatever is asked before the database: it alone decides, and nobody is refused or served by what Redis believes. */
describe.each(admissionModes)('admission «%s»', (mode) => {
  let t: TestApp;
  let cashier: { authorization: string };
  let till: TestTill;
  let hash: string;
  beforeAll(async () => {
    t = await buildTestApp({ environment: { CHECKOUT_ADMISSION: mode } });
    cashier = await t.as(t.demo.users.cashier);
    till = await createTill(t.database, t.deps.db, t.demo);
    hash = `nervio:avail:${t.demo.tenantId}:${till.siteId}`;
  });
  afterAll(() => t.close());

  async function article(stock: number): Promise<TestVariant> {
    const [made] = await addVariants(t.database, t.demo, [`AD-${randomUUID()}`], { price: 1190 });
    if (stock > 0) await bring(made!, stock);
    return made!;
  }
  const bring = ({ id }: TestVariant, stock: number) =>
    bringIn(t.deps.db, t.demo, till.siteId, [{ variantId: id, quantity: stock * 1000 }]);
  const sell = ({ sku }: TestVariant, quantity = 1, key: string = randomUUID()) =>
    t.call({
      method: 'POST',
      url: '/api/v1/sales',
      headers: { ...cashier, 'idempotency-key': key },
      payload: {
        siteId: till.siteId,
        registerId: till.registerId,
        lines: [{ sku, quantity }],
        payments: [{ method: 'card', amount: 1190 * quantity }],
      },
    });
  const codeOf = async (sale: ReturnType<typeof sell>): Promise<string | number> => {
    const answer = await sale;
    return answer.statusCode === 201 ? 201 : answer.json<{ code: string }>().code;
  };
  const believe = (of: TestVariant, figure: string) => t.deps.redis.hset(hash, of.id, figure);
  /** From now on this process suspects the article. */
  const suspect = async (of: TestVariant): Promise<void> => {
    expect(await codeOf(sell(of, 1_000))).toBe('insufficient_stock');
    await t.deps.admission.settled();
  };

  it('refuses what is sold out, again and again, and keeps the refusal with its key', async () => {
    const gone = await article(1);
    expect(await codeOf(sell(gone))).toBe(201);
    const key = randomUUID();
    for (let time = 0; time < 4; time++)
      expect(await codeOf(sell(gone, 1, time === 3 ? key : undefined))).toBe('insufficient_stock');
    await bring(gone, 5);
    expect(await codeOf(sell(gone, 1, key))).toBe('insufficient_stock');
    const answer = await sell(gone, 6);
    expect(answer.json()).toMatchObject({ lines: [{ sku: gone.sku, wanted: '6.000', available: '5.000' }] });
    expect(await codeOf(sell(gone))).toBe(201);
  });

  it('sells at once what came in again', async () => {
    const back = await article(0);
    await suspect(back);
    await bring(back, 2);
    expect([await codeOf(sell(back, 2)), await codeOf(sell(back))]).toEqual([201, 'insufficient_stock']);
  });

  it('sells what Redis believes to be gone, by a word from the future too', async () => {
    const there = await article(100);
    await suspect(there);
    await believe(there, '9000000000000:0');
    expect([await codeOf(sell(there)), await codeOf(sell(there))]).toEqual([201, 201]);
  });

  it('does not sell what Redis believes to be there', async () => {
    const gone = await article(1);
    await suspect(gone);
    expect(await codeOf(sell(gone))).toBe(201);
    await believe(gone, '9000000000000:5000000');
    expect(await codeOf(sell(gone))).toBe('insufficient_stock');
  });

  it('goes by the database when Redis has lost its memory, says nonsense, or is gone', async () => {
    const [there, gone] = [await article(100), await article(0)];
    for (const one of [there, gone]) await suspect(one);
    await t.deps.redis.del(hash);
    expect([await codeOf(sell(there)), await codeOf(sell(gone))]).toEqual([201, 'insufficient_stock']);
    for (const one of [there, gone]) await believe(one, 'nonsense');
    expect([await codeOf(sell(there)), await codeOf(sell(gone))]).toEqual([201, 'insufficient_stock']);
    await t.deps.redis.del(hash);
    await t.deps.redis.set(hash, 'another kind of value');
    for (const one of [there, gone]) await suspect(one);
    expect([await codeOf(sell(there)), await codeOf(sell(gone))]).toEqual([201, 'insufficient_stock']);
    await t.deps.redis.del(hash);
    t.deps.redis.disconnect();
    for (const one of [there, gone]) await suspect(one);
    expect([await codeOf(sell(there)), await codeOf(sell(gone))]).toEqual([201, 'insufficient_stock']);
    await t.deps.redis.connect();
  });

  it('tells who is short of several lines of one article, and who repeats a key at once', async () => {
    const scarce = await article(3);
    await suspect(scarce);
    const key = randomUUID();
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(sell(scarce, 4, key))));
    expect(codes.filter((code) => code !== 'insufficient_stock' && code !== 'command_in_progress')).toEqual([]);
    const lines = [2, 2].map((quantity) => ({ sku: scarce.sku, quantity }));
    const { siteId, registerId } = till;
    const payload = { siteId, registerId, lines, payments: [{ method: 'card', amount: 4760 }] };
    const answer = await t.call({ method: 'POST', url: '/api/v1/sales', headers: cashier, payload });
    expect(answer.json()).toMatchObject({ lines: [{ sku: scarce.sku, wanted: '4.000', available: '3.000' }] });
  });

  it('says first what is wrong with the till', async () => {
    const gone = await article(0);
    await suspect(gone);
    await t.database.query('UPDATE register SET active = false WHERE id = $1', [till.registerId]);
    expect(await codeOf(sell(gone))).toBe('register_closed');
    await t.database.query('UPDATE register SET active = true WHERE id = $1', [till.registerId]);
  });

  it('leaves ledger and levels in agreement', async () => {
    expect(await findDisagreements(t.database)).toEqual([]);
  });
});
