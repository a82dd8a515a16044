import { v7 as uuidv7 } from 'uuid';
import type { LevelRef, StockChange, StockGroup } from '../domain/stock';
import { startCore, type Core } from '../test/support/core';
import { addVariants, countDeadlocks, findDisagreements, type TestVariant } from '../test/support/stock';
import { applyStock, carryVariants } from './stock';

let core: Core;
let shop: string;
beforeAll(async () => {
  core = await startCore({ poolMax: 12 });
  shop = core.business.sites[1].id;
});
afterEach(async () => {
  expect(await findDisagreements(core.database)).toEqual([]);
});
afterAll(async () => {
  await core.db.close();
  expect(await countDeadlocks(core.database)).toBe(0);
  await core.database.drop();
});

let made = 0;
const variant = async (): Promise<TestVariant> =>
  (await addVariants(core.database, core.business, [`SKU-${++made}`]))[0]!;
const group = (...changes: StockChange[]): StockGroup => ({
  documentId: uuidv7(),
  operationId: null,
  userId: core.business.users.cashier.id,
  changes,
});
const at = ({ id }: TestVariant, siteId = shop): LevelRef => ({ siteId, variantId: id });
const move = (of: TestVariant, quantity: number, more: object = {}): StockChange => ({
  do: 'move',
  ...at(of),
  kind: quantity > 0 ? 'entry' : 'sale',
  quantity,
  policy: 'refuse',
  ...more,
});
const hold = (of: TestVariant, quantity: number, id = uuidv7()): StockChange => ({
  do: 'hold',
  id,
  ...at(of),
  quantity,
  purpose: 'ticket',
  ownerId: uuidv7(),
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
});
const apply = (...groups: StockGroup[]) => core.tx((tx) => applyStock(tx, groups));
const levelOf = async (of: TestVariant) =>
  (
    await core.database.query(
      `SELECT on_hand::text, held::text, version::int, negative_task_id IS NOT NULL AS short FROM stock_level WHERE variant_id = $1`,
      [of.id],
    )
  )[0];

