import { randomUUID } from 'node:crypto';
import { runCommand } from '../api/command';
import { acceptMove, acceptPalletMove } from '../api/pallets/commands';
import { NervioError } from '../domain/errors';
import { canMove, finalStates, operationStates } from '../domain/operation';
import { startCore, type Core } from '../test/support/core';
import { findLocation } from './locations';
import { moveOperation, noteProgress } from './operations';

let core: Core;
beforeAll(async () => {
  core = await startCore({ poolMax: 12 });
});
afterAll(() => core.close());

let serial = 0;
const pallet = () => `P-${++serial}`;
const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof NervioError ? error.code : `not refused: ${String(error)}`;
};
const counts = async (): Promise<Record<string, string>> => {
  const [row] = await core.database.query<Record<string, string>>(
    `SELECT (SELECT count(*) FROM operation) AS operations, (SELECT count(*) FROM operation_event) AS events,
       (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM operation_lane) AS lanes,
       (SELECT count(*) FROM pallet_move) AS moves, (SELECT count(*) FROM pallet_move_line) AS lines,
       (SELECT count(*) FROM idempotency_key) AS keys, (SELECT count(*) FROM audit) AS audits`,
  );
  return row!;
};

describe('the state machine in the database', () => {
  it('knows the same states as domain/operation.ts', async () => {
    const [row] = await core.database.query<{ definition: string }>(
      `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = 'operation_state'`,
    );
    const states = [...row!.definition.matchAll(/'([a-z_]+)'/g)].map((match) => match[1]);
    expect(states.sort()).toEqual([...operationStates].sort());
  });

  it.each(operationStates)('moves from %s only where the table says', async (from) => {
    const id = await core.accept([pallet()]);
    await core.database.query('UPDATE operation SET state = $1 WHERE id = $2', [from, id]);
    for (const to of operationStates) {
      const before = await core.read(id);
      const rolledBack = new Error('rolled back');
      let moved = false;
      await core
        .tx(async (tx) => {
          moved = (await moveOperation(tx, id, { to, code: 'test' })) !== null;
          throw rolledBack;
        })
        .catch((error: unknown) => expect(error).toBe(rolledBack));
      expect([from, to, moved]).toEqual([from, to, canMove(from, to)]);
      expect(await core.read(id)).toEqual(before);
    }
  });

  it('writes the timeline in the transaction of the state, with rising versions', async () => {
    const id = await core.accept([pallet()]);
    await core.take(id);
    await core.move(id, { to: 'waiting' });
    await core.move(id, { to: 'syncing' });
    await core.move(id, { to: 'synced' });
    const rows = await core.database.query<{ code: string; state: string; version: number }>(
      'SELECT code, state, version FROM operation_event WHERE operation_id = $1 ORDER BY id',
      [id],
    );
    expect(rows.map((row) => row.state)).toEqual(['pending', 'syncing', 'waiting', 'syncing', 'synced']);
    expect(rows.map((row) => row.version)).toEqual([1, 2, 3, 4, 5]);
    expect((await core.read(id)).version).toBe(5);
  });

  it('gives its place in the connection back at every rest and end, and while it waits', async () => {
    for (const to of ['waiting', 'needs_attention', 'synced'] as const) {
      const id = await core.accept([pallet()]);
      expect((await core.take(id))?.hasSlot).toBe(true);
      expect((await core.move(id, { to }))?.hasSlot).toBe(false);
    }
  });
});

describe('fences', () => {
  it('an operation is taken once; the same run may take it again', async () => {
    const id = await core.accept([pallet()]);
    expect(await core.take(id, 'run-1')).not.toBeNull();
    expect(await core.take(id, 'run-2')).toBeNull();
    expect((await core.take(id, 'run-1'))?.runId).toBe('run-1');
    expect(await core.timeline(id)).toEqual(['accepted', 'taken']);
  });

  it('twenty runs at once: one takes it', async () => {
    const id = await core.accept([pallet()]);
    const taken = await Promise.all(Array.from({ length: 20 }, (_, index) => core.take(id, `run-${index}`, 1)));
    expect(taken.filter((row) => row !== null)).toHaveLength(1);
  });

  it('what stands behind another in a lane, is cancelled or is of another attempt, is not taken', async () => {
    const code = pallet();
    const first = await core.accept([code]);
    const second = await core.accept([code], { destination: 'CAM-02' });
    expect(await core.take(second)).toBeNull();
    await core.cancel(first);
    expect(await core.take(first)).toBeNull();
    expect(await core.take(second, 'run', 2)).toBeNull();
    expect(await core.take(second)).not.toBeNull();
  });

  it('an old attempt cannot write after a new one was made', async () => {
    const id = await core.accept([pallet()]);
    await core.take(id, 'old');
    await core.move(id, { to: 'needs_attention' });
    await core.retry(id);
    await core.take(id, 'new');
    const before = await core.read(id);
    const old = { attempt: 1, runId: 'old' };
    for (const to of operationStates) expect(await core.move(id, { to, ...old })).toBeNull();
    expect(await core.tx((tx) => noteProgress(tx, id, old, { step: 'late', code: 'late' }))).toBeNull();
    expect(
      await core.tx((tx) => noteProgress(tx, id, { attempt: 2, runId: 'old' }, { step: 'late', code: 'late' })),
    ).toBeNull();
    expect(await core.read(id)).toEqual(before);
  });

  it('is not synced once a cancel was asked for', async () => {
    const id = await core.accept([pallet()]);
    await core.take(id);
    await core.cancel(id);
    expect(await core.move(id, { to: 'synced', unlessCancelled: true })).toBeNull();
    expect((await core.read(id)).state).toBe('syncing');
  });
});

