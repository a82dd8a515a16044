import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import pg from 'pg';
import { demoPassword } from '../../prisma/demo-business';
import { eventually } from '../support/eventually';
import { openProcesses, type Processes, type Running } from './processes';

/** kill -9 and SIGSTOP of real processes. Recovery times are bounded generously: leases and heartbeats last 15 s. */
jest.setTimeout(120_000);

let all: Processes;
let api: Running;
let worker: Running;
let dispatcher: Running;
let token: string;
let serial = 1400;

beforeAll(async () => {
  all = await openProcesses();
  [api, worker, dispatcher] = await Promise.all([all.start('api'), all.start('worker'), all.start('dispatcher')]);
  await eventually(
    async () => (await fetch(`${all.url}/readyz`)).status,
    (status) => status === 200,
    (status) => `readyz is ${status}`,
    60_000,
  );
  token = await logIn();
});
afterAll(() => all.close());
beforeEach(() => all.odoo.control({ mode: 'ok' }));

const pallet = () => `PACK000${serial++}`;
const placeOf = (code: string) => all.odoo.state().databases['demo']?.packages[code];
const elsewhere = (code: string) => (placeOf(code) === 'CAM-05' ? 'CAM-06' : 'CAM-05');
/** Odoo does what it is asked by this method, and keeps the answer until its mode is set again. */
const hold = (method: string) => all.odoo.control({ mode: 'hold', method: `stock.picking.${method}` });
const untilHeld = (count = 1) =>
  eventually(
    () => all.odoo.state().held.length,
    (held) => held >= count,
    (held) => `${held} answers are held`,
    60_000,
  );
const pickings = (id: string) => all.odoo.state().pickings.filter((picking) => picking.origin === id);

async function logIn(): Promise<string> {
  const answer = await fetch(`${all.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'bodega@demo.test', password: demoPassword }),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

const bodyOf = (code: string) =>
  JSON.stringify({ destination: elsewhere(code), pallets: [code], scannedAt: new Date().toISOString() });

async function post(body: string, key: string = randomUUID()): Promise<{ id: string; replayed: boolean }> {
  const answer = await fetch(`${all.url}/api/v1/pallet-moves`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body,
  });
  const told = (await answer.json()) as { operationId: string };
  if (answer.status !== 202) throw new Error(`${answer.status}: ${JSON.stringify(told)}`);
  return { id: told.operationId, replayed: answer.headers.get('idempotency-replayed') === 'true' };
}

/** Sends a request and goes away: its answer reaches nobody. */
function sendAndLeave(body: string, key: string): void {
  const { hostname, port } = new URL(all.url);
  const socket = connect({ host: hostname, port: Number(port) }, () => {
    socket.write(
      `POST /api/v1/pallet-moves HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
        `Idempotency-Key: ${key}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
  // The other side is killed.
  socket.on('error', () => socket.destroy());
}

async function cancel(id: string): Promise<void> {
  const answer = await fetch(`${all.url}/api/v1/operations/${id}/cancel`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
  });
  expect(answer.status).toBe(202);
}

/** Holds the transaction that writes a line of the timeline just before it commits. */
async function holdCommitOf(code: string): Promise<{ reached(): Promise<unknown>; release(): Promise<void> }> {
  const key = 7_240_100;
  await all.database.query(
    `CREATE FUNCTION hold_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(${key}); RETURN NULL; END $$`,
  );
  await all.database.query(
    `CREATE CONSTRAINT TRIGGER hold_commit AFTER INSERT ON operation_event DEFERRABLE INITIALLY DEFERRED
     FOR EACH ROW WHEN (NEW.code = '${code}') EXECUTE FUNCTION hold_commit()`,
  );
  const holder = new pg.Client({ connectionString: all.database.ownerUrl });
  await holder.connect();
  await holder.query('SELECT pg_advisory_lock($1)', [key]);
  return {
    reached: () =>
      eventually(
        () =>
          all.database.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`,
          ),
        (rows) => rows.length === 1,
      ),
    async release() {
      await holder.end();
      await eventually(
        () => all.database.query('SELECT FROM pg_locks WHERE locktype = $1 AND objid = $2', ['advisory', key]),
        (rows) => rows.length === 0,
      );
      await all.database.query('DROP TRIGGER hold_commit ON operation_event');
      await all.database.query('DROP FUNCTION hold_commit');
    },
  };
}

