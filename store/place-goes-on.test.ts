import { randomUUID } from 'node:crypto';
import { startCore, type Core } from '../test/support/core';
import { moveOperation, takeNext, type OperationRow } from './operations';

/** The place of an operation that ends, and its run, go on to the next in line (decisions/009). On a real PostgreSQL. */
let core: Core;
let serial = 0;
beforeAll(async () => {
  core = await startCore({ poolMax: 12 });
});
afterAll(() => core.close());
beforeEach(async () => {
  await core.setCircuit('up');
  await core.database.query(`UPDATE operation SET state = 'cancelled', slot_at = NULL, run_id = NULL`);
  await core.database.query('UPDATE connection SET max_concurrency = 4');
  await core.database.query('DELETE FROM outbox');
  await core.database.query('DELETE FROM operation_lane');
});

const accept = (code = `G-${++serial}`) => core.accept([code]);
const acceptMany = async (count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let accepted = 0; accepted < count; accepted++) ids.push(await accept());
  return ids;
};
const claim = async (leaseMs = 60_000) =>
  (await core.db.definer.claimOutbox(randomUUID(), { limit: 50, leaseMs, batchLimit: 500 })).map((row) => row.outboxId);
const withPlace = async (): Promise<string[]> =>
  (await core.database.query<{ id: string }>('SELECT id FROM operation WHERE slot_at IS NOT NULL ORDER BY number')).map(
    (row) => row.id,
  );
const inLine = async (): Promise<string[]> =>
  (
    await core.database.query<{ operation_id: string }>(
      `SELECT operation_id FROM outbox WHERE action <> 'signal' ORDER BY id`,
    )
  ).map((row) => row.operation_id);
const runOf = async (id: string) => ({ workflowId: `wf-${id}`, runId: (await core.read(id)).runId! });

/** Ends an operation, and lets its place go on. */
async function goOn(id: string, end: 'synced' | 'cancelled' = 'synced'): Promise<OperationRow | null> {
  const run = await runOf(id);
  return core.tx(async (tx) => {
    const row = await moveOperation(tx, id, { to: end, from: ['syncing'], code: end, passesPlaceOn: true });
    return row && takeNext(tx, row, run);
  });
}

/** Four moves at work, taken by runs of their own, and others in line. */
async function queue(behind: number): Promise<{ atWork: string[]; line: string[] }> {
  const ids = await acceptMany(4 + behind);
  await claim();
  for (const id of ids.slice(0, 4)) await core.take(id);
  return { atWork: ids.slice(0, 4), line: ids.slice(4) };
}

it('goes to the oldest in line in the settling transaction, with the run, and its outbox row is gone', async () => {
  const { atWork, line } = await queue(3);
  const run = await runOf(atWork[1]!);
  const next = await goOn(atWork[1]!);
  expect(next).toMatchObject({ id: line[0], state: 'syncing', attempt: 1, hasSlot: true, ...run });
  expect(await core.timeline(line[0]!)).toEqual(['accepted', 'taken']);
  expect(await withPlace()).toEqual([atWork[0], atWork[2], atWork[3], line[0]]);
  expect(await inLine()).toEqual(line.slice(1));
});

it('is not told to the dispatcher as free unless it is', async () => {
  const { atWork } = await queue(1);
  core.hints.length = 0;
  await goOn(atWork[0]!);
  expect(core.hints).not.toContain('outbox');
  expect(await goOn(atWork[1]!)).toBeNull();
  expect(core.hints).toContain('outbox');
  expect(await withPlace()).toHaveLength(3);
});

it('goes to the move that stood behind the ended one in its lane, once it is its turn', async () => {
  const code = `G-${++serial}`;
  const first = await accept(code);
  const second = await accept(code);
  await claim();
  await core.take(first);
  expect((await goOn(first))?.id).toBe(second);
});

it.each(['down', 'credentials', 'incompatible'])('goes to nobody while the connection is %s', async (state) => {
  const { atWork, line } = await queue(2);
  await core.setCircuit(state);
  expect(await goOn(atWork[0]!)).toBeNull();
  expect([(await withPlace()).length, await inLine()]).toEqual([3, line]);
});

it('goes to what was parked while the connection was down', async () => {
  const { atWork, line } = await queue(1);
  await core.move(line[0]!, { to: 'waiting', from: ['pending'], keepsSlot: true });
  expect(await goOn(atWork[0]!)).toMatchObject({ id: line[0], state: 'syncing' });
});

