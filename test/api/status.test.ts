import { randomUUID } from 'node:crypto';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { buildApp } from '../../api/app';
import { createDeps } from '../../api/create-deps';
import type { ApiDeps } from '../../api/deps';
import { createLog } from '../../store/log';
import type { ConnectionView, TrialResult } from '../../api/connections/schemas';
import type { SystemStatus } from '../../api/status/schemas';
import type { Role } from '../../domain/access';
import { startHeartbeat } from '../../store/processes';
import { createSecretBox } from '../../store/secrets';
import { testPassword } from '../support/business';
import { testConfig } from '../support/environment';
import { eventually } from '../support/eventually';
import { type Flow, startFlow } from '../support/flow';

/** The API beside real workers, a real Temporal and the Odoo simulator. */
let flow: Flow;
let app: FastifyInstance;
let deps: ApiDeps;
let closeDeps: () => Promise<void>;
const beats: { stop(): Promise<void> }[] = [];
const tokens = new Map<Role, string>();

beforeAll(async () => {
  flow = await startFlow();
  const config = testConfig(flow.database.ownerUrl, { TEMPORAL_ADDRESS: flow.temporal.address });
  ({ deps, close: closeDeps } = await createDeps(config, createLog(config, 'test')));
  app = await buildApp({ deps });
  for (const role of ['worker', 'dispatcher'] as const) {
    beats.push(
      startHeartbeat(deps.db.installation, role, (error) => {
        throw error;
      }),
    );
  }
  await eventually(
    () => deps.db.installation.query('SELECT 1 FROM process'),
    (rows) => rows.length === 2,
  );
  await flow.watch();
}, 120_000);

beforeEach(() => flow.odoo.control({ mode: 'ok' }));
afterAll(async () => {
  await Promise.all(beats.map((beat) => beat.stop()));
  await app?.close();
  await closeDeps?.();
  await flow?.close();
});

async function call(
  role: Role,
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  payload?: object,
): Promise<LightMyRequestResponse> {
  if (!tokens.has(role)) {
    const { email } = flow.business.users[role];
    const login = await app.inject({
      method: 'POST',
      url: '/api/v1/auth/login',
      payload: { email, password: testPassword },
    });
    tokens.set(role, login.json<{ accessToken: string }>().accessToken);
  }
  return app.inject({
    method,
    url: `/api/v1${url}`,
    headers: {
      authorization: `Bearer ${tokens.get(role)}`,
      ...(method !== 'GET' && { 'idempotency-key': randomUUID() }),
    },
    ...(payload && { payload }),
  });
}

const status = async (): Promise<SystemStatus> => (await call('warehouse', 'GET', '/status')).json<SystemStatus>();
const partOf = (seen: SystemStatus, name: string) => seen.parts.find((part) => part.name === name);

