import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { requireEnv } from '../test/support/environment';
import { eventually } from '../test/support/eventually';
import { createStockCache, forgetKept, type StockCache } from './stock-cache';

/** Stands in for the database: what it says now, and how often it was asked. */
class Truth {
  value = 1;
  asked = 0;
  read = async (): Promise<number> => {
    this.asked++;
    return this.value;
  };
}

const connections: Redis[] = [];
async function connect(): Promise<Redis> {
  const redis = new Redis(requireEnv('NERVIO_TEST_REDIS_URL'), {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    lazyConnect: true,
    retryStrategy: () => 20,
  });
  redis.on('error', () => undefined);
  connections.push(redis);
  await redis.connect();
  return redis;
}
afterEach(() => {
  for (const redis of connections.splice(0)) redis.disconnect();
});

async function setUp() {
  const redis = await connect();
  const cache = createStockCache(redis);
  const tenantId = randomUUID();
  const truth = new Truth();
  const ask = async (of: StockCache = cache) => (await of.through(tenantId, 'all', truth.read)).value;
  return { redis, cache, tenantId, truth, ask };
}
const epochOf = (redis: Redis, tenantId: string) => redis.get(`nervio:stock:${tenantId}:epoch`);

describe('a kept answer about stock', () => {
  it('is given again, with the time when it was read, until stock changes', async () => {
    const { cache, tenantId, truth } = await setUp();
    const first = await cache.through(tenantId, 'all', truth.read);
    const again = await cache.through(tenantId, 'all', truth.read);
    expect(again).toEqual(first);
    expect(truth.asked).toBe(1);
    truth.value = 2;
    cache.changed(tenantId);
    expect(await cache.through(tenantId, 'all', truth.read)).toMatchObject({ value: 2 });
    expect(truth.asked).toBe(2);
  });

  it('is of one business and one question', async () => {
    const { cache, tenantId, truth, ask } = await setUp();
    await ask();
    await cache.through(tenantId, 'other question', truth.read);
    await cache.through(randomUUID(), 'all', truth.read);
    expect(truth.asked).toBe(3);
  });

  it('is not left behind by a reader that a commit overtook', async () => {
    const { cache, tenantId, truth, ask } = await setUp();
    let answer!: (value: number) => void;
    const reached = new Promise<void>((resolve) => {
      void cache.through(tenantId, 'all', () => {
        resolve();
        return new Promise<number>((give) => (answer = give));
      });
    });
    await reached;
    // It has read 1; now a sale is committed, and told, before it keeps what it read.
    truth.value = 2;
    cache.changed(tenantId);
    await cache.settled();
    answer(1);
    expect(await ask()).toBe(2);
    expect(await ask()).toBe(2);
  });

  it('is forgotten by every process', async () => {
    const { tenantId, truth, ask, cache } = await setUp();
    const neighbour = createStockCache(await connect());
    expect(await ask(neighbour)).toBe(1);
    truth.value = 2;
    cache.changed(tenantId);
    await cache.settled();
    expect(await ask(neighbour)).toBe(2);
  });

  it('is not asked for while Redis does not know of a change, nor believed when it comes back', async () => {
    const { redis, cache, tenantId, truth, ask } = await setUp();
    const keeper = await connect();
    expect(await ask()).toBe(1);
    const old = await epochOf(keeper, tenantId);
    redis.disconnect(true);
    truth.value = 2;
    cache.changed(tenantId);
    expect(await ask()).toBe(2);
    await eventually(
      () => epochOf(keeper, tenantId),
      (epoch) => epoch !== old,
      () => 'Redis does not know of the change',
    );
    expect(await ask()).toBe(2);
    expect(await ask(createStockCache(keeper))).toBe(2);
  });

  it('of a Redis that got old memories back with a new connection is not believed', async () => {
    const { redis, cache, tenantId, truth, ask } = await setUp();
    expect(await ask()).toBe(1);
    const old = (await epochOf(redis, tenantId))!;
    truth.value = 2;
    cache.changed(tenantId);
    await cache.settled();
    // Its tail was lost: the word of before, with the answer that lies under it, is back.
    const keeper = await connect();
    redis.disconnect(true);
    await keeper.set(`nervio:stock:${tenantId}:epoch`, old);
    await eventually(
      () => epochOf(keeper, tenantId),
      (epoch) => epoch !== old,
      () => 'the old word still stands',
    );
    expect(await ask()).toBe(2);
  });

  it('is gone with the memory of Redis, and older than its time it is not given', async () => {
    const { redis, cache, tenantId, truth, ask } = await setUp();
    await ask();
    await redis.del(`nervio:stock:${tenantId}:epoch`);
    truth.value = 2;
    expect(await ask()).toBe(2);
    const epoch = (await epochOf(redis, tenantId))!;
    const key = `nervio:stock:${tenantId}:${epoch}:all`;
    await eventually(
      () => redis.pttl(key),
      (left) => left > 0 && left <= 300_000,
      (left) => `lives ${left} ms`,
    );
    const asOf = new Date(Date.now() - 300_001).toISOString();
    await redis.set(key, JSON.stringify({ value: 1, asOf }));
    expect((await cache.through(tenantId, 'all', truth.read)).value).toBe(2);
  });

  it('is passed by when it is no answer of ours', async () => {
    const { redis, tenantId, truth, ask } = await setUp();
    await ask();
    const epoch = (await epochOf(redis, tenantId))!;
    await redis.set(`nervio:stock:${tenantId}:${epoch}:all`, 'rubbish');
    truth.value = 2;
    expect(await ask()).toBe(2);
  });

  it('is forgotten from outside', async () => {
    const { redis, tenantId, truth, ask } = await setUp();
    await ask();
    truth.value = 2;
    await forgetKept(redis, tenantId);
    expect(await ask()).toBe(2);
  });

  it('costs one word at a time, however many sales there are', async () => {
    const { redis, cache, tenantId } = await setUp();
    const set = jest.spyOn(redis, 'set');
    for (let sale = 0; sale < 100; sale++) cache.changed(tenantId);
    await cache.settled();
    expect(set).toHaveBeenCalledTimes(2);
  });
});