it('goes to nobody when the connection has fewer places than are taken', async () => {
  const { atWork } = await queue(3);
  await core.database.query('UPDATE connection SET max_concurrency = 2');
  expect([await goOn(atWork[0]!), await goOn(atWork[1]!)]).toEqual([null, null]);
  expect((await goOn(atWork[2]!))?.hasSlot).toBe(true);
  expect(await withPlace()).toHaveLength(2);
});

it('goes to nobody while something waits that comes before new starts; the dispatcher gives it the place', async () => {
  const { atWork, line } = await queue(2);
  await core.move(atWork[0]!, { to: 'waiting', wakeAfterMs: 0 });
  expect(await goOn(atWork[1]!)).toBeNull();
  await claim();
  expect(await withPlace()).toEqual([atWork[0], atWork[2], atWork[3], line[0]]);
});

it('goes to nobody who was claimed, to no other tenant, and to none that stands behind another', async () => {
  const code = `G-${++serial}`;
  const [mine] = await acceptMany(1);
  await claim();
  await core.take(mine!);
  const claimed = await accept();
  await claim();
  await core.accept([`G-${++serial}`], { business: core.other });
  await core.database.query('UPDATE connection SET max_concurrency = 1');
  const ahead = await accept(code);
  await core.database.query('DELETE FROM outbox WHERE operation_id = $1', [ahead]);
  await accept(code);
  expect(await goOn(mine!)).toBeNull();
  expect(await withPlace()).toEqual([claimed]);
});

it('of an undo that stands in line stays an undo', async () => {
  const { atWork, line } = await queue(1);
  await core.database.query(`UPDATE operation SET state = 'compensating', outside = 'maybe' WHERE id = $1`, [line[0]]);
  expect(await goOn(atWork[0]!)).toMatchObject({ id: line[0], state: 'compensating' });
});

it('is not lost when the transaction fails: neither has one ended nor the other begun', async () => {
  const { atWork, line } = await queue(1);
  const run = await runOf(atWork[0]!);
  const failed = new Error('connection lost');
  await expect(
    core.tx(async (tx) => {
      const row = await moveOperation(tx, atWork[0]!, { to: 'synced', code: 'synced', passesPlaceOn: true });
      expect((await takeNext(tx, row!, run))?.id).toBe(line[0]);
      throw failed;
    }),
  ).rejects.toBe(failed);
  expect([await withPlace(), await inLine()]).toEqual([atWork, line]);
  expect((await goOn(atWork[0]!))?.id).toBe(line[0]);
});

it('a run never has two operations at hand: the database refuses it', async () => {
  const { atWork, line } = await queue(1);
  const run = await runOf(atWork[0]!);
  await expect(
    core.database.query(`UPDATE operation SET state = 'syncing', run_id = $2 WHERE id = $1`, [line[0], run.runId]),
  ).rejects.toThrow('operation_at_hand_key');
});

it('whatever happens at once, no more places are taken than there are, each move is taken once, and in order', async () => {
  const ids = await acceptMany(40);
  const owners = new Map<string, string>();
  let most = 0;
  const worker = async (name: string): Promise<void> => {
    let hand: string | null = null;
    for (let round = 0; round < 60; round++) {
      most = Math.max(most, (await withPlace()).length);
      if (hand) {
        // Every fifth ends as a cancelled one does: its place comes free, and the dispatcher gives it.
        if (round % 5 === 0) {
          await core.move(hand, { to: 'waiting', wakeAfterMs: 60_000 });
          hand = null;
        } else {
          const next: OperationRow | null = await goOn(hand);
          hand = next?.id ?? null;
        }
      } else {
        await claim();
        for (const id of await withPlace()) {
          if (!owners.has(id) && (await core.read(id)).state === 'pending') {
            owners.set(id, name);
            if (await core.take(id, `${name}-${round}`)) {
              hand = id;
              break;
            }
          }
        }
      }
      if (hand) owners.set(hand, name);
    }
  };
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map(worker));
  expect(most).toBe(4);
  const taken = await core.database.query<{ operation_id: string; count: string }>(
    `SELECT operation_id, count(*) FROM operation_event WHERE code = 'taken' AND operation_id = ANY($1::uuid[]) GROUP BY operation_id`,
    [ids],
  );
  expect(new Set(taken.map((row) => row.count))).toEqual(new Set(['1']));
  expect(taken.length).toBeGreaterThan(20);
  // Nobody was passed over: what is still in line is younger than all that were taken.
  const begun = new Set(taken.map((row) => row.operation_id));
  expect(ids.slice(0, begun.size).every((id) => begun.has(id))).toBe(true);
});
