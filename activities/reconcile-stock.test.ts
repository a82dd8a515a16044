import { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import { applyStock } from '../store/stock';
import { expireHolds } from '../store/stock-holds';
import { startCore, type Core } from '../test/support/core';
import { requireEnv } from '../test/support/environment';
import { addVariants, bringIn, findDisagreements, type TestVariant } from '../test/support/stock';
import { reconcileStock } from './reconcile-stock';

let core: Core;
let redis: Redis;
let shop: string;
beforeAll(async () => {
  core = await startCore();
  redis = new Redis(requireEnv('NERVIO_TEST_REDIS_URL'));
  shop = core.business.sites[1].id;
});
afterAll(async () => {
  redis.disconnect();
  await core.close();
});

let made = 0;
async function stocked(quantity: number): Promise<TestVariant> {
  const [one] = await addVariants(core.database, core.business, [`REC-${++made}`]);
  await bringIn(core.db, core.business, shop, [{ variantId: one!.id, quantity }]);
  return one!;
}
const reconcile = () => reconcileStock(core.db, redis, core.business.tenantId);
const levelOf = async ({ id }: TestVariant) =>
  (
    await core.database.query(
      'SELECT on_hand::text, held::text, version::int, negative_task_id IS NOT NULL AS short FROM stock_level WHERE variant_id = $1',
      [id],
    )
  )[0];
const hold = (of: TestVariant, quantity: number, expiresAt: string | null) => {
  const id = uuidv7();
  const change = {
    do: 'hold',
    id,
    siteId: shop,
    variantId: of.id,
    quantity,
    purpose: 'ticket',
    ownerId: id,
    expiresAt,
  } as const;
  return core
    .tx((tx) => applyStock(tx, [{ documentId: id, operationId: null, userId: null, changes: [change] }]))
    .then(() => id);
};

describe('the reconciliation', () => {
  it('finds nothing where nothing is wrong, page after page', async () => {
    const skus = Array.from({ length: 1100 }, (_, index) => `MANY-${index}`);
    const many = await addVariants(core.database, core.business, skus);
    await bringIn(
      core.db,
      core.business,
      shop,
      many.map((one) => ({ variantId: one.id, quantity: 1000 })),
    );
    expect(await reconcile()).toEqual({ levels: 1100, findings: [], cache: 'renewed' });
  });

  it('makes a level say what the ledger says, and records both', async () => {
    const [wrong, fine] = [await stocked(5000), await stocked(7000)];
    await core.database.query('UPDATE stock_level SET on_hand = 9 WHERE variant_id = $1', [wrong.id]);
    core.changedStock.length = 0;
    const { findings } = await reconcile();
    expect(findings).toEqual([{ siteId: shop, variantId: wrong.id, kind: 'level', expected: 5000, found: 9000 }]);
    expect(await levelOf(wrong)).toEqual({ on_hand: '5.000', held: '0.000', version: 2, short: false });
    expect(await levelOf(fine)).toMatchObject({ on_hand: '7.000', version: 1 });
    expect(core.changedStock.map(({ level }) => [level.variantId, level.onHand])).toEqual([[wrong.id, 5000]]);
    const rows = await core.database.query(
      'SELECT kind, expected::text, found::text, repaired_at IS NOT NULL AS repaired FROM stock_finding WHERE variant_id = $1',
      [wrong.id],
    );
    expect(rows).toEqual([{ kind: 'level', expected: '5.000', found: '9.000', repaired: true }]);
    expect((await reconcile()).findings).toEqual([]);
    expect(await findDisagreements(core.database)).toEqual([]);
  });

  it('makes held say what the holds add up to', async () => {
    const one = await stocked(5000);
    await hold(one, 2000, null);
    await core.database.query('UPDATE stock_level SET held = 5 WHERE variant_id = $1', [one.id]);
    expect((await reconcile()).findings).toEqual([
      { siteId: shop, variantId: one.id, kind: 'held', expected: 2000, found: 5000 },
    ]);
    expect(await levelOf(one)).toMatchObject({ held: '2.000' });
    expect(await findDisagreements(core.database)).toEqual([]);
  });

  it('opens a shortage when the truth is less than what is promised', async () => {
    const one = await stocked(5000);
    await hold(one, 4000, null);
    const [{ id }] = (await core.database.query('SELECT id FROM stock_movement WHERE variant_id = $1', [one.id])) as [
      { id: string },
    ];
    await core.database.query('UPDATE stock_movement SET quantity = 1, balance = 1 WHERE id = $1', [id]);
    await reconcile();
    expect(await levelOf(one)).toMatchObject({ on_hand: '1.000', held: '4.000', short: true });
    expect(await findDisagreements(core.database)).toEqual([]);
  });

  it('takes no sale under way for a disagreement', async () => {
    const one = await stocked(100_000);
    const sell = () =>
      core.tx((tx) =>
        applyStock(tx, [
          {
            documentId: uuidv7(),
            operationId: null,
            userId: null,
            changes: [{ do: 'move', siteId: shop, variantId: one.id, kind: 'sale', quantity: -1000, policy: 'refuse' }],
          },
        ]),
      );
    const selling = Promise.all(
      [1, 2, 3].map(async () => {
        for (let turn = 0; turn < 20; turn++) await sell();
      }),
    );
    const rounds = await Promise.all([reconcile(), reconcile()]);
    await selling;
    rounds.push(await reconcile());
    expect(rounds.flatMap(({ findings }) => findings)).toEqual([]);
    expect(await levelOf(one)).toMatchObject({ on_hand: '40.000', version: 61 });
  });

  it('proves the database without Redis', async () => {
    const gone = new Redis({
      port: 1,
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: null,
    });
    gone.on('error', () => undefined);
    expect(await reconcileStock(core.db, gone, core.business.tenantId)).toMatchObject({
      findings: [],
      cache: 'unreachable',
    });
    gone.disconnect();
  });
});

describe('holds whose time is over', () => {
  const past = new Date(Date.now() - 1000).toISOString();
  const expire = (limit = 100) => core.tx((tx) => expireHolds(tx, limit));

  it('count until they are let go, and are told of once', async () => {
    const one = await stocked(5000);
    const [first, later] = [
      await hold(one, 2000, past),
      await hold(one, 3000, new Date(Date.now() + 60_000).toISOString()),
    ];
    expect(await levelOf(one)).toMatchObject({ held: '5.000' });
    expect(await expire()).toEqual([{ holdId: first, purpose: 'ticket', ownerId: first }]);
    expect(await expire()).toEqual([]);
    expect(await levelOf(one)).toMatchObject({ held: '3.000', version: 4 });
    expect(
      await core.database.query('SELECT state FROM stock_hold WHERE id = ANY ($1) ORDER BY id', [[first, later]]),
    ).toEqual([{ state: 'expired' }, { state: 'held' }]);
  });

  it('go a page at a time, and once when two look at once', async () => {
    const one = await stocked(5000);
    for (let turn = 0; turn < 5; turn++) await hold(one, 1000, past);
    expect(await expire(2)).toHaveLength(2);
    const both = await Promise.all([expire(), expire()]);
    expect(both.flat().length).toBeGreaterThanOrEqual(3);
    expect(await levelOf(one)).toMatchObject({ held: '0.000', version: 11 });
    expect(await findDisagreements(core.database)).toEqual([]);
  });
});