const codesOf = async (id: string): Promise<string[]> =>
  (
    await all.database.query<{ code: string }>('SELECT code FROM operation_event WHERE operation_id = $1 ORDER BY id', [
      id,
    ])
  ).map((row) => row.code);
const stateOf = async (id: string) =>
  (
    await all.database.query<{ state: string; error: unknown }>('SELECT state, error FROM operation WHERE id = $1', [
      id,
    ])
  )[0];
const untilStep = (id: string, code: string) =>
  eventually(
    () => codesOf(id),
    (codes) => codes.includes(code),
  );
const untilSynced = (id: string, withinMs: number) =>
  eventually(
    () => stateOf(id),
    (row) => row?.state === 'synced',
    (row) => JSON.stringify(row),
    withinMs,
  );

/** Moved once, by one transfer, and nothing else of it in Odoo. */
function expectMovedOnce(id: string, code: string, destination: string): void {
  expect(pickings(id).map(({ state, packages }) => [state, packages])).toEqual([['done', [code]]]);
  expect(placeOf(code)).toBe(destination);
}

describe('kill -9 of the worker', () => {
  it.each([
    ['transfer_creating', 'create'],
    ['transfer_created', 'action_confirm'],
    ['moved in Odoo', 'button_validate'],
  ] as const)('after %s: another one goes on, and the pallet is moved once', async (step, call) => {
    const code = pallet();
    const destination = elsewhere(code);
    hold(call);
    const { id } = await post(bodyOf(code));
    await untilHeld();
    if (step === 'moved in Odoo') expect(pickings(id).map((picking) => picking.state)).toEqual(['done']);
    else expect((await codesOf(id)).at(-1)).toBe(step);
    await worker.signal('SIGKILL');
    expect((await stateOf(id))?.state).toBe('syncing');
    all.odoo.control({ mode: 'ok' });
    worker = await all.start('worker');
    await untilSynced(id, 45_000);
    expectMovedOnce(id, code, destination);
  });

  it('after it brought the pallets back, before anybody heard of it: compensated, and nothing is undone twice', async () => {
    const code = pallet();
    const before = placeOf(code);
    hold('button_validate');
    const { id } = await post(bodyOf(code));
    await untilHeld();
    await cancel(id);
    const commit = await holdCommitOf('moved_back');
    try {
      all.odoo.control({ mode: 'ok' });
      await commit.reached();
      await worker.signal('SIGKILL');
    } finally {
      // The server goes on with a commit whose client is gone.
      await commit.release();
    }
    await untilStep(id, 'moved_back');
    expect((await stateOf(id))?.state).toBe('compensating');
    worker = await all.start('worker');
    const end = await eventually(
      () => stateOf(id),
      (row) => row?.state !== 'compensating',
      (row) => JSON.stringify(row),
      45_000,
    );
    expect([end?.state, placeOf(code), pickings(id).map(({ state }) => state)]).toEqual([
      'compensated',
      before,
      ['done', 'done'],
    ]);
  });

  it('frozen for longer than its heartbeat: the step is done again beside it, and the pallet is moved once', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    hold('create');
    const { id } = await post(bodyOf(code));
    await untilHeld();
    await worker.signal('SIGSTOP');
    all.odoo.control({ mode: 'ok' });
    await eventually(
      () => all.activityAttempt(`move_pallets-${id}-1`),
      (attempt) => attempt > 1,
      (attempt) => `attempt ${attempt}`,
      40_000,
    );
    await worker.signal('SIGCONT');
    await untilSynced(id, 60_000);
    expectMovedOnce(id, code, destination);
  });
});

