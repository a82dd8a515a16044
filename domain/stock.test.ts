import fc from 'fast-check';
import {
  availableOf,
  decideStock,
  isShort,
  levelKey,
  type StockChange,
  type StockDecision,
  type StockGroup,
  type StockHold,
  type StockLevel,
} from './stock';

const at = (variantId: string) => ({ siteId: 's', variantId });
const level = (variantId: string, more: Partial<StockLevel> = {}): StockLevel => ({
  ...at(variantId),
  onHand: 10_000,
  held: 0,
  version: 7,
  allowNegative: false,
  shortageId: null,
  ...more,
});
const group = (...changes: StockChange[]): StockGroup => ({ documentId: 'd', operationId: null, userId: 'u', changes });
const sell = (variantId: string, quantity: number, claims?: string[]): StockChange => ({
  do: 'move',
  ...at(variantId),
  kind: 'sale',
  quantity: -quantity,
  policy: 'refuse',
  ...(claims && { claims }),
});
const record = (variantId: string, quantity: number): StockChange => ({
  do: 'move',
  ...at(variantId),
  kind: 'count',
  quantity,
  policy: 'record',
});
const hold = (id: string, variantId: string, quantity: number): StockChange => ({
  do: 'hold',
  id,
  ...at(variantId),
  quantity,
  purpose: 'ticket',
  ownerId: 't',
  expiresAt: null,
});
const standing = (id: string, variantId: string, quantity: number, open = true): StockHold => ({
  id,
  ...at(variantId),
  quantity,
  open,
});
const decide = (levels: StockLevel[], groups: StockGroup[], holds: StockHold[] = []): StockDecision => {
  let next = 0;
  return decideStock(levels, holds, groups, () => `shortage-${++next}`);
};
const oks = (decision: StockDecision) => decision.outcomes.map((outcome) => outcome.ok);

