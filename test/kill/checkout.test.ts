import { randomUUID } from 'node:crypto';
import { buildTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type OwnPostgres, startPostgres } from '../support/postgres';
import { bringIn, findDisagreements } from '../support/stock';
import { createTill, type TestTill } from '../support/till';

/** PostgreSQL ends under a till that sells, and comes back: this process lives on, and what it told the till is true. */
jest.setTimeout(120_000);

let postgres: OwnPostgres;
let t: TestApp;
let till: TestTill;
let cashier: { authorization: string };
const shared = process.env['NERVIO_TEST_DATABASE_URL'];

beforeAll(async () => {
  postgres = await startPostgres();
  process.env['NERVIO_TEST_DATABASE_URL'] = postgres.url;
  t = await buildTestApp();
  cashier = await t.as(t.demo.users.cashier);
  till = await createTill(t.database, t.deps.db, t.demo, { stock: 100_000 });
});
afterAll(async () => {
  await t.close();
  await postgres.remove();
  process.env['NERVIO_TEST_DATABASE_URL'] = shared;
});

interface Answer {
  status: number;
  retryAfter: string | undefined;
  code: string | undefined;
  saleId: string | undefined;
  number: number | undefined;
}

async function sell(key: string, sku = till.variants[0]!.sku): Promise<Answer> {
  const answer = await t.call({
    method: 'POST',
    url: '/api/v1/sales',
    headers: { ...cashier, 'idempotency-key': key },
    payload: {
      siteId: till.siteId,
      registerId: till.registerId,
      lines: [{ sku, quantity: 1 }],
      payments: [{ method: 'card', amount: 1190 }],
    },
  });
  const body = answer.json<{ code?: string; saleId?: string; number?: number }>();
  const retryAfter = answer.headers['retry-after']?.toString();
  return { status: answer.statusCode, retryAfter, code: body.code, saleId: body.saleId, number: body.number };
}

/** As a till does: the same sale with the same key until there is an answer. */
const sellUntilAnswered = (key: string): Promise<Answer> =>
  eventually(
    () => sell(key),
    ({ status, code }) => status === 201 || !(status === 503 || code === 'command_in_progress'),
    (answer) => JSON.stringify(answer),
    60_000,
  );

async function expectTrue(sales: { key: string; answer: Answer }[]): Promise<void> {
  expect(sales.map(({ answer }) => answer.status)).toEqual(sales.map(() => 201));
  const stored = await t.database.query<{ key: string; sale: string; number: string }>(
    `SELECT k.key, s.id AS sale, s.number::text FROM sale s JOIN idempotency_key k ON k.operation_id = s.operation_id`,
  );
  const byKey = new Map(stored.map((row) => [row.key, row.sale]));
  expect(byKey.size).toBe(stored.length);
  for (const { key, answer } of sales) expect(byKey.get(key)).toBe(answer.saleId);
  const numbers = stored.map((row) => Number(row.number)).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(await findDisagreements(t.database)).toEqual([]);
}

it('while nobody sells: the next sale goes', async () => {
  const first = randomUUID();
  const before = await sell(first);
  await postgres.kill();
  const during = await sell(randomUUID());
  expect(during).toMatchObject({ status: 503, code: 'unavailable', retryAfter: '1' });
  await postgres.start();
  const second = randomUUID();
  const after = await sellUntilAnswered(second);
  await expectTrue([
    { key: first, answer: before },
    { key: second, answer: after },
  ]);
});

it('in the middle of batches: each is told the truth or to ask again, and is sold once', async () => {
  for (let round = 0; round < 3; round++) {
    // Customers keep coming until the fault has been seen by some.
    const keys: string[] = [];
    const first: Promise<Answer>[] = [];
    let refused = 0;
    const killing = eventually(
      () => {
        for (let count = 0; count < 10; count++) {
          const key = randomUUID();
          keys.push(key);
          first.push(
            sell(key).then((answer) => {
              if (answer.status !== 201) refused++;
              return answer;
            }),
          );
        }
        return refused;
      },
      (count) => count > 0,
    );
    await Promise.race(first);
    await postgres.kill();
    await killing;
    const answers = await Promise.all(first);
    for (const { status, retryAfter } of answers) if (status !== 201) expect([status, retryAfter]).toEqual([503, '1']);
    await postgres.start();
    const again = await Promise.all(keys.map(sellUntilAnswered));
    // Whoever had an answer gets the same one.
    again.forEach((answer, index) => {
      if (answers[index]!.status === 201) expect(answer.saleId).toBe(answers[index]!.saleId);
    });
    await expectTrue(keys.map((key, index) => ({ key, answer: again[index]! })));
  }
});

it('and what is sold out is still sold out', async () => {
  const { tenantId } = t.demo;
  const [made] = await t.database.query<{ on_hand: string }>(
    'SELECT on_hand::int::text FROM stock_level WHERE tenant_id = $1 AND variant_id = $2 AND site_id = $3',
    [tenantId, till.variants[1]!.id, till.siteId],
  );
  await bringIn(t.deps.db, t.demo, till.siteId, [
    { variantId: till.variants[1]!.id, quantity: -1000 * Number(made!.on_hand) },
  ]);
  await postgres.kill();
  await postgres.start();
  const answer = await eventually(
    () => sell(randomUUID(), till.variants[1]!.sku),
    ({ status }) => status !== 503,
  );
  expect([answer.status, answer.code]).toEqual([409, 'insufficient_stock']);
});
