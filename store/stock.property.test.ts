import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import type { StockChange, StockGroup, StockOutcome } from '../domain/stock';
import { startCore, type Core } from '../test/support/core';
import { addVariants, bringIn, countDeadlocks, findDisagreements } from '../test/support/stock';
import { applyStock } from './stock';
import { expireHolds } from './stock-holds';
import { findDisagreeing } from './stock-reconciliation';

/**
 * The ledger under many hands at once: transactions of their own, on connections of their own, against a real PostgreSQL.
 * What must hold is reliability.md's second invariant, and is asked after every batch.
 */
let core: Core;
let sites: [string, string];
beforeAll(async () => {
  core = await startCore({ poolMax: 16 });
  sites = [core.business.sites[0].id, core.business.sites[1].id];
});
afterAll(async () => {
  await core.db.close();
  expect(await countDeadlocks(core.database)).toBe(0);
  await core.database.drop();
});

let made = 0;
async function variantsOf(count: number): Promise<string[]> {
  const skus = Array.from({ length: count }, () => `P-${++made}`);
  return (await addVariants(core.database, core.business, skus)).map((one) => one.id);
}
const apply = (...groups: StockGroup[]): Promise<StockOutcome[]> => core.tx((tx) => applyStock(tx, groups));
const groupOf = (changes: StockChange[]): StockGroup => ({
  documentId: uuidv7(),
  operationId: null,
  userId: null,
  changes,
});

interface Line {
  site: number;
  variant: number;
  quantity: number;
}
type Deed =
  | { do: 'sell' | 'bring' | 'undo' | 'adjust' | 'count'; lines: Line[] }
  | { do: 'batch'; carts: Line[][] }
  | { do: 'hold'; lines: Line[]; over: boolean }
  | { do: 'claim' | 'release'; whom: number }
  | { do: 'expire' };

