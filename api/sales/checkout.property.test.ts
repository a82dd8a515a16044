import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { createLog } from '../../store/log';
import { buildTestApp, type TestApp } from '../../test/support/app';
import { testConfig } from '../../test/support/environment';
import { eventually } from '../../test/support/eventually';
import { addVariants, bringIn, countDeadlocks, findDisagreements, type TestVariant } from '../../test/support/stock';
import { addRegister, createTill, type TestTill } from '../../test/support/till';
import { buildApp } from '../app';
import { createDeps } from '../create-deps';

/**
 * A shop under many hands at once, over HTTP and through two processes of the API, while Redis lies, forgets and goes: what must
 * hold is reliability.md's first and second invariants, and is asked after every batch of deeds.
 */
let t: TestApp;
let second: { app: FastifyInstance; close: () => Promise<void> };
let manager: { authorization: string };
let till: TestTill;
let registers: string[];
beforeAll(async () => {
  // A long run outlasts the ordinary access token. Redis is asked, so that what it says wrongly is met.
  const environment = { SESSION_ACCESS_SECONDS: '3600', CHECKOUT_ADMISSION: 'redis' };
  t = await buildTestApp({ environment });
  const config = testConfig(t.database.ownerUrl, environment);
  const made = await createDeps(config, createLog(config, 'test'));
  second = { app: await buildApp({ deps: made.deps }), close: made.close };
  await second.app.ready();
  manager = await t.as(t.demo.users.manager);
  till = await createTill(t.database, t.deps.db, t.demo);
  registers = [till.registerId, (await addRegister(t.database, t.demo, till.siteId)).registerId];
});
afterAll(async () => {
  await second.app.close();
  await second.close();
  await t.close(async () => expect(await countDeadlocks(t.database)).toBe(0));
});

interface Told {
  status: number;
  body: {
    code?: string;
    saleId?: string;
    id?: string;
    lines?: { sku: string; wanted: string; available: string }[];
  };
}

let turn = 0;
async function call(method: 'GET' | 'POST', url: string, payload?: object, key: string = randomUUID()): Promise<Told> {
  const app = turn++ % 2 === 0 ? t.app : second.app;
  const headers = { ...manager, ...(method === 'POST' && { 'idempotency-key': key }) };
  const answer = await app.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json<Told['body']>() };
}
const post = (url: string, payload?: object, key?: string) => call('POST', url, payload, key);

const price = 1000;
async function articles(count: number): Promise<TestVariant[]> {
  const skus = Array.from({ length: count }, () => `PR-${randomUUID()}`);
  return addVariants(t.database, t.demo, skus, { price });
}

interface Line {
  article: number;
  quantity: number;
}
type Deed =
  | { do: 'sell' | 'park'; lines: Line[]; register: number }
  | { do: 'bring' | 'adjust' | 'count'; line: Line }
  | { do: 'void' | 'return' | 'resell' | 'take' | 'drop'; whom: number; register: number }
  | { do: 'redis'; how: 'forget' | 'nothing' | 'plenty' | 'nonsense' | 'away' };

const line: fc.Arbitrary<Line> = fc.record({ article: fc.nat(3), quantity: fc.integer({ min: 1, max: 5 }) });
const lines = fc.array(line, { minLength: 1, maxLength: 4 });
const register = fc.nat(1);
const whom = fc.nat(30);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('sell' as const), lines, register }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('park' as const), lines, register }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('bring', 'adjust', 'count'), line }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('void', 'return', 'resell', 'take', 'drop'), whom, register }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('redis' as const),
      how: fc.constantFrom('forget', 'nothing', 'plenty', 'nonsense', 'away'),
    }),
  },
);

/** One day of a shop: what it did and was told. */
class Day {
  private readonly sold: { saleId: string; key: string; payload: object }[] = [];
  private readonly tickets: { id: string; lines: Line[] }[] = [];
  readonly wrong: string[] = [];

  constructor(private readonly variants: readonly TestVariant[]) {}