describe('kill -9 of the worker while more moves stand in line than there are places', () => {
  it('what its runs had at hand is gone on with, nothing is moved twice, and no place is lost', async () => {
    hold('button_validate');
    const moves: { id: string; code: string; destination: string }[] = [];
    for (let count = 0; count < 12; count++) {
      const code = pallet();
      const destination = elsewhere(code);
      moves.push({ ...(await post(bodyOf(code))), code, destination });
    }
    await untilHeld(4);
    // The first four end, and their places go on: the next four are at hand of runs that were started for others.
    hold('create');
    await untilHeld(4);
    const passedOn = await all.database.query(
      `SELECT FROM operation WHERE state = 'syncing' AND workflow_id <> 'move_pallets-' || id || '-1'`,
    );
    expect(passedOn).toHaveLength(4);
    await worker.signal('SIGKILL');
    expect(await all.database.query('SELECT FROM operation WHERE slot_at IS NOT NULL')).toHaveLength(4);
    all.odoo.control({ mode: 'ok' });
    worker = await all.start('worker');
    for (const { id } of moves) await untilSynced(id, 60_000);
    for (const { id, code, destination } of moves) expectMovedOnce(id, code, destination);
    expect(await all.database.query('SELECT FROM operation WHERE slot_at IS NOT NULL')).toEqual([]);
    expect(await all.database.query('SELECT FROM outbox')).toEqual([]);
    const taken = await Promise.all(
      moves.map(async ({ id }) => (await codesOf(id)).filter((code) => code === 'taken').length),
    );
    expect(new Set(taken)).toEqual(new Set([1]));
  });
});

describe('kill -9 of the dispatcher', () => {
  it('again and again while moves are accepted: each is handed over, once', async () => {
    const moves: { id: string; code: string; destination: string }[] = [];
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 3; count++) {
        const code = pallet();
        const destination = elsewhere(code);
        moves.push({ ...(await post(bodyOf(code))), code, destination });
      }
      await dispatcher.signal('SIGKILL');
      dispatcher = await all.start('dispatcher');
    }
    for (const { id } of moves) await untilSynced(id, 45_000);
    for (const { id, code, destination } of moves) expectMovedOnce(id, code, destination);
    const taken = await Promise.all(
      moves.map(async ({ id }) => (await codesOf(id)).filter((code) => code === 'taken').length),
    );
    expect(new Set(taken)).toEqual(new Set([1]));
    expect(await all.database.query('SELECT FROM outbox')).toEqual([]);
  });
});

describe('kill -9 of the API', () => {
  const keysThere = async (keys: string[]): Promise<number> =>
    (await all.database.query('SELECT FROM idempotency_key WHERE key = ANY($1)', [keys])).length;

  it('right after the commit, before anybody has read the answer: the same key gives the same operation', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    const [body, key] = [bodyOf(code), randomUUID()];
    sendAndLeave(body, key);
    await eventually(
      () => keysThere([key]),
      (count) => count === 1,
    );
    await api.signal('SIGKILL');
    api = await all.start('api');
    const first = await post(body, key);
    const again = await post(body, key);
    expect([first.replayed, again.replayed, again.id]).toEqual([true, true, first.id]);
    await untilSynced(first.id, 45_000);
    expectMovedOnce(first.id, code, destination);
    expect(await all.database.query('SELECT FROM pallet_move_line WHERE code = $1', [code])).toHaveLength(1);
  });

  it('in the middle of forty requests: repeated with their keys, each is there once', async () => {
    const requests = Array.from({ length: 40 }, () => {
      const code = pallet();
      return { code, key: randomUUID(), body: bodyOf(code) };
    });
    for (const { body, key } of requests) sendAndLeave(body, key);
    const keys = requests.map(({ key }) => key);
    const committed = await eventually(
      () => keysThere(keys),
      (count) => count > 0,
    );
    await api.signal('SIGKILL');
    expect(committed).toBeGreaterThan(0);
    api = await all.start('api');
    for (const { body, key } of requests) await post(body, key);
    const rows = await all.database.query<{ code: string }>(
      'SELECT code FROM pallet_move_line WHERE code = ANY($1) ORDER BY code',
      [requests.map(({ code }) => code)],
    );
    expect(rows.map((row) => row.code)).toEqual(requests.map(({ code }) => code).sort());
    const ops = await all.database.query<{ operation_id: string }>(
      'SELECT operation_id FROM idempotency_key WHERE key = ANY($1)',
      [keys],
    );
    expect(new Set(ops.map((row) => row.operation_id)).size).toBe(40);
    for (const { operation_id: id } of ops) await untilSynced(id, 60_000);
  });
});