describe('acceptance', () => {
  it('writes operation, move, lanes, outbox, timeline, audit and key together', async () => {
    const before = await counts();
    await core.accept([pallet(), pallet()]);
    const after = await counts();
    const grown = Object.fromEntries(
      Object.keys(after).map((name) => [name, Number(after[name]) - Number(before[name])]),
    );
    expect(grown).toEqual({ operations: 1, events: 1, outbox: 1, lanes: 2, moves: 1, lines: 2, keys: 1, audits: 2 });
  });

  it('leaves nothing when it breaks at its last step', async () => {
    const before = await counts();
    const broken = new Error('broken');
    const command = {
      actor: core.actor(),
      permission: 'pallets.move',
      key: randomUUID(),
      method: 'POST',
      path: '/x',
      body: {},
    } as const;
    await expect(
      runCommand(core.deps, command, async (tx) => {
        const destination = (await findLocation(tx, core.connectionId, { barcode: 'CAM-01' }))!;
        const pallets = [{ code: pallet(), from: null }];
        await acceptMove(tx, core.actor(), {
          connectionId: core.connectionId,
          siteId: null,
          destination,
          pallets,
          scannedAt: new Date(),
        });
        throw broken;
      }),
    ).rejects.toBe(broken);
    expect(await counts()).toEqual(before);
  });

  it('gives the hint only after the commit', async () => {
    core.hints.length = 0;
    await core
      .tx((tx) => {
        tx.hint('outbox');
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    expect(core.hints).toEqual([]);
    await core.accept([pallet()]);
    expect([...new Set(core.hints)].sort()).toEqual(['feed', 'outbox']);
  });

  it('keeps the outbox row back while another stands ahead', async () => {
    const code = pallet();
    await core.accept([code]);
    const second = await core.accept([code], { destination: 'CAM-02' });
    expect(await core.database.query('SELECT FROM outbox WHERE operation_id = $1', [second])).toEqual([]);
    expect((await core.read(second)).lanesAhead).toBe(1);
  });
});

describe('idempotency', () => {
  const input = (code: string, destination = 'CAM-01') => ({
    destination,
    pallets: [code],
    scannedAt: '2026-11-22T10:00:00.000Z',
  });

  it('the same key 100 times in parallel makes one operation; who comes too early is told when to come again', async () => {
    const key = randomUUID();
    const move = input(pallet());
    const send = () =>
      acceptPalletMove(core.deps, core.actor(), move, key).then(
        (answer) => answer.body.operationId,
        (error: unknown) => {
          if (!(error instanceof NervioError) || error.code !== 'command_in_progress') throw error;
          expect(error.retryAfterMs).toBe(1000);
          return 'later';
        },
      );
    const answers = await Promise.all(Array.from({ length: 100 }, send));
    const ids = new Set([...answers, await send()].filter((answer) => answer !== 'later'));
    expect(ids.size).toBe(1);
    const rows = await core.database.query('SELECT FROM pallet_move_line WHERE code = $1', [move.pallets[0]]);
    expect(rows).toHaveLength(1);
  });

  it('the same key with another body is refused, and changes nothing', async () => {
    const key = randomUUID();
    const code = pallet();
    const id = (await acceptPalletMove(core.deps, core.actor(), input(code), key)).body.operationId;
    const before = await counts();
    expect(await refusal(acceptPalletMove(core.deps, core.actor(), input(code, 'CAM-02'), key))).toBe(
      'idempotency_key_reused',
    );
    expect(await counts()).toEqual(before);
    const again = await acceptPalletMove(core.deps, core.actor(), input(code), key);
    expect([again.replayed, again.body.operationId]).toEqual([true, id]);
  });

  it('members in another order are the same body', async () => {
    const key = randomUUID();
    const { destination, pallets, scannedAt } = input(pallet());
    await acceptPalletMove(core.deps, core.actor(), { destination, pallets, scannedAt }, key);
    const again = await acceptPalletMove(core.deps, core.actor(), { scannedAt, pallets, destination }, key);
    expect(again.replayed).toBe(true);
  });

  it('a business refusal is kept and repeated even when it would be accepted by now', async () => {
    const key = randomUUID();
    const move = input(pallet(), 'NO-SUCH-PLACE');
    expect(await refusal(acceptPalletMove(core.deps, core.actor(), move, key))).toBe('unknown_location');
    await core.database.query(
      `UPDATE location SET barcode = 'NO-SUCH-PLACE' WHERE barcode = 'CAM-03' AND tenant_id = $1`,
      [core.business.tenantId],
    );
    expect(await refusal(acceptPalletMove(core.deps, core.actor(), move, key))).toBe('unknown_location');
    await core.database.query(`UPDATE location SET barcode = 'CAM-03' WHERE barcode = 'NO-SUCH-PLACE'`);
    const [row] = await core.database.query<{ status: number }>('SELECT status FROM idempotency_key WHERE key = $1', [
      key,
    ]);
    expect(row?.status).toBe(422);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['403', () => acceptPalletMove(core.deps, core.actor(core.business, 'finance'), input('P'), 'key-403')],
    ['5xx', () => run('key-5xx', () => Promise.reject(new Error('database gone')))],
    ['503', () => run('key-503', () => Promise.reject(new NervioError('odoo_unreachable')))],
    ['400', () => run('key-400', () => Promise.reject(new NervioError('malformed')))],
    ['401', () => run('key-401', () => Promise.reject(new NervioError('token_expired')))],
    ['429', () => run('key-429', () => Promise.reject(new NervioError('rate_limited')))],
  ])('%s is not kept with the key', async (status, send) => {
    await expect(send()).rejects.toThrow();
    expect(await core.database.query('SELECT FROM idempotency_key WHERE key = $1', [`key-${status}`])).toEqual([]);
  });

  it('permission is checked before an answer is repeated', async () => {
    const key = randomUUID();
    const move = input(pallet());
    await acceptPalletMove(core.deps, core.actor(), move, key);
    expect(await refusal(acceptPalletMove(core.deps, core.actor(core.business, 'finance'), move, key))).toBe(
      'forbidden',
    );
  });

  it('the same key of another business is another key', async () => {
    const key = randomUUID();
    const code = pallet();
    const [mine, theirs] = await Promise.all([
      core.accept([code], { key }),
      core.accept([code], { key, business: core.other }),
    ]);
    expect(mine).not.toBe(theirs);
    const rows = await core.database.query<{ tenant_id: string }>(
      'SELECT tenant_id FROM idempotency_key WHERE key = $1',
      [key],
    );
    expect(rows.map((row) => row.tenant_id).sort()).toEqual([core.business.tenantId, core.other.tenantId].sort());
  });

  it('a key whose stored answer has expired is still not served a second time: it tells of the operation', async () => {
    const key = randomUUID();
    const move = input(pallet());
    const first = await acceptPalletMove(core.deps, core.actor(), move, key);
    await core.cancel(first.body.operationId);
    await core.database.query(
      `UPDATE idempotency_key SET response_expires_at = now() - interval '1 day' WHERE key = $1`,
      [key],
    );
    const before = await counts();
    const again = await acceptPalletMove(core.deps, core.actor(), move, key);
    expect(again).toEqual({ status: 202, replayed: true, body: { ...first.body, state: 'cancelled' } });
    expect(await counts()).toEqual(before);
  });

  function run(key: string, handle: () => Promise<never>): Promise<unknown> {
    const command = {
      actor: core.actor(),
      permission: 'pallets.move',
      key,
      method: 'POST',
      path: '/x',
      body: {},
    } as const;
    return runCommand(core.deps, command, handle);
  }
});

describe('commands on operations at rest and at their end', () => {
  it.each(finalStates)('nobody cancels or retries what is %s', async (state) => {
    const id = await core.accept([pallet()]);
    await core.database.query('UPDATE operation SET state = $1 WHERE id = $2', [state, id]);
    expect(await refusal(core.cancel(id))).toBe('already_final');
    expect(await refusal(core.retry(id))).toBe('not_retryable');
  });

  it('what was never handed over is cancelled at once, and its outbox row goes', async () => {
    const id = await core.accept([pallet()]);
    expect(await core.cancel(id)).toBe('cancelled');
    expect(await core.database.query('SELECT FROM outbox WHERE operation_id = $1', [id])).toEqual([]);
  });

  it('a retry is a new attempt with a new hand-over', async () => {
    const id = await core.accept([pallet()]);
    await core.take(id);
    await core.move(id, { to: 'needs_attention', error: { code: 'odoo_refused' } });
    await core.retry(id);
    expect(await core.read(id)).toMatchObject({ state: 'pending', attempt: 2, runId: null, error: null });
    const rows = await core.database.query<{ workflow_id: string }>(
      'SELECT workflow_id FROM outbox WHERE operation_id = $1',
      [id],
    );
    expect(rows.map((row) => row.workflow_id)).toEqual([`move_pallets-${id}-2`]);
  });

  it('two retries and a cancel at once: one decision wins, and the rows agree', async () => {
    const id = await core.accept([pallet()]);
    await core.take(id);
    await core.move(id, { to: 'needs_attention', error: { code: 'odoo_refused' } });
    const ends = await Promise.allSettled([core.retry(id), core.retry(id), core.cancel(id)]);
    const row = await core.read(id);
    expect(ends.filter((end) => end.status === 'fulfilled').length).toBeGreaterThan(0);
    const starts = await core.database.query('SELECT FROM outbox WHERE operation_id = $1', [id]);
    expect([row.state, starts.length]).toEqual(row.state === 'pending' ? ['pending', 1] : ['cancelled', 0]);
  });
});