describe('the ledger', () => {
  it('makes the level that an entry needs, and writes movement, balance and version', async () => {
    const a = await variant();
    const entry = {
      ...group(move(a, 10_000, { unitCost: 700, reason: 'first' })),
      clientAt: '2026-01-02T03:04:05.678Z',
    };
    const outcomes = await apply(entry, group(move(a, -2500, { unitPrice: 1290 })), group(move(a, -8000)));
    expect(outcomes).toEqual([
      { ok: true },
      { ok: true },
      { ok: false, short: [{ ...at(a), wanted: 8000, available: 7500 }] },
    ]);
    expect(await levelOf(a)).toEqual({ on_hand: '7.500', held: '0.000', version: 2, short: false });
    const rows = await core.database.query(
      `SELECT m.version::int, m.kind, m.quantity::text, m.balance::text, m.unit_cost::int, m.unit_price::int, m.reason, m.document_id,
              m.user_id, m.client_at, m.location_id = u.location_id AS placed
       FROM stock_movement m JOIN site_setup u USING (tenant_id, site_id) WHERE m.variant_id = $1 ORDER BY m.version`,
      [a.id],
    );
    const user_id = core.business.users.cashier.id;
    expect(rows).toEqual([
      {
        version: 1,
        kind: 'entry',
        quantity: '10.000',
        balance: '10.000',
        unit_cost: 700,
        unit_price: null,
        reason: 'first',
        document_id: entry.documentId,
        user_id,
        client_at: new Date('2026-01-02T03:04:05.678Z'),
        placed: true,
      },
      expect.objectContaining({
        version: 2,
        quantity: '-2.500',
        balance: '7.500',
        unit_price: 1290,
        client_at: null,
        reason: null,
      }),
    ]);
  });

  it('has nothing of what the site does not carry, and makes no level for who asks for it', async () => {
    const a = await variant();
    expect(await apply(group(move(a, -1000)), group(hold(a, 1000)))).toEqual([
      { ok: false, short: [{ ...at(a), wanted: 1000, available: 0 }] },
      { ok: false, short: [{ ...at(a), wanted: 1000, available: 0 }] },
    ]);
    expect(await levelOf(a)).toBeUndefined();
  });

  it('holds, claims and releases', async () => {
    const a = await variant();
    const [h1, h2] = [uuidv7(), uuidv7()];
    await apply(group(move(a, 10_000)), group(hold(a, 6000, h1)), group(hold(a, 3000, h2)));
    expect(await levelOf(a)).toEqual({ on_hand: '10.000', held: '9.000', version: 3, short: false });
    expect(await apply(group(move(a, -2000)))).toMatchObject([{ ok: false }]);
    expect(await apply(group(move(a, -7000, { claims: [h1] })))).toEqual([{ ok: true }]);
    expect(await levelOf(a)).toEqual({ on_hand: '3.000', held: '3.000', version: 4, short: false });
    await apply(group({ do: 'release', holdId: h2, as: 'expired' }, { do: 'release', holdId: h1, as: 'released' }));
    expect(await levelOf(a)).toEqual({ on_hand: '3.000', held: '0.000', version: 5, short: false });
    const states = await core.database.query(
      'SELECT state, ended_at IS NULL AS open FROM stock_hold WHERE id = ANY ($1) ORDER BY id',
      [[h1, h2]],
    );
    expect(states).toEqual([
      { state: 'claimed', open: false },
      { state: 'expired', open: false },
    ]);
  });

  it('says that a level is short, until it no longer is', async () => {
    const a = await variant();
    await apply(group(move(a, 5000), hold(a, 4000)));
    await apply(group(move(a, -3000, { kind: 'count', policy: 'record' })));
    expect(await levelOf(a)).toMatchObject({ on_hand: '2.000', held: '4.000', short: true });
    await apply(group(move(a, -3000, { kind: 'adjustment', policy: 'record' })));
    expect(await levelOf(a)).toMatchObject({ on_hand: '-1.000', short: true });
    const open = () =>
      core.database.query('SELECT closed_at IS NULL AS open FROM stock_shortage WHERE variant_id = $1', [a.id]);
    expect(await open()).toEqual([{ open: true }]);
    await apply(group(move(a, 5000)));
    expect(await levelOf(a)).toMatchObject({ on_hand: '4.000', held: '4.000', short: false });
    expect(await open()).toEqual([{ open: false }]);
  });

  it('goes below zero where the site allows it', async () => {
    const a = await variant();
    const site = core.business.sites[0].id;
    await core.database.query('UPDATE site SET allow_negative = true WHERE id = $1', [site]);
    await core.tx((tx) => carryVariants(tx, [at(a, site)]));
    expect(await apply(group(move(a, -4000, { siteId: site })))).toEqual([{ ok: true }]);
    expect(await levelOf(a)).toMatchObject({ on_hand: '-4.000', short: false });
    await core.database.query('UPDATE site SET allow_negative = false WHERE id = $1', [site]);
  });

  it('tells of the levels after the commit, never of what was rolled back', async () => {
    const a = await variant();
    core.changedStock.length = 0;
    await expect(
      core.tx(async (tx) => {
        await applyStock(tx, [group(move(a, 1000))]);
        throw new Error('thought better of it');
      }),
    ).rejects.toThrow('thought better');
    expect(core.changedStock).toEqual([]);
    await apply(group(move(a, 2000)), group(hold(a, 500)));
    expect(core.changedStock).toHaveLength(1);
    expect(core.changedStock[0]).toMatchObject({
      tenantId: core.business.tenantId,
      level: { ...at(a), onHand: 2000, held: 500, version: 2 },
    });
  });

  it('keeps to its business', async () => {
    const [theirs] = await addVariants(core.database, core.other, ['THEIRS']);
    await core.tx((tx) => carryVariants(tx, [at(theirs!), at(theirs!, core.other.sites[1].id)]));
    expect(await core.database.query('SELECT 1 FROM stock_level WHERE variant_id = $1', [theirs!.id])).toEqual([]);
    expect(await apply(group(move(theirs!, -1000, { siteId: core.other.sites[1].id })))).toMatchObject([{ ok: false }]);
    await expect(apply(group(move(theirs!, 1000)))).rejects.toThrow(RangeError);
  });

  it('gives its last units to whoever comes first, and tells the others', async () => {
    const a = await variant();
    await apply(group(move(a, 10_000)));
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => apply(group(move(a, -1000)))));
    expect(outcomes.flat().filter((outcome) => outcome.ok)).toHaveLength(10);
    expect(await levelOf(a)).toMatchObject({ on_hand: '0.000', version: 11 });
  });

  it('is made once when many bring the same article at once, in any order', async () => {
    const variants = await Promise.all(Array.from({ length: 5 }, variant));
    await Promise.all(
      Array.from({ length: 12 }, (_, turn) => {
        const order = turn % 2 === 0 ? variants : [...variants].reverse();
        return apply(group(...order.map((one) => move(one, 1000))));
      }),
    );
    for (const one of variants) expect(await levelOf(one)).toMatchObject({ on_hand: '12.000', version: 12 });
  });
});