  async perform(deed: Deed): Promise<void> {
    const { siteId } = till;
    switch (deed.do) {
      case 'sell':
        return this.sell(deed.lines, deed.register);
      case 'park': {
        const told = await post('/tickets', { ...this.at(deed.register), lines: this.linesOf(deed.lines) });
        this.expect(told, 201);
        if (told.body.id !== undefined) this.tickets.push({ id: told.body.id, lines: deed.lines });
        return;
      }
      case 'bring': {
        const entry = { ...this.lineOf(deed.line), unitCost: 100 };
        return this.expect(await post('/stock/entries', { siteId, lines: [entry] }), 201);
      }
      case 'adjust': {
        const { sku, quantity } = this.lineOf(deed.line);
        const lost = { siteId, sku, quantity: `-${quantity}`, reason: 'Merma' };
        return this.expect(await post('/stock/adjustments', lost), 201, 'insufficient_stock');
      }
      case 'count': {
        const count = await post('/stock/counts', { siteId });
        this.expect(count, 201, 'count_open');
        if (count.status !== 201) return;
        const { sku, quantity } = this.lineOf(deed.line);
        const counted = await post(`/stock/counts/${count.body.id}/lines`, { lines: [{ sku, counted: quantity }] });
        this.expect(counted, 200);
        return this.expect(await post(`/stock/counts/${count.body.id}/close`), 200);
      }
      case 'void': {
        const sale = this.pick(this.sold, deed.whom);
        if (!sale) return;
        const told = await post(`/sales/${sale.saleId}/void`, { reason: 'Error' });
        return this.expect(told, 201, 'already_voided', 'sale_has_returns');
      }
      case 'return': {
        const sale = this.pick(this.sold, deed.whom);
        if (!sale) return;
        const back = {
          lines: [{ line: 1, quantity: 1 }],
          payments: [{ method: 'cash', amount: price }],
          reason: 'No gustó',
        };
        const told = await post(`/sales/${sale.saleId}/return`, back);
        return this.expect(told, 201, 'already_voided', 'more_than_sold');
      }
      case 'resell': {
        // The answer was lost: the same sale with the same key is the same sale.
        const sale = this.pick(this.sold, deed.whom);
        if (!sale) return;
        const told = await post('/sales', sale.payload, sale.key);
        this.expect(told, 201);
        if (told.status === 201 && told.body.saleId !== sale.saleId) this.wrong.push(`${sale.key} was sold twice`);
        return;
      }
      case 'take': {
        const ticket = this.pick(this.tickets, deed.whom);
        return ticket && this.sell(ticket.lines, deed.register, ticket.id);
      }
      case 'drop': {
        const ticket = this.pick(this.tickets, deed.whom);
        return ticket && this.expect(await post(`/tickets/${ticket.id}/drop`), 200, 'ticket_ended');
      }
      case 'redis':
        return this.sabotage(deed.how);
    }
  }

  private pick<T>(from: readonly T[], whom: number): T | undefined {
    return from[whom % Math.max(from.length, 1)];
  }

  private at(which: number) {
    return { siteId: till.siteId, registerId: registers[which]! };
  }

  private lineOf({ article, quantity }: Line) {
    return { sku: this.variants[article]!.sku, quantity };
  }

  private linesOf(of: readonly Line[]) {
    return of.map((one) => this.lineOf(one));
  }

  private async sell(of: Line[], which: number, ticketId?: string): Promise<void> {
    const total = of.reduce((sum, { quantity }) => sum + quantity * price, 0);
    const payload = {
      ...this.at(which),
      lines: this.linesOf(of),
      payments: [{ method: 'card', amount: total }],
      ...(ticketId !== undefined && { ticketId }),
    };
    const key = randomUUID();
    const told = await post('/sales', payload, key);
    this.expect(
      told,
      201,
      'insufficient_stock',
      ...(ticketId === undefined ? [] : ['ticket_ended', 'command_in_progress']),
    );
    if (told.body.saleId !== undefined) this.sold.push({ saleId: told.body.saleId, key, payload });
    for (const { wanted, available } of told.body.lines ?? []) {
      if (Number(available) >= Number(wanted)) this.wrong.push(`${available} are there, and ${wanted} were refused`);
    }
  }

  private expect({ status, body }: Told, wanted: number, ...codes: string[]): void {
    if (status !== wanted && !codes.includes(body.code ?? '')) this.wrong.push(JSON.stringify({ status, body }));
  }

  private async sabotage(how: Extract<Deed, { do: 'redis' }>['how']): Promise<void> {
    const { redis } = t.deps;
    if (how === 'away') return redis.disconnect();
    // Somebody else may send it away again meanwhile.
    if (redis.status === 'end') await redis.connect().catch(() => undefined);
    await eventually(
      () => redis.status,
      (status) => status === 'ready' || status === 'end',
    );
    if (redis.status !== 'ready') return;
    const hash = `nervio:avail:${t.demo.tenantId}:${till.siteId}`;
    const figure = { nothing: '9000000000000:0', plenty: '9000000000000:9000000', nonsense: 'x' };
    const lie =
      how === 'forget'
        ? redis.del(hash)
        : redis.hset(
            hash,
            this.variants.reduce((all, { id }) => ({ ...all, [id]: figure[how] }), {}),
          );
    await lie.catch(() => 0);
  }

