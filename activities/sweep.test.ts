import { randomUUID } from 'node:crypto';
import { noteProgress } from '../store/operations';
import { startCore, type Core } from '../test/support/core';
import { createSweepActivities, type WorkflowState } from './sweep';

let core: Core;
let serial = 0;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core.close());
beforeEach(async () => {
  await core.database.query(`UPDATE operation SET state = 'cancelled' WHERE state <> 'cancelled'`);
  await core.database.query('DELETE FROM operation_lane');
  await core.database.query('DELETE FROM outbox');
});

const accept = (code = `S-${++serial}`) => core.accept([code]);
/** One round, in which Temporal says `state` of every workflow. */
const sweep = (state: WorkflowState | (() => Promise<WorkflowState>)): Promise<number> =>
  createSweepActivities({
    db: core.db,
    describe: () => (typeof state === 'string' ? Promise.resolve(state) : state()),
    ensureWatched: () => Promise.resolve(),
  }).sweep({ quietMs: 0 });
const starts = (id: string) =>
  core.database.query<{ attempt: number }>(`SELECT attempt FROM outbox WHERE operation_id = $1 AND action = 'start'`, [
    id,
  ]);

/** An operation in the hands of a workflow, in `state`. */
async function inHand(state: 'syncing' | 'waiting' | 'compensating', code?: string): Promise<string> {
  const id = await accept(code);
  await core.take(id);
  if (state !== 'syncing') await core.move(id, { to: state, outside: 'maybe' });
  return id;
}

