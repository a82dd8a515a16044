import { buildTestApp, type TestApp } from '../support/app';
import { createWork } from '../support/work';

/** Nothing listens there. */
const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:9' };

describe('readiness', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await buildTestApp({ environment: { ...nowhere, NERVIO_DEMO: '1' } });
  });
  afterAll(() => test.close());
  const ready = async () => {
    const answer = await test.call({ method: 'GET', url: '/readyz' });
    return answer.statusCode === 200 ? 'ready' : answer.json<{ reason: string }>().reason;
  };

  it('waits for the migrations of this build', async () => {
    const last = '(SELECT max(migration_name) FROM _prisma_migrations)';
    await test.database.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = ${last}`);
    expect(await ready()).toBe('migrations');
    await test.database.query('UPDATE _prisma_migrations SET finished_at = now()');
  });

  it('of the demo waits for its places and pallets, as long as its Odoo may still answer', async () => {
    expect(await ready()).toBe('catalogue');
    const { connectionId } = await createWork(test.database, test.demo);
    await test.database.query(`UPDATE connection SET state = 'up' WHERE id = $1`, [connectionId]);
    expect(await ready()).toBe('catalogue');
    await test.database.query(`UPDATE connection SET state = 'down' WHERE id = $1`, [connectionId]);
    expect(await ready()).toBe('ready');
  });

  it('does not need Temporal, nor an outside system', async () => {
    expect(await ready()).toBe('ready');
    const health = await test.call({ method: 'GET', url: '/health' });
    expect(health.json()).toMatchObject({
      parts: expect.arrayContaining([expect.objectContaining({ name: 'temporal', state: 'down' })]) as unknown,
    });
  });

  it('ends before the process does', async () => {
    test.deps.health.readiness.stop();
    expect(await ready()).toBe('stopping');
    expect((await test.call({ method: 'GET', url: '/livez' })).statusCode).toBe(200);
  });
});

describe('health', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await buildTestApp({ environment: nowhere });
    await createWork(test.database, test.demo);
    await createWork(test.database, test.otra);
  });
  afterAll(() => test.close());

  it('is 503 when a part of ours is down, and says which, how fast the others are, and since when', async () => {
    const answer = await test.call({ method: 'GET', url: '/health' });
    expect(answer.statusCode).toBe(503);
    const parts = answer.json<{ parts: { name: string }[] }>().parts;
    expect(parts.map(({ name }) => name)).toEqual(['postgres', 'redis', 'temporal', 'dispatcher', 'worker']);
    const part = (name: string) => parts.find((one) => one.name === name);
    expect(part('postgres')).toMatchObject({
      state: 'up',
      latencyMs: expect.any(Number) as number,
      since: expect.any(String) as string,
    });
    expect(part('redis')).toMatchObject({ state: 'up', latencyMs: expect.any(Number) as number });
    expect(part('temporal')).toMatchObject({ state: 'down', latencyMs: null });
    expect(part('dispatcher')).toMatchObject({ state: 'down', detail: 'no_process' });
  });

  it('tells outside systems as counts; nobody’s name, address or error', async () => {
    const answer = await test.call({ method: 'GET', url: '/health' });
    expect(answer.json()).toMatchObject({ outside: [{ kind: 'odoo', state: 'down', total: 2, up: 0, down: 2 }] });
    for (const secret of [test.demo.tenantId, test.otra.slug, '127.0.0.1', 'demo-C1']) {
      expect(answer.body).not.toContain(secret);
    }
  });
});

describe('metrics', () => {
  let test: TestApp;
  let text: string;
  beforeAll(async () => {
    test = await buildTestApp({ environment: nowhere });
    await createWork(test.database, test.demo);
    await createWork(test.database, test.otra);
    await test.database.query(`UPDATE operation SET state = 'waiting' WHERE tenant_id = $1`, [test.otra.tenantId]);
    await test.call({ method: 'GET', url: '/api/v1/sites', headers: await test.as(test.demo.users.admin) });
    text = (await test.call({ method: 'GET', url: '/metrics' })).body;
  });
  afterAll(() => test.close());
  const value = (series: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return Number(line?.split(' ')[1] ?? NaN);
  };

  it('count what is open over all tenants, by kind and state', () => {
    expect(value('nervio_operations{process="api",kind="move_pallets",state="needs_attention"}')).toBe(1);
    expect(value('nervio_operations{process="api",kind="move_pallets",state="waiting"}')).toBe(1);
    expect(value('offline_queue_size{process="api"}')).toBe(1);
    expect(value('nervio_operation_error_ratio_last_hour{process="api"}')).toBe(1);
    expect(value('nervio_active_users{process="api"}')).toBe(1);
    expect(value('nervio_connection_up{process="api",kind="odoo"}')).toBe(0);
  });

  it('count requests by route, not by address', () => {
    expect(value('http_requests_total{process="api",method="GET",route="/api/v1/sites",status="200"}')).toBe(1);
    expect(text).toMatch(/^http_request_duration_seconds_count\{.*route="\/api\/v1\/sites"/m);
  });

  it('tell of the process itself', () => {
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds']) {
      expect(text).toContain(`${name}{process="api"}`);
    }
  });

  it('name no tenant, no connection, no pallet', () => {
    for (const name of [test.demo.tenantId, test.otra.slug, 'PACK-DEMO']) expect(text).not.toContain(name);
  });
});
