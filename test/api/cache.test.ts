import { randomUUID } from 'node:crypto';
import { reconcileStock } from '../../activities/reconcile-stock';
import { warmUpAll } from '../../api/cache/warm-up';
import { buildTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { addVariants, bringIn } from '../support/stock';

let t: TestApp;
let manager: { authorization: string };
beforeAll(async () => {
  t = await buildTestApp();
  manager = await t.as(t.demo.users.manager);
  const variants = await addVariants(t.database, t.demo, ['C-1', 'C-2', 'C-3']);
  const lines = variants.map(({ id }) => ({ variantId: id, quantity: 5_000 }));
  await bringIn(t.deps.db, t.demo, t.demo.sites[0].id, lines);
  await bringIn(t.deps.db, t.demo, t.demo.sites[1].id, lines.slice(0, 1));
});
afterAll(() => t.close());

const warmUp = (headers: Record<string, string> = manager) =>
  t.call({ method: 'POST', url: '/api/v1/cache/warmup', headers });
const stats = async (headers = manager) =>
  (await t.call({ method: 'GET', url: '/api/v1/cache/stats', headers })).json<object>();
const forgetAll = async () => {
  const keys = await t.deps.redis.keys(`nervio:avail:${t.demo.tenantId}:*`);
  if (keys.length > 0) await t.deps.redis.del(...keys);
};

it('a warm-up tells Redis of each level, and of nothing that is gone', async () => {
  await forgetAll();
  expect(await stats()).toEqual({
    redis: 'up',
    keys: 0,
    hits: 0,
    misses: 0,
    hitRatio: 0,
    lastWarmupAt: null,
    lastReconciliation: null,
  });
  await t.deps.redis.hset(`nervio:avail:${t.demo.tenantId}:${t.demo.sites[0].id}`, randomUUID(), '1:1');
  const answer = await warmUp();
  expect([answer.statusCode, answer.json()]).toEqual([200, { variants: 4, ms: expect.any(Number) as number }]);
  const { lastWarmupAt, ...told } = (await stats()) as { lastWarmupAt: string };
  expect(told).toMatchObject({ keys: 4 });
  expect(Date.parse(lastWarmupAt)).not.toBeNaN();
});

it('a warm-up is of one business, in the audit, and done once for a key', async () => {
  const admin = await t.as(t.otra.users.admin);
  expect((await warmUp(admin)).json()).toMatchObject({ variants: 0 });
  expect(await stats(admin)).toMatchObject({ keys: 0 });
  const key = { ...manager, 'idempotency-key': randomUUID() };
  const [first, second] = [await warmUp(key), await warmUp(key)];
  expect([second.json(), second.headers['idempotency-replayed']]).toEqual([first.json(), 'true']);
  const rows = await t.database.query(`SELECT count(*)::int AS n FROM audit WHERE action = 'cache.warmup'`);
  expect(rows).toEqual([{ n: 3 }]);
});

it('the start of a process and the upkeep of stock warm it too', async () => {
  await forgetAll();
  await warmUpAll(t.deps);
  expect(await stats()).toMatchObject({ keys: 4 });
  await forgetAll();
  await reconcileStock(t.deps.db, t.deps.redis, t.demo.tenantId);
  expect(await stats()).toMatchObject({ keys: 4, lastReconciliation: { levels: 4, findings: 0 } });
});

it('without Redis the figures say so, and a warm-up is for later', async () => {
  t.deps.redis.disconnect();
  expect(await stats()).toMatchObject({ redis: 'down', keys: 0, lastWarmupAt: null });
  const answer = await warmUp();
  expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: 'unavailable' }]);
  await warmUpAll(t.deps);
  await t.deps.redis.connect();
  await eventually(
    () => t.deps.redis.status,
    (status) => status === 'ready',
  );
  expect((await warmUp()).statusCode).toBe(200);
});
