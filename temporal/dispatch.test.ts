import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';
import pino from 'pino';
import { moveOperation, takeNext } from '../store/operations';
import { addLook } from '../store/outbox';
import { startCore, type Core } from '../test/support/core';
import { eventually } from '../test/support/eventually';
import { startFlow, type Flow } from '../test/support/flow';
import { lazyClient } from './connect';
import { defaultDispatcherOptions, Dispatcher } from './dispatch';
import { searchAttributes } from './search-attributes';
import { prepareIfForgotten, prepareTemporal } from './upkeep';

const leaseMs = 60_000;
const log = pino({ level: 'silent' });

describe('claiming the outbox', () => {
  let core: Core;
  let serial = 0;
  beforeAll(async () => {
    core = await startCore({ poolMax: 12 });
  });
  beforeEach(async () => {
    await core.setCircuit('up');
    await core.database.query(`UPDATE operation SET state = 'cancelled', slot_at = NULL`);
    await core.database.query('DELETE FROM outbox');
    await core.database.query('DELETE FROM operation_lane');
  });
  afterAll(() => core.close());

  const accept = () => core.accept([`D-${++serial}`]);
  const claim = async (limit = 50, lease = leaseMs): Promise<string[]> =>
    (await core.db.definer.claimOutbox(randomUUID(), { limit, leaseMs: lease, batchLimit: 500 })).map(
      (row) => row.outboxId,
    );
  const slots = async (): Promise<number> =>
    (await core.database.query('SELECT FROM operation WHERE slot_at IS NOT NULL')).length;
  const parkAll = async (): Promise<void> => {
    const parked = await core.db.definer.findParkable(100);
    const dispatcher = new Dispatcher({ db: core.db, client: {} as never, log });
    if (parked.length > 0) await dispatcher.round();
  };

  it('gives each row to one dispatcher per lease, and at most four operations of a connection', async () => {
    await Promise.all(Array.from({ length: 7 }, accept));
    const claimed = (await Promise.all(Array.from({ length: 6 }, () => claim()))).flat();
    // Those who found the connection taken come again, as a dispatcher does.
    claimed.push(...(await claim()));
    expect(claimed).toHaveLength(4);
    expect(new Set(claimed).size).toBe(4);
    expect(await slots()).toBe(4);
  });

  it('gives it again when the lease has run out', async () => {
    await accept();
    const first = await claim(50, 0);
    expect(first).toHaveLength(1);
    expect(await claim()).toEqual(first);
    expect(await claim()).toEqual([]);
  });

  it.each(['synced', 'needs_attention', 'waiting'] as const)(
    'a place comes free when an operation is %s',
    async (to) => {
      const ids = await Promise.all(Array.from({ length: 6 }, accept));
      await claim();
      const [first] = (await core.database.query<{ id: string }>(
        'SELECT id FROM operation WHERE slot_at IS NOT NULL LIMIT 1',
      )) as [{ id: string }];
      expect(ids).toContain(first.id);
      expect(await claim()).toEqual([]);
      await core.take(first.id);
      await core.move(first.id, { to, wakeAfterMs: 60_000 });
      expect(await slots()).toBe(3);
      expect(await claim()).toHaveLength(1);
      expect(await slots()).toBe(4);
    },
  );

  it('keeps the limit whatever happens at once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, accept));
    let most = 0;
    const work = async (): Promise<void> => {
      for (let round = 0; round < 12; round++) {
        await claim(3, 50);
        const [row] = await core.database.query<{ id: string }>(
          `SELECT id FROM operation WHERE slot_at IS NOT NULL AND state IN ('pending', 'syncing') ORDER BY random() LIMIT 1`,
        );
        if (row) {
          await core.take(row.id);
          await core.move(row.id, { to: round % 3 === 0 ? 'waiting' : 'synced', from: ['syncing'], wakeAfterMs: 0 });
        }
        most = Math.max(most, await slots());
      }
    };
    await Promise.all([work(), work(), work()]);
    expect(ids).toHaveLength(12);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('gives at most so many rows of a queue to one tenant in a round: a backlog does not hold back the neighbour', async () => {
    const mine = await accept();
    const theirs = await core.accept([`D-${++serial}`], { business: core.other });
    await core.database.query('DELETE FROM outbox');
    const look = (id: string) => ({ id, kind: 'move_pallets' as const, attempt: 1, workflowId: `wf-${id}` });
    for (let count = 0; count < 12; count++) await core.tx((tx) => addLook(tx, look(mine)));
    for (let count = 0; count < 3; count++)
      await core.db.withTenant(core.other.tenantId, (tx) => addLook(tx, look(theirs)));
    const claimed = await core.db.definer.claimOutbox(randomUUID(), { limit: 5, leaseMs, batchLimit: 500 });
    const per = (tenantId: string) => claimed.filter((row) => row.tenantId === tenantId).length;
    expect([per(core.business.tenantId), per(core.other.tenantId)]).toEqual([5, 3]);
  });

  it.each(['down', 'credentials', 'incompatible'])(
    'hands nothing over while the connection is %s, and shows what is kept as waiting',
    async (state) => {
      const id = await accept();
      await core.setCircuit(state);
      expect(await claim()).toEqual([]);
      await parkAll();
      expect(await core.read(id)).toMatchObject({ state: 'waiting', runId: null, hasSlot: false });
      expect(await core.timeline(id)).toEqual(['accepted', 'parked']);
      await core.setCircuit('up');
      expect(await claim()).toHaveLength(1);
      expect((await core.take(id))?.state).toBe('syncing');
    },
  );

  it('what is on its way to Temporal keeps its place when the connection goes down meanwhile', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, accept));
    await claim();
    await core.setCircuit('down');
    await parkAll();
    expect((await Promise.all(ids.map((id) => core.read(id)))).every((row) => row.state === 'waiting')).toBe(true);
    await core.setCircuit('up');
    await claim();
    // All that was handed over begins now: four, not five.
    const begun = await Promise.all(ids.map(async (id) => ((await core.read(id)).hasSlot ? core.take(id) : null)));
    expect(begun.filter((row) => row !== null)).toHaveLength(4);
    expect(await slots()).toBe(4);
  });

  it('claims while somebody is accepting: an open acceptance does not keep a connection from being served', async () => {
    await accept();
    let commit: () => void = () => undefined;
    const mayCommit = new Promise<void>((resolve) => (commit = resolve));
    let inserted: () => void = () => undefined;
    const hasInserted = new Promise<void>((resolve) => (inserted = resolve));
    const accepting = core.tx(async (tx) => {
      await tx.query(
        `INSERT INTO operation (tenant_id, id, kind, queue, connection_id) VALUES ($1::uuid, $2::uuid, 'move_pallets', 'pallets', $3::uuid) RETURNING id`,
        [tx.tenantId, randomUUID(), core.connectionId],
      );
      inserted();
      await mayCommit;
    });
    try {
      await hasInserted;
      expect(await claim()).toHaveLength(1);
    } finally {
      commit();
      await accepting;
    }
  });

  it('a claim that has no place to give holds nobody in line: a place that goes on meanwhile goes to the oldest', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 6; count++) ids.push(await accept());
    await claim();
    for (const id of ids.slice(0, 4)) await core.take(id);
    const owner = new pg.Client({ connectionString: core.database.ownerUrl });
    await owner.connect();
    try {
      await owner.query('BEGIN');
      const held = await owner.query(`SELECT FROM definer.claim_outbox($1, 50, $2, 500, '{sales}')`, [
        randomUUID(),
        leaseMs,
      ]);
      expect(held.rowCount).toBe(0);
      const next = await core.tx(async (tx) => {
        const ended = await moveOperation(tx, ids[0]!, { to: 'synced', code: 'synced', passesPlaceOn: true });
        return takeNext(tx, ended!, { workflowId: 'wf', runId: `run-${ids[0]}` });
      });
      expect(next?.id).toBe(ids[4]);
    } finally {
      await owner.end();
    }
  });

  it('wakes what waits, oldest first, when the connection is back, at most as many as have a place', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 6; count++) {
      const id = await accept();
      ids.push(id);
      await core.take(id);
      await core.move(id, { to: 'waiting', wakeAfterMs: 0 });
    }
    await core.setCircuit('down');
    expect(await claim()).toEqual([]);
    await core.setCircuit('up');
    expect(await claim()).toHaveLength(4);
    const woken = await core.database.query<{ operation_id: string; signal: string }>(
      'SELECT operation_id, signal FROM outbox ORDER BY id',
    );
    expect(woken.map((row) => row.signal)).toEqual(['look', 'look', 'look', 'look']);
    expect(woken.map((row) => row.operation_id).sort()).toEqual(ids.slice(0, 4).sort());
  });
});

