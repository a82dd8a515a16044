import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Redis } from 'ioredis';
import { startCore, type Core } from '../test/support/core';
import { requireEnv } from '../test/support/environment';
import { createShop, type TestShop } from '../test/support/shop';
import { createStockUpkeepActivities } from './stock-upkeep';

let core: Core;
let redis: Redis;
let shop: TestShop;
beforeAll(async () => {
  core = await startCore();
  redis = new Redis(requireEnv('NERVIO_TEST_REDIS_URL'));
  shop = await createShop(core.database, core.business, { onHand: 10, minStock: 2 });
});
afterAll(async () => {
  redis.disconnect();
  await core.close();
});

const run = (activity: 'expireStock' | 'reconcileStock') =>
  new MockActivityEnvironment().run(
    createStockUpkeepActivities({ db: core.db, redis })[activity] as () => Promise<object>,
  );

const level = async (index = 0) => {
  const [row] = await core.database.query('SELECT on_hand::int, held::int FROM stock_level WHERE variant_id = $1', [
    shop.variants[index],
  ]);
  return row;
};

async function park(expiresIn: string): Promise<string> {
  const { tenantId, users } = core.business;
  const ticketId = randomUUID();
  await core.database.query(
    `INSERT INTO parked_ticket (tenant_id, id, site_id, register_id, name, lines, created_by, expires_at)
     VALUES ($1, $2, $3, $4, 'T', '[]', $5, now() + $6::interval)`,
    [tenantId, ticketId, shop.siteId, shop.registerId, users.cashier.id, expiresIn],
  );
  await core.database.query(
    `WITH held AS (UPDATE stock_level SET held = held + 3, version = version + 1 WHERE variant_id = $3)
     INSERT INTO stock_hold (tenant_id, id, site_id, variant_id, quantity, purpose, owner_id, expires_at)
     VALUES ($1, gen_random_uuid(), $2, $3, 3, 'ticket', $4, now() + $5::interval)`,
    [tenantId, shop.siteId, shop.variants[0], ticketId, expiresIn],
  );
  return ticketId;
}

it('a parked ticket whose time is over ends, and what it held is free; another stays', async () => {
  const [over, good] = [await park('-1 minute'), await park('1 hour')];
  expect(await level()).toEqual({ on_hand: 10, held: 6 });
  expect(await run('expireStock')).toEqual({ holds: 1, tickets: 1 });
  expect(await level()).toEqual({ on_hand: 10, held: 3 });
  const tickets = await core.database.query('SELECT id, state FROM parked_ticket');
  expect(new Map(tickets.map((row) => [row.id, row.state]))).toEqual(
    new Map([
      [over, 'expired'],
      [good, 'parked'],
    ]),
  );
  expect(await run('expireStock')).toEqual({ holds: 0, tickets: 0 });
});

it('a level that is not its ledger is found and repaired, and warnings follow what is so', async () => {
  await core.database.query('UPDATE stock_level SET on_hand = 1 WHERE variant_id = $1', [shop.variants[1]]);
  expect(await run('reconcileStock')).toMatchObject({ findings: 1, warnings: 0 });
  expect(await level(1)).toEqual({ on_hand: 10, held: 0 });
  await shop.sell(1, { variant: 2, quantity: 9 });
  expect(await run('reconcileStock')).toMatchObject({ findings: 0, warnings: 1 });
  const open = await core.database.query('SELECT variant_id FROM low_stock_event WHERE ended_at IS NULL');
  expect(open).toEqual([{ variant_id: shop.variants[2] }]);
  await core.database.query('UPDATE stock_level SET min_stock = 0 WHERE variant_id = $1', [shop.variants[2]]);
  expect(await run('reconcileStock')).toMatchObject({ warnings: 1 });
  expect(await core.database.query('SELECT 1 FROM low_stock_event WHERE ended_at IS NULL')).toEqual([]);
});
