import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { requireEnv } from '../../test/support/environment';
import { eventually } from '../../test/support/eventually';
import { createBulkCounter, createCounter } from './counter';

let redis: Redis;
let other: Redis;
beforeAll(async () => {
  [redis, other] = [new Redis(requireEnv('NERVIO_TEST_REDIS_URL')), new Redis(requireEnv('NERVIO_TEST_REDIS_URL'))];
  await Promise.all([redis.ping(), other.ping()]);
});
afterAll(() => {
  redis.disconnect();
  other.disconnect();
});

const prefix = 'nervio:test-counter:';

it('counts each hit at once, and Redis hears of all of them', async () => {
  const [counter, key] = [createBulkCounter(redis, prefix), randomUUID()];
  for (let hit = 1; hit <= 20; hit++) {
    const { count, ttlMs } = await counter.hit(key, 60_000);
    expect([count, ttlMs > 50_000 && ttlMs <= 60_000]).toEqual([hit, true]);
  }
  await eventually(
    () => redis.get(prefix + key),
    (count) => count === '20',
  );
});

it('hears of another process’s hits', async () => {
  const [here, there, key] = [createBulkCounter(redis, prefix), createBulkCounter(other, prefix), randomUUID()];
  for (let hit = 0; hit < 5; hit++) await there.hit(key, 60_000);
  await here.hit(key, 60_000);
  await eventually(
    async () => (await here.hit(key, 60_000)).count,
    (count) => count > 6,
  );
  await eventually(
    async () => Number(await redis.get(prefix + key)),
    (count) => count >= 7,
  );
});

it('begins anew with a new window', async () => {
  const [counter, key] = [createBulkCounter(redis, prefix), randomUUID()];
  await counter.hit(key, 30);
  await eventually(
    async () => (await counter.hit(key, 30)).count,
    (count) => count === 1,
  );
});

it('goes on counting without Redis', async () => {
  const away = new Redis('redis://127.0.0.1:9', { lazyConnect: true, retryStrategy: () => null });
  away.on('error', () => undefined);
  const [counter, key] = [createBulkCounter(away, prefix), randomUUID()];
  for (let hit = 1; hit <= 3; hit++) expect((await counter.hit(key, 60_000)).count).toBe(hit);
  away.disconnect();
});

it('takes a hit back where it was counted, and never below none', async () => {
  const away = new Redis('redis://127.0.0.1:9', { lazyConnect: true, retryStrategy: () => null });
  away.on('error', () => undefined);
  for (const counter of [createCounter(redis, prefix), createCounter(away, prefix)]) {
    const key = randomUUID();
    const first = await counter.hit(key, 60_000);
    const second = await counter.hit(key, 60_000);
    await second.takeBack();
    expect((await counter.hit(key, 60_000)).count).toBe(2);
    await counter.clear(key);
    await first.takeBack();
    expect((await counter.hit(key, 60_000)).count).toBe(1);
  }
  away.disconnect();
});