describe('handing over to a Temporal that does not know our search attributes', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ without: ['workers', 'dispatcher'], newTemporal: true });
  });
  afterAll(() => flow.close());

  it('teaches them, and hands over what it refused', async () => {
    const id = await flow.move(['PACK0001290'], flow.placeOf('PACK0001290') === 'CAM-05' ? 'CAM-06' : 'CAM-05');
    expect(await flow.newDispatcher().round()).toEqual({ claimed: 1, later: true });
    expect((await flow.read(id)).state).toBe('pending');
    await eventually(
      () => flow.newDispatcher().round(),
      (round) => round.claimed === 1 && !round.later,
    );
    const handle = flow.temporal.client.workflow.getHandle(`move_pallets-${id}-1`);
    const { typedSearchAttributes } = await handle.describe();
    expect(typedSearchAttributes.get(searchAttributes.operation)).toBe(id);
  });
});

describe('handing over to Temporal', () => {
  let flow: Flow;
  let serial = 1270;
  const pallet = () => `PACK000${serial++}`;
  beforeAll(async () => {
    flow = await startFlow({ without: ['workers', 'dispatcher'] });
  });
  afterAll(() => flow.close());

  const outboxOf = (id: string) =>
    flow.database.query<{ id: string; workflow_id: string; tries: number }>(
      'SELECT id, workflow_id, tries FROM outbox WHERE operation_id = $1',
      [id],
    );
  const elsewhere = (code: string) => (flow.placeOf(code) === 'CAM-05' ? 'CAM-06' : 'CAM-05');
  const away = { ...defaultDispatcherOptions, callMs: 400 };

  it('killed between claim and start: another dispatcher takes over after the lease', async () => {
    const code = pallet();
    const id = await flow.move([code], elsewhere(code));
    await flow.db.definer.claimOutbox(randomUUID(), { limit: 50, leaseMs, batchLimit: 500 });
    const dispatcher = flow.newDispatcher();
    expect((await dispatcher.round()).claimed).toBe(0);
    await flow.database.query('UPDATE outbox SET leased_until = now()');
    expect((await dispatcher.round()).claimed).toBe(1);
    expect(await outboxOf(id)).toEqual([]);
    await finish(id);
  });

  it('killed between start and mark: handed over twice, moved once', async () => {
    const code = pallet();
    const id = await flow.move([code], elsewhere(code));
    const [row] = await outboxOf(id);
    await flow.newDispatcher().round();
    // What the killed one never removed: the same row once more, before and after the workflow has ended.
    for (const again of [false, true]) {
      if (again) await finish(id);
      await flow.database.query(
        `INSERT INTO outbox (tenant_id, id, action, queue, workflow_type, workflow_id, args, operation_id, attempt, connection_id)
         SELECT tenant_id, $2, 'start', 'pallets', 'movePallets', $3, jsonb_build_array(jsonb_build_object('tenantId', tenant_id, 'operationId', id, 'attempt', 1)), id, 1, connection_id
         FROM operation WHERE id = $1`,
        [id, row!.id, row!.workflow_id],
      );
      await eventually(
        () => flow.newDispatcher().round(),
        (round) => round.claimed === 1,
      );
    }
    await finish(id);
    const detail = await flow.read(id);
    expect(await flow.database.query('SELECT FROM operation WHERE slot_at IS NOT NULL')).toEqual([]);
    expect(detail.timeline.filter((entry) => entry.code === 'taken')).toHaveLength(1);
    expect(flow.pickings(id)).toHaveLength(1);
  });

  it('Temporal does not answer: acceptance goes on, the rows keep, and go out when it is back', async () => {
    const nobody = lazyClient({ address: '127.0.0.1:1', namespace: 'default', uiUrl: '' });
    const dispatcher = new Dispatcher({ db: flow.db, client: nobody.client, log }, away);
    const codes = [pallet(), pallet()];
    const ids = [await flow.move([codes[0]!], elsewhere(codes[0]!))];
    expect(await dispatcher.round()).toEqual({ claimed: 1, later: true });
    ids.push(await flow.move([codes[1]!], elsewhere(codes[1]!)));
    expect((await dispatcher.round()).later).toBe(true);
    for (const id of ids) expect((await flow.read(id)).state).toBe('pending');
    await nobody.close();
    await eventually(
      () => flow.newDispatcher().round(),
      (round) => round.claimed === 0,
    );
    for (const id of ids) await finish(id);
  });

  it('Temporal hangs: a round ends in time all the same, and its rows are free for the next', async () => {
    const sockets = new Set<Socket>();
    const hung = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(hung, 'listening');
    const { port } = hung.address() as AddressInfo;
    const nobody = lazyClient({ address: `127.0.0.1:${port}`, namespace: 'default', uiUrl: '' });
    const code = pallet();
    const id = await flow.move([code], elsewhere(code));
    const begun = performance.now();
    const round = await new Dispatcher({ db: flow.db, client: nobody.client, log }, away).round();
    expect([round, performance.now() - begun < away.leaseMs / 2]).toEqual([{ claimed: 1, later: true }, true]);
    await eventually(
      () => sockets.size,
      (size) => size > 0,
    );
    await nobody.close();
    for (const socket of sockets) socket.destroy();
    hung.close();
    expect((await flow.newDispatcher().round()).claimed).toBe(1);
    await finish(id);
  });

  it('a start that Temporal refuses for good asks for attention, gives its place and lanes back, and may be retried', async () => {
    const code = pallet();
    const id = await flow.move([code], elsewhere(code));
    await flow.database.query('UPDATE outbox SET workflow_id = $2 WHERE operation_id = $1', [id, 'x'.repeat(5000)]);
    await flow.newDispatcher().round();
    const rest = await flow.read(id);
    expect([rest.state, rest.error?.code]).toEqual(['needs_attention', 'start_refused']);
    expect(flow.ended.at(-1)).toMatchObject({ state: 'needs_attention', errorCode: 'start_refused' });
    expect(await outboxOf(id)).toEqual([]);
    const [slot] = await flow.database.query<{ slot_at: Date | null }>('SELECT slot_at FROM operation WHERE id = $1', [
      id,
    ]);
    expect(slot?.slot_at).toBeNull();
    await flow.retry(id);
    await flow.newDispatcher().round();
    await finish(id);
  });

  it('a Temporal that lost its database learns the schedules, the watchers and the search attributes again', async () => {
    const { client } = flow.temporal;
    await prepareTemporal(client, flow.db);
    expect(await prepareIfForgotten(client, flow.db)).toBe(false);
    await client.schedule.getHandle('sweep-operations').delete();
    await client.workflow.getHandle(`watch-${flow.connectionId}`).terminate();
    expect(await prepareIfForgotten(client, flow.db)).toBe(true);
    const schedule = await client.schedule.getHandle('sweep-operations').describe();
    const watcher = await client.workflow.getHandle(`watch-${flow.connectionId}`).describe();
    expect([schedule.scheduleId, watcher.status.name]).toEqual(['sweep-operations', 'RUNNING']);
  });

  async function finish(id: string): Promise<void> {
    const worker = await flow.startWorker('pallets');
    try {
      await flow.until(id, 'synced');
    } finally {
      await worker.stop();
    }
  }
});