describe('the sweep', () => {
  it.each(['syncing', 'waiting', 'compensating'] as const)('leaves what is %s and running alone', async (state) => {
    const id = await inHand(state);
    const before = await core.read(id);
    expect(await sweep('running')).toBe(0);
    expect(await core.read(id)).toEqual(before);
  });

  it.each([
    ['syncing', 'closed'],
    ['syncing', 'unknown'],
    ['waiting', 'closed'],
    ['waiting', 'unknown'],
    ['compensating', 'closed'],
    ['compensating', 'unknown'],
  ] as const)(
    'brings back what is %s while its workflow is %s: a new attempt, handed over anew',
    async (state, workflow) => {
      const id = await inHand(state);
      expect(await sweep(workflow)).toBe(1);
      expect(await core.read(id)).toMatchObject({ state: 'pending', attempt: 2, runId: null });
      expect(await starts(id)).toEqual([{ attempt: 2 }]);
      expect(await core.timeline(id)).toContain('swept');
      // The lost one lives after all: it is fenced off.
      expect(await core.move(id, { to: 'synced', attempt: 1, runId: `run-${id}` })).toBeNull();
    },
  );

  it('asks a person when somebody stopped the workflow in the console', async () => {
    const id = await inHand('syncing');
    expect(await sweep('terminated')).toBe(1);
    expect(await core.read(id)).toMatchObject({ state: 'needs_attention', error: { code: 'stopped_by_person' } });
    expect(await starts(id)).toEqual([]);
  });

  it('hands over what is first in its lanes but has no live row in the outbox', async () => {
    const id = await accept();
    await core.database.query('DELETE FROM outbox WHERE operation_id = $1', [id]);
    expect(await sweep('unknown')).toBe(1);
    expect(await core.read(id)).toMatchObject({ state: 'pending', attempt: 1 });
    expect(await starts(id)).toEqual([{ attempt: 1 }]);
    expect(await sweep('unknown')).toBe(0);
  });

  it('never touches what rests, has ended, or stands in a lane behind another', async () => {
    const ahead = await inHand('syncing', 'S-lane');
    const behind = await core.accept(['S-lane'], { destination: 'CAM-02' });
    const atRest = await inHand('syncing');
    await core.move(atRest, { to: 'needs_attention', error: { code: 'odoo_refused' } });
    const done = await inHand('syncing');
    await core.move(done, { to: 'synced' });
    const before = await Promise.all([behind, atRest, done].map((id) => core.read(id)));
    expect(await sweep('unknown')).toBe(1);
    expect(await Promise.all([behind, atRest, done].map((id) => core.read(id)))).toEqual(before);
    expect((await core.read(ahead)).attempt).toBe(2);
    expect((await core.read(ahead)).lanesAhead).toBe(0);
  });

  it('leaves alone what is parked while its connection is down', async () => {
    const id = await accept();
    await core.move(id, { to: 'waiting', from: ['pending'] });
    expect(await sweep('unknown')).toBe(0);
    expect((await core.read(id)).attempt).toBe(1);
  });

  it.each(['up', 'down'])('leaves alone what waits to be undone by a new attempt (connection %s)', async (circuit) => {
    const id = await inHand('syncing');
    await core.move(id, { to: 'needs_attention', outside: 'present', error: { code: 'undo_failed' } });
    expect(await core.cancel(id)).toBe('compensating');
    await core.setCircuit(circuit);
    const before = await core.read(id);
    expect(await sweep('unknown')).toBe(0);
    expect(await core.read(id)).toEqual(before);
    await core.setCircuit('up');
  });

  describe('a process that always fails', () => {
    /** Swept `times` times, each time after a workflow took it and was lost without getting any further. */
    async function lostAgain(id: string, times: number): Promise<void> {
      for (let time = 0; time < times; time++) {
        if ((await core.read(id)).state === 'pending') await core.take(id, randomUUID());
        await sweep('closed');
      }
    }
    const note = (id: string, code: string, outside: 'none' | 'present') =>
      core.tx(async (tx) => {
        const { attempt, runId } = await core.read(id);
        await noteProgress(tx, id, { attempt, runId: runId! }, { step: code, code, outside });
      });

    it('is begun anew five times, then a person is asked', async () => {
      const id = await inHand('syncing');
      await lostAgain(id, 5);
      expect(await core.read(id)).toMatchObject({ state: 'pending', attempt: 6 });
      await lostAgain(id, 1);
      expect(await core.read(id)).toMatchObject({ state: 'needs_attention', error: { code: 'process_failing' } });
      expect(await starts(id)).toEqual([]);
    });

    it.each([
      ['keeps its lanes when something may be in Odoo', 'present', 1],
      ['leaves its lanes when nothing is', 'none', 0],
    ] as const)('%s', async (_, outside, lanes) => {
      const id = await inHand('syncing');
      await note(id, 'transfer_created', outside);
      await lostAgain(id, 6);
      expect((await core.read(id)).state).toBe('needs_attention');
      expect(await core.database.query('SELECT FROM operation_lane WHERE operation_id = $1', [id])).toHaveLength(lanes);
    });

    it('may go on for as long as it gets on, and as often as a person says so', async () => {
      const id = await inHand('syncing');
      await lostAgain(id, 5);
      await core.take(id, randomUUID());
      await note(id, 'transfer_created', 'present');
      await lostAgain(id, 5);
      expect((await core.read(id)).state).toBe('pending');
      // The same step once more is none.
      await core.take(id, randomUUID());
      await note(id, 'transfer_created', 'present');
      await lostAgain(id, 1);
      expect((await core.read(id)).state).toBe('needs_attention');
      await core.retry(id);
      await lostAgain(id, 5);
      expect((await core.read(id)).state).toBe('pending');
    });
  });

  it('does nothing when something happened while Temporal was asked', async () => {
    const id = await inHand('syncing');
    const swept = await sweep(async () => {
      await core.move(id, { to: 'synced' });
      return 'closed';
    });
    expect(swept).toBe(0);
    expect((await core.read(id)).state).toBe('synced');
  });

  it('does nothing when Temporal does not answer', async () => {
    const id = await inHand('syncing');
    await expect(sweep(() => Promise.reject(new Error('unavailable')))).rejects.toThrow('unavailable');
    expect((await core.read(id)).attempt).toBe(1);
  });

  it('an undo that was lost is undone by the next attempt, never moved', async () => {
    const cancelled = await inHand('syncing');
    await core.move(cancelled, { to: 'needs_attention', outside: 'present', error: { code: 'undo_failed' } });
    expect(await core.cancel(cancelled)).toBe('compensating');
    await core.take(cancelled, randomUUID(), 2);
    await sweep('unknown');
    expect(await core.read(cancelled)).toMatchObject({ state: 'pending', attempt: 3, cancelRequested: true });
  });

  it('two sweeps at once bring it back once', async () => {
    const id = await inHand('syncing');
    const swept = await Promise.all([sweep('closed'), sweep('closed'), sweep('closed')]);
    expect(swept.reduce((sum, count) => sum + count)).toBe(1);
    expect((await core.read(id)).attempt).toBe(2);
    expect(await starts(id)).toHaveLength(1);
  });

  it('reaches everything in turn, however long a backlog waits', async () => {
    const before = await accept();
    await core.database.query(
      `INSERT INTO operation (tenant_id, id, kind, queue, state, run_id, workflow_id, attempt, updated_at)
       SELECT tenant_id, gen_random_uuid(), kind, queue, 'waiting', 'run', 'wf', 1, now() - interval '1 hour'
       FROM operation, generate_series(1, 250) WHERE id = $1`,
      [before],
    );
    const lost = await inHand('syncing');
    const running = async (): Promise<WorkflowState> => Promise.resolve('running');
    await sweep(running);
    const asked: string[] = [];
    await createSweepActivities({
      db: core.db,
      describe: (workflowId) => {
        asked.push(workflowId);
        return Promise.resolve('running');
      },
      ensureWatched: () => Promise.resolve(),
    }).sweep({ quietMs: 0 });
    expect(asked).toContain(`wf-${lost}-1`);
  });
});