describe('the system status', () => {
  it('all up: parts, queues with somebody at work, processes, connection', async () => {
    // Temporal knows of who works on a queue when they have asked it for work once.
    const seen = await eventually(status, ({ queues }) => queues.every(({ pollers }) => pollers > 0));
    expect(seen.parts.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'postgres up',
      'redis up',
      'temporal up',
      'dispatcher up',
      'worker up',
    ]);
    expect(seen.queues).toEqual([
      { name: 'pallets', pollers: 1, backlog: 0 },
      { name: 'sales', pollers: 1, backlog: 0 },
      { name: 'stock', pollers: 1, backlog: 0 },
      { name: 'system', pollers: 1, backlog: 0 },
    ]);
    expect(seen.processes.map(({ role, running }) => `${role} ${running}`)).toEqual(['dispatcher 1', 'worker 1']);
    expect(seen.connections).toMatchObject([
      { kind: 'odoo', state: 'up', serverVersion: expect.any(String) as string, waiting: 0 },
    ]);
    expect(seen.status).toBe('up');
  });

  it('counts what was moved in the last hour, and in this one for the chart', async () => {
    const codes = ['PACK0001234', 'PACK0001235'];
    const from = new Set(codes.map((code) => flow.placeOf(code)));
    const to = ['CAM-01', 'CAM-02', 'CAM-03'].find((barcode) => !from.has(barcode))!;
    await flow.until(
      await flow.move(
        codes.map((code) => ({ code })),
        to,
      ),
      'synced',
    );
    const seen = await status();
    expect(seen.lastHour).toMatchObject({
      palletsMoved: 2,
      synced: 1,
      failed: 0,
      meanSeconds: expect.any(Number) as number,
    });
    expect(seen.movedByHour).toHaveLength(12);
    expect(seen.movedByHour.reduce((sum, { pallets }) => sum + pallets, 0)).toBe(2);
    expect(seen.operations.synced).toBe(1);
  });

  it('an Odoo that is down degrades it, shows what waits, and is no trouble of the installation', async () => {
    flow.odoo.control({ mode: 'down' });
    await flow.watch();
    await flow.until(await flow.move([{ code: 'PACK0001236' }], 'CAM-01'), 'waiting');
    const seen = await status();
    expect(seen.status).toBe('degraded');
    expect(seen.connections).toMatchObject([{ state: 'down', waiting: 1 }]);
    expect(partOf(seen, 'worker')?.state).toBe('up');
    const health = await app.inject({ method: 'GET', url: '/health' });
    expect(health.statusCode).toBe(200);
    expect(health.json()).toMatchObject({ status: 'degraded', outside: [{ kind: 'odoo', down: 1 }] });
    flow.odoo.control({ mode: 'ok' });
    await flow.watch();
  });

  it('workers that are gone are a part of ours that is down', async () => {
    await beats[0]!.stop();
    const seen = await status();
    expect(seen.status).toBe('down');
    expect(partOf(seen, 'worker')).toMatchObject({ state: 'down', detail: 'no_process' });
    expect(seen.queues.every(({ pollers }) => pollers === 0)).toBe(true);
    expect((await app.inject({ method: 'GET', url: '/health' })).statusCode).toBe(503);
    expect((await app.inject({ method: 'GET', url: '/readyz' })).statusCode).toBe(200);
  });
});