describe('deciding stock', () => {
  it('goes group by group, each on what those before it left', () => {
    const decision = decide([level('a')], [group(sell('a', 6000)), group(sell('a', 5000)), group(sell('a', 4000))]);
    expect(decision.outcomes).toEqual([
      { ok: true },
      { ok: false, short: [{ ...at('a'), wanted: 5000, available: 4000 }] },
      { ok: true },
    ]);
    expect(decision.movements.map(({ version, quantity, balance }) => [version, quantity, balance])).toEqual([
      [8, -6000, 4000],
      [9, -4000, 0],
    ]);
    expect(decision.levels).toEqual([level('a', { onHand: 0, version: 9 })]);
  });

  it('counts two lines of one article together', () => {
    const decision = decide([level('a')], [group(sell('a', 6000), sell('a', 6000))]);
    expect(decision.outcomes).toEqual([{ ok: false, short: [{ ...at('a'), wanted: 12_000, available: 10_000 }] }]);
    expect([decision.movements, decision.levels]).toEqual([[], []]);
  });

  it('makes all of a group or nothing, and names everything that is short', () => {
    const decision = decide(
      [level('a'), level('b', { onHand: 1000 }), level('c', { onHand: 3000, held: 2000 })],
      [group(sell('a', 1000), sell('b', 2000), sell('c', 2000), sell('nowhere', 1000))],
    );
    expect(decision.outcomes).toEqual([
      {
        ok: false,
        short: [
          { ...at('b'), wanted: 2000, available: 1000 },
          { ...at('c'), wanted: 2000, available: 1000 },
          { ...at('nowhere'), wanted: 1000, available: 0 },
        ],
      },
    ]);
    expect(decision.levels).toEqual([]);
  });

  it('does not sell what is held for someone else, and gives its own hold back to a sale', () => {
    const levels = [level('a', { held: 8000 })];
    const holds = [standing('h', 'a', 8000)];
    expect(oks(decide(levels, [group(sell('a', 3000))], holds))).toEqual([false]);
    const claimed = decide(levels, [group(sell('a', 9000, ['h']))], holds);
    expect(claimed.levels).toEqual([level('a', { onHand: 1000, held: 0, version: 8 })]);
    expect(claimed.holdEnds).toEqual([{ id: 'h', as: 'claimed' }]);
  });

  it('gives nothing back for a hold that has ended, nor for the same hold twice', () => {
    const ended = decide(
      [level('a', { onHand: 2000 })],
      [group(sell('a', 3000, ['h']))],
      [standing('h', 'a', 3000, false)],
    );
    expect(oks(ended)).toEqual([false]);
    const twice = decide(
      [level('a', { held: 10_000 })],
      [group(sell('a', 5000, ['h'])), group(sell('a', 5000, ['h'])), group(sell('a', 1000, ['h']))],
      [standing('h', 'a', 10_000)],
    );
    expect(oks(twice)).toEqual([true, true, false]);
    expect(twice.holdEnds).toHaveLength(1);
  });

  it('holds no more than is there, and lets go what it held', () => {
    const decision = decide(
      [level('a')],
      [
        group(hold('h1', 'a', 7000)),
        group(hold('h2', 'a', 4000)),
        group({ do: 'release', holdId: 'h1', as: 'expired' }),
        group({ do: 'release', holdId: 'h1', as: 'released' }),
        group(hold('h3', 'a', 10_000)),
      ],
    );
    expect(oks(decision)).toEqual([true, false, true, true, true]);
    expect(decision.levels).toEqual([level('a', { held: 10_000, version: 10 })]);
    expect(decision.holdEnds).toEqual([{ id: 'h1', as: 'expired' }]);
  });

  it('sells below zero where the level allows it', () => {
    const decision = decide([level('a', { allowNegative: true })], [group(sell('a', 15_000))]);
    expect(decision.levels).toEqual([level('a', { onHand: -5000, version: 8, allowNegative: true })]);
    expect(decision.shortagesOpened).toEqual([]);
  });

  it('records what is so, opens a shortage for it, and ends it when there is enough again', () => {
    const short = decide([level('a', { held: 3000 })], [group(record('a', -8000)), group(sell('a', 1000))]);
    expect(oks(short)).toEqual([true, false]);
    expect(short.shortagesOpened).toEqual([{ id: 'shortage-1', ...at('a') }]);
    expect(short.levels[0]).toMatchObject({ onHand: 2000, shortageId: 'shortage-1' });
    const more = decide(short.levels, [group(record('a', -1000))]);
    expect([more.shortagesOpened, more.shortagesClosed]).toEqual([[], []]);
    const again = decide(more.levels, [group(record('a', 5000))]);
    expect(again.shortagesClosed).toEqual(['shortage-1']);
    expect(again.levels[0]).toMatchObject({ onHand: 6000, shortageId: null });
  });

  it('refuses the caller who is mistaken', () => {
    const bad: [StockChange, StockHold[]][] = [
      [sell('a', 0), []],
      [sell('a', 0.5), []],
      [hold('h', 'a', -1000), []],
      [record('nowhere', 1000), []],
      [sell('a', 1000, ['h']), [standing('h', 'b', 1000)]],
    ];
    for (const [change, holds] of bad) expect(() => decide([level('a')], [group(change)], holds)).toThrow(RangeError);
  });

  it('knows levels by their ids however these are written', () => {
    const upper = { ...sell('a', 1000), siteId: 'S', variantId: 'A' } as StockChange;
    expect(oks(decide([level('a')], [group(upper)]))).toEqual([true]);
  });
});