  /** When all is quiet: what is there is sold to the last piece, and not one more. */
  async sellOut(): Promise<void> {
    for (const [article, { id }] of this.variants.entries()) {
      const [level] = await t.database.query<{ available: number }>(
        'SELECT (on_hand - held)::float8 AS available FROM stock_level WHERE variant_id = $1 AND site_id = $2',
        [id, till.siteId],
      );
      const available = Math.max(level?.available ?? 0, 0);
      const ask = async (quantity: number): Promise<number> => {
        const payments = [{ method: 'card', amount: quantity * price }];
        return (await post('/sales', { ...this.at(0), lines: [this.lineOf({ article, quantity })], payments })).status;
      };
      const told = [await ask(available + 1), available > 0 ? await ask(available) : 201, await ask(1)];
      if (told.join() !== '409,201,409') this.wrong.push(`${available} pieces: ${told.join()}`);
    }
  }
}

async function expectNoGaps(): Promise<void> {
  const gaps = await t.database.query(
    `SELECT r.id FROM register r JOIN (SELECT register_id, count(*) AS made, max(number) AS last FROM sale GROUP BY 1) s
     ON s.register_id = r.id WHERE s.made <> s.last OR r.next_sale_number <> s.last + 1`,
  );
  expect(gaps).toEqual([]);
}

const runs = Number(process.env['NERVIO_CHECKOUT_RUNS'] ?? 12);
const deedsMs = Math.max(120_000, runs * 5_000);
it(
  'any deeds at once, with a Redis that lies, leave every invariant',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(deed, { minLength: 1, maxLength: 14 }), { minLength: 1, maxLength: 5 }),
        async (batches) => {
          const variants = await articles(4);
          const brought = variants.slice(0, 3).map(({ id }) => ({ variantId: id, quantity: 9_000 }));
          await bringIn(t.deps.db, t.demo, till.siteId, brought);
          const day = new Day(variants);
          for (const batch of batches) {
            await Promise.all(batch.map((one) => day.perform(one)));
            expect(day.wrong).toEqual([]);
            expect(await findDisagreements(t.database)).toEqual([]);
            await expectNoGaps();
          }
          await day.sellOut();
          expect(day.wrong).toEqual([]);
          expect(await findDisagreements(t.database)).toEqual([]);
        },
      ),
      { numRuns: runs, endOnFailure: true },
    );
  },
  deedsMs,
);

describe('200 buyers for 10 pieces, over HTTP', () => {
  const rounds = Number(process.env['NERVIO_RUSH_ROUNDS'] ?? 4);

  it(
    `10 sold, 190 told, ${rounds} times`,
    async () => {
      if (t.deps.redis.status === 'end') await t.deps.redis.connect();
      for (let round = 0; round < rounds; round++) {
        const [scarce] = await articles(1);
        await bringIn(t.deps.db, t.demo, till.siteId, [{ variantId: scarce!.id, quantity: 10_000 }]);
        const told = await Promise.all(
          Array.from({ length: 200 }, (_, index) =>
            post('/sales', {
              siteId: till.siteId,
              registerId: registers[index % 2],
              lines: [{ sku: scarce!.sku, quantity: 1 }],
              payments: [{ method: 'cash', amount: price }],
            }),
          ),
        );
        expect(told.filter(({ status }) => status === 201)).toHaveLength(10);
        const refused = told.filter(({ status }) => status !== 201).map(({ body }) => [body.code, body.lines]);
        const lines = [{ sku: scarce!.sku, wanted: '1.000', available: '0.000' }];
        expect(refused).toEqual(Array.from({ length: 190 }, () => ['insufficient_stock', lines]));
        const [level] = await t.database.query(
          'SELECT on_hand::text, version::int FROM stock_level WHERE variant_id = $1',
          [scarce!.id],
        );
        expect(level).toEqual({ on_hand: '0.000', version: 11 });
      }
      await expectNoGaps();
      expect(await findDisagreements(t.database)).toEqual([]);
    },
    Math.max(120_000, rounds * 6_000),
  );
});