describe('connections', () => {
  const list = async (): Promise<ConnectionView[]> =>
    (await call('admin', 'GET', '/connections')).json<{ items: ConnectionView[] }>().items;
  const test = async (payload: object): Promise<TrialResult> =>
    (await call('admin', 'POST', `/connections/${flow.connectionId}/test`, payload)).json<TrialResult>();

  it('are listed without their secret', async () => {
    const answer = await call('manager', 'GET', '/connections');
    expect(answer.json()).toMatchObject({
      items: [{ id: flow.connectionId, settings: { login: 'nervio@demo.test' } }],
    });
    expect(answer.body).not.toMatch(/nervio-demo-key|secret/);
  });

  it('one whose key cannot be opened, because NERVIO_SECRET is another: says so when it is tested', async () => {
    const owner = { tenantId: flow.business.tenantId, connectionId: flow.connectionId };
    const [kept] = await flow.database.query<{ secret: Buffer }>('SELECT secret FROM connection');
    const use = (secret: Buffer) => flow.database.query('UPDATE connection SET secret = $1', [secret]);
    await use(createSecretBox('ab'.repeat(32)).seal('nervio-demo-key', owner));
    try {
      const told = await test({});
      expect(told).toMatchObject({ ok: false, code: 'odoo_credentials' });
      expect(told.detail).toContain('NERVIO_SECRET');
      expect(await test({ secret: 'nervio-demo-key' })).toMatchObject({ ok: true });
    } finally {
      await use(kept!.secret);
    }
  });

  it('are tested as they are, and with what is not saved yet', async () => {
    expect(await test({})).toMatchObject({
      ok: true,
      code: null,
      serverVersion: expect.stringMatching(/^18/) as string,
    });
    expect(await test({ secret: 'wrong' })).toMatchObject({ ok: false, code: 'odoo_credentials' });
    expect(await test({ settings: { url: 'http://127.0.0.1:9' }, secret: 'nervio-demo-key' })).toMatchObject({
      ok: false,
      code: 'odoo_unreachable',
    });
    expect(await list()).toMatchObject([
      { version: 1, settings: { url: expect.stringContaining(flow.odoo.url) as string } },
    ]);
  });

  it('a changed key is sealed, audited without itself, and used at once', async () => {
    const [before] = await list();
    const change = { version: before!.version, secret: 'not-the-key' };
    const answer = await call('admin', 'PATCH', `/connections/${flow.connectionId}`, change);
    expect(answer.json()).toMatchObject({ version: before!.version + 1, state: 'unknown', settings: before!.settings });
    await flow.watch();
    expect(await list()).toMatchObject([{ state: 'credentials' }]);
    const audit = await call('admin', 'GET', '/audit?entityType=connection');
    expect(audit.json()).toMatchObject({ items: [{ action: 'connection.changed', after: { secretChanged: true } }] });
    const kept = await flow.database.query(
      `SELECT a::text FROM audit a UNION ALL SELECT k::text FROM idempotency_key k`,
    );
    expect(JSON.stringify(kept)).not.toContain('not-the-key');
    await call('admin', 'PATCH', `/connections/${flow.connectionId}`, { secret: 'nervio-demo-key' });
    await flow.watch();
    expect(await list()).toMatchObject([{ state: 'up' }]);
  });

  it('somebody else’s change in between is not lost', async () => {
    const answer = await call('admin', 'PATCH', `/connections/${flow.connectionId}`, {
      version: 1,
      settings: { login: 'x' },
    });
    expect(answer.json()).toMatchObject({ status: 409, code: 'version_conflict' });
  });

  const change = (payload: object) => call('admin', 'PATCH', `/connections/${flow.connectionId}`, payload);
  const places = () =>
    flow.database.query<{ id: string; external_id: number; active: boolean }>(
      `SELECT id, external_id, active FROM location WHERE connection_id = '${flow.connectionId}' ORDER BY id`,
    );

  it('the stored key does not go to an address that somebody names', async () => {
    for (const settings of [{ url: 'http://127.0.0.1:9' }, { database: 'mine' }]) {
      const trial = await call('admin', 'POST', `/connections/${flow.connectionId}/test`, { settings });
      expect(trial.json()).toMatchObject({ status: 422, code: 'secret_needed' });
      expect((await change({ settings })).json()).toMatchObject({ status: 422, code: 'secret_needed' });
    }
  });

  it('does not go to another Odoo while moves are open in this one', async () => {
    flow.odoo.control({ mode: 'down', db: flow.odooDatabase });
    const id = await flow.move(['PACK0001500'], 'CAM-02');
    await flow.until(id, 'waiting');
    const before = await places();
    const elsewhere = { settings: { url: 'http://127.0.0.1:9' }, secret: 'x' };
    expect((await change(elsewhere)).json()).toMatchObject({ status: 409, code: 'connection_in_use' });
    expect(await places()).toEqual(before);
    flow.odoo.control({ mode: 'ok', db: flow.odooDatabase });
    await flow.watch();
    await flow.until(id, 'synced');
  });

  it('the same Odoo at another address keeps what is known of it; another one starts anew', async () => {
    const [now] = await list();
    const { url, database } = now!.settings;
    const before = await places();
    const secret = 'nervio-demo-key';
    await change({ settings: { url: url.replace('127.0.0.1', 'localhost') }, secret, sameSystem: true });
    expect(await places()).toEqual(before);
    expect((await change({ settings: { url, database }, secret })).statusCode).toBe(200);
    const retired = await places();
    expect(retired.map((row) => row.id)).toEqual(before.map((row) => row.id));
    expect(retired.some((row) => row.active || row.external_id > 0)).toBe(false);
    expect(await list()).toMatchObject([{ catalogueSyncedAt: null }]);
    await flow.watch();
    const active = await eventually(places, (rows) => rows.some((row) => row.active));
    const known = new Set(before.map((row) => row.id));
    expect(active.filter((row) => row.active && known.has(row.id))).toEqual([]);
  });

  it('an address that is none is malformed, and says so beside its field', async () => {
    const answer = await call('admin', 'PATCH', `/connections/${flow.connectionId}`, {
      settings: { url: 'odoo.example.com' },
    });
    expect(answer.json()).toMatchObject({
      status: 400,
      fields: expect.arrayContaining([expect.objectContaining({ path: 'body/settings/url' })]) as unknown,
    });
  });
});