describe('whatever is asked', () => {
  const variants = ['a', 'b', 'c'];
  const variant = fc.constantFrom(...variants);
  const quantity = fc.integer({ min: 1, max: 12_000 });
  const holdNames = Array.from({ length: 6 }, (_, index) => `h${index}`);
  const someHolds = fc.subarray(holdNames, { maxLength: 2 });
  const change = (holds: readonly StockHold[]): fc.Arbitrary<StockChange> =>
    fc.oneof(
      { weight: 5, arbitrary: fc.tuple(variant, quantity).map(([v, q]) => sell(v, q)) },
      {
        weight: 2,
        arbitrary: fc.tuple(variant, quantity, someHolds).map(([v, q, names]) =>
          sell(
            v,
            q,
            names.filter((name) => holds.some((h) => h.id === name && h.variantId === v)),
          ),
        ),
      },
      { weight: 2, arbitrary: fc.tuple(variant, fc.boolean(), quantity).map(([v, up, q]) => record(v, up ? q : -q)) },
      { weight: 2, arbitrary: fc.tuple(fc.uuid(), variant, quantity).map(([id, v, q]) => hold(id, v, q)) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(...holdNames).map((holdId) => ({ do: 'release', holdId, as: 'released' }) as const),
      },
    );
  const world = fc
    .record({
      stock: fc.array(fc.record({ onHand: fc.nat(40_000), allowNegative: fc.boolean() }), {
        minLength: 3,
        maxLength: 3,
      }),
      holds: fc.array(fc.tuple(variant, quantity, fc.boolean()), { minLength: 6, maxLength: 6 }),
    })
    .map(({ stock, holds }) => {
      const made = holds.map(([v, q, open], index) => standing(holdNames[index]!, v, q, open));
      const levels = variants.map((v, index) => {
        const held = made.reduce((sum, h) => sum + (h.variantId === v && h.open ? h.quantity : 0), 0);
        return level(v, { onHand: stock[index]!.onHand + held, held, allowNegative: stock[index]!.allowNegative });
      });
      return { levels, holds: made };
    })
    .chain(({ levels, holds }) =>
      fc
        .array(fc.array(change(holds), { minLength: 1, maxLength: 5 }), { maxLength: 12 })
        .map((groups) => ({ levels, holds, groups: groups.map((changes) => group(...changes)) })),
    );

  it('the ledger, the holds and the levels agree, and no level is short without saying so', () => {
    fc.assert(
      fc.property(world, ({ levels, holds, groups }) => {
        const decision = decide(levels, groups, holds);
        const after = new Map([...levels, ...decision.levels].map((one) => [levelKey(one), one]));
        const ended = new Set(decision.holdEnds.map((end) => end.id));
        expect(ended.size).toBe(decision.holdEnds.length);
        for (const before of levels) {
          const now = after.get(levelKey(before))!;
          const moves = decision.movements.filter((row) => row.variantId === before.variantId);
          let balance = before.onHand;
          let version = before.version;
          for (const row of moves) {
            balance += row.quantity;
            expect(row.balance).toBe(balance);
            expect(row.version).toBeGreaterThan(version);
            version = row.version;
          }
          expect(now.onHand).toBe(balance);
          const open = [...holds.filter((h) => h.open), ...decision.holds].filter(
            (h) => h.variantId === before.variantId && !ended.has(h.id),
          );
          expect(now.held).toBe(open.reduce((sum, h) => sum + h.quantity, 0));
          expect(isShort(now)).toBe(now.shortageId !== null);
          const made = decision.holds.filter((h) => h.variantId === before.variantId).length;
          const letGo = decision.holdEnds.filter(
            (end) =>
              end.as !== 'claimed' &&
              [...holds, ...decision.holds].find((h) => h.id === end.id)!.variantId === before.variantId,
          ).length;
          expect(now.version).toBe(before.version + moves.length + made + letGo);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('without losses nobody gets what is not available', () => {
    fc.assert(
      fc.property(world, ({ levels, holds, groups }) => {
        const polite = groups.map((one) => ({
          ...one,
          changes: one.changes.filter((each) => each.do !== 'move' || each.policy === 'refuse' || each.quantity > 0),
        }));
        const decision = decide(levels, polite, holds);
        for (const one of decision.levels) if (!one.allowNegative) expect(availableOf(one)).toBeGreaterThanOrEqual(0);
        expect(decision.shortagesOpened).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('many groups at once are decided as one after the other', () => {
    fc.assert(
      fc.property(world, ({ levels, holds, groups }) => {
        const together = decide(levels, groups, holds);
        const standingLevels = new Map(levels.map((one) => [levelKey(one), one]));
        let standingHolds = holds;
        const outcomes = groups.map((one) => {
          const decision = decide([...standingLevels.values()], [one], standingHolds);
          for (const changed of decision.levels) standingLevels.set(levelKey(changed), changed);
          const ended = new Set(decision.holdEnds.map((end) => end.id));
          standingHolds = [...standingHolds, ...decision.holds.map((h) => standing(h.id, h.variantId, h.quantity))].map(
            (h) => (ended.has(h.id) ? { ...h, open: false } : h),
          );
          return decision.outcomes[0];
        });
        expect(together.outcomes).toEqual(outcomes);
        for (const changed of together.levels) {
          const { onHand, held, version } = standingLevels.get(levelKey(changed))!;
          expect(changed).toMatchObject({ onHand, held, version });
        }
      }),
      { numRuns: 300 },
    );
  });
});