const line: fc.Arbitrary<Line> = fc.record({
  site: fc.nat(1),
  variant: fc.nat(4),
  quantity: fc.integer({ min: 1, max: 6 }).map((pieces) => pieces * 1000 + 1),
});
const lines = fc.array(line, { minLength: 1, maxLength: 4 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('sell' as const), lines }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('batch' as const), carts: fc.array(lines, { minLength: 2, maxLength: 5 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('bring', 'undo', 'adjust', 'count'), lines }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hold' as const), lines, over: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('claim', 'release'), whom: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
);

/** One business day: batches of deeds, each batch at once. */
class Day {
  /** Tickets as they were parked: their holds and what they are for. */
  private readonly tickets: { holds: string[]; lines: Line[] }[] = [];
  /** What a `refuse` got although nothing was there for it. */
  readonly wrong: string[] = [];

  constructor(private readonly variants: readonly string[]) {}

  async perform(deed: Deed): Promise<void> {
    switch (deed.do) {
      case 'sell':
        return this.toldOnly([this.moves(deed.lines, 'sale', -1, 'refuse')]);
      case 'batch':
        return this.toldOnly(deed.carts.map((cart) => this.moves(cart, 'sale', -1, 'refuse')));
      case 'bring':
        return this.all(this.moves(deed.lines, 'entry', 1, 'record'));
      case 'undo':
        return this.all(this.moves(deed.lines, 'void', 1, 'record'));
      case 'adjust':
        return this.all(this.moves(deed.lines, 'adjustment', -1, 'record'));
      case 'count':
        return this.all(deed.lines.flatMap((one, at) => this.moves([one], 'count', at % 2 === 0 ? -1 : 1, 'record')));
      case 'hold':
        return this.park(deed.lines, deed.over);
      case 'claim':
      case 'release': {
        const ticket = this.tickets[deed.whom % Math.max(this.tickets.length, 1)];
        if (!ticket) return;
        if (deed.do === 'claim') return this.toldOnly([this.claims(ticket)]);
        return this.all(ticket.holds.map((holdId) => ({ do: 'release', holdId, as: 'released' })));
      }
      case 'expire':
        await core.tx((tx) => expireHolds(tx, 10));
    }
  }

  private at({ site, variant }: Line) {
    return { siteId: sites[site]!, variantId: this.variants[variant]! };
  }

  private moves(
    of: Line[],
    kind: 'sale' | 'entry' | 'void' | 'adjustment' | 'count',
    sign: 1 | -1,
    policy: 'refuse' | 'record',
  ): StockChange[] {
    return of.map((one) => ({ do: 'move', ...this.at(one), kind, quantity: sign * one.quantity, policy }));
  }

  private claims({ holds, lines: of }: { holds: string[]; lines: Line[] }): StockChange[] {
    return of.map((one, index) => ({
      do: 'move',
      ...this.at(one),
      kind: 'sale',
      quantity: -one.quantity,
      policy: 'refuse',
      claims: [holds[index]!],
    }));
  }

  private async park(of: Line[], over: boolean): Promise<void> {
    const holds = of.map(() => uuidv7());
    const expiresAt = new Date(Date.now() + (over ? -1 : 1) * 60_000).toISOString();
    const ownerId = uuidv7();
    const changes = of.map((one, index): StockChange => ({
      do: 'hold',
      id: holds[index]!,
      ...this.at(one),
      quantity: one.quantity,
      purpose: 'ticket',
      ownerId,
      expiresAt,
    }));
    const [outcome] = await apply(groupOf(changes));
    if (outcome!.ok) this.tickets.push({ holds, lines: of });
  }

  private async toldOnly(carts: StockChange[][]): Promise<void> {
    const outcomes = await apply(...carts.map(groupOf));
    for (const outcome of outcomes) {
      for (const short of outcome.ok ? [] : outcome.short) {
        // Who is told «there is not enough» is told less than was wanted.
        if (short.available >= short.wanted) this.wrong.push(JSON.stringify(short));
      }
    }
  }

  private async all(changes: StockChange[]): Promise<void> {
    const outcomes = await apply(groupOf(changes));
    if (!outcomes.every((outcome) => outcome.ok)) this.wrong.push('what only brings or records was refused');
  }
}

const runs = Number(process.env.NERVIO_STOCK_RUNS ?? 25);
const deedsMs = Math.max(120_000, runs * 4_000);
it(
  'any deeds at once leave ledger, holds and levels in agreement',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(deed, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }),
        async (batches) => {
          const variants = await variantsOf(5);
          await bringIn(
            core.db,
            core.business,
            sites[1],
            variants.slice(0, 3).map((variantId) => ({ variantId, quantity: 9003 })),
          );
          const day = new Day(variants);
          for (const batch of batches) {
            const ends = await Promise.allSettled(batch.map((one) => day.perform(one)));
            expect(ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []))).toEqual([]);
            expect(await findDisagreements(core.database)).toEqual([]);
          }
          expect(day.wrong).toEqual([]);
          const page = await core.tx((tx) => findDisagreeing(tx, null, 10_000));
          expect(page.levels).toEqual([]);
        },
      ),
      { numRuns: runs, endOnFailure: true },
    );
  },
  deedsMs,
);

describe('200 buyers for 10 units', () => {
  const rounds = Number(process.env.NERVIO_RUSH_ROUNDS ?? 5);

  it(
    `10 sold, 190 told, ${rounds} times`,
    async () => {
      const variants = await variantsOf(rounds);
      for (const variantId of variants) {
        await bringIn(core.db, core.business, sites[1], [{ variantId, quantity: 10_000 }]);
        const buy: StockChange = {
          do: 'move',
          siteId: sites[1],
          variantId,
          kind: 'sale',
          quantity: -1000,
          policy: 'refuse',
        };
        // Some come alone, some in the batches that the checkout makes of them.
        const carts = Array.from({ length: 200 }, () => groupOf([buy]));
        const batches = Array.from({ length: 60 }, (_, index) =>
          index < 40 ? [carts[index]!] : carts.slice(40 + (index - 40) * 8, 48 + (index - 40) * 8),
        );
        const outcomes = (await Promise.all(batches.map((batch) => apply(...batch)))).flat();
        expect([outcomes.length, outcomes.filter((outcome) => outcome.ok).length]).toEqual([200, 10]);
        const told = outcomes.flatMap((outcome) => (outcome.ok ? [] : outcome.short));
        expect(told).toEqual(
          Array.from({ length: 190 }, () => ({ siteId: sites[1], variantId, wanted: 1000, available: 0 })),
        );
        const [level] = await core.database.query(
          'SELECT on_hand::text, version::int FROM stock_level WHERE variant_id = $1',
          [variantId],
        );
        expect(level).toEqual({ on_hand: '0.000', version: 11 });
      }
      expect(await findDisagreements(core.database)).toEqual([]);
    },
    Math.max(120_000, rounds * 6_000),
  );
});
