import { createSweepActivities } from '../../activities/sweep';
import { describeWorkflow } from '../../temporal/describe';
import { eventually } from '../support/eventually';
import { startFlow, type Flow, type RunningWorker } from '../support/flow';

/** More moves than places: a place and its run go on from one to the next (decisions/009). Odoo is the simulator, on the wire. */
let flow: Flow;
let serial = 1300;
let workers: RunningWorker[] = [];

beforeAll(async () => {
  flow = await startFlow({ without: ['workers'] });
});
afterAll(() => flow.close());
beforeEach(async () => {
  flow.odoo.control({ mode: 'ok', serialization: 0, crash: 0 });
  await flow.watch();
  workers = [await flow.startWorker('pallets')];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
});

interface Queued {
  id: string;
  code: string;
  destination: string;
}

/** Accepted while the connection is known to be down, so that they stand in line together when it is back. */
async function queue(count: number): Promise<Queued[]> {
  await flow.database.query(`UPDATE connection SET state = 'down'`);
  const moves: Queued[] = [];
  for (let sent = 0; sent < count; sent++) {
    const code = `PACK000${serial++}`;
    const destination = flow.placeOf(code) === 'CAM-05' ? 'CAM-06' : 'CAM-05';
    moves.push({ id: await flow.move([code], destination), code, destination });
  }
  return moves;
}

const lineOf = async (ids: string[]) =>
  flow.database.query<{ operation_id: string; code: string }>(
    'SELECT operation_id, code FROM operation_event WHERE operation_id = ANY($1::uuid[]) ORDER BY id',
    [ids],
  );

/** How many were at work at once. */
async function mostAtWork(moves: Queued[]): Promise<number> {
  let [now, most] = [0, 0];
  for (const { code } of await lineOf(moves.map(({ id }) => id))) {
    if (code === 'taken') now++;
    if (code === 'synced') now--;
    most = Math.max(most, now);
  }
  return most;
}

/**
 * Who stood in line, with no place on its way to it, when a younger one was taken. Places that come free at the same time are
 * given by transactions side by side: the younger one's line may be written first, and then the place of the older one's run has
 * already come free.
 */
async function passedOver(moves: Queued[]): Promise<string[]> {
  const ids = moves.map(({ id }) => id);
  const workflowOf = new Map(
    (await Promise.all(ids.map((id) => flow.read(id)))).map(({ id, workflowId }) => [id, workflowId]),
  );
  const events = await lineOf(ids);
  const taken = events.filter(({ code }) => code === 'taken').map(({ operation_id }) => operation_id);
  /** Whose place went on to it; the first ones of a run were given theirs at once. */
  const placeFrom = new Map(
    taken.map((id, at) => [id, taken.slice(0, at).findLast((one) => workflowOf.get(one) === workflowOf.get(id))]),
  );
  const [atWork, ended, over] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { operation_id: id, code } of events) {
    if (code === 'synced') ended.add(id);
    if (code !== 'taken') continue;
    atWork.add(id);
    for (const older of ids.slice(0, ids.indexOf(id))) {
      const from = placeFrom.get(older);
      if (!atWork.has(older) && from && !ended.has(from)) over.add(older);
    }
  }
  return [...over];
}

const runs = async (moves: Queued[]) =>
  new Set((await Promise.all(moves.map(({ id }) => flow.read(id)))).map(({ workflowId }) => workflowId));

async function expectMovedOnce(moves: Queued[]): Promise<void> {
  for (const { id } of moves) await flow.until(id, 'synced');
  expect(moves.map(({ code }) => flow.placeOf(code))).toEqual(moves.map(({ destination }) => destination));
  expect(moves.map(({ id }) => flow.pickings(id).map(({ state }) => state))).toEqual(moves.map(() => ['done']));
  expect(await flow.database.query('SELECT FROM operation WHERE slot_at IS NOT NULL')).toEqual([]);
  expect(await flow.database.query(`SELECT FROM outbox WHERE action <> 'signal'`)).toEqual([]);
}

/**
 * The line in its middle, however busy the machine is: the first four moves are done, and of the next four, which their runs have
 * at hand now, Odoo keeps the answers to the confirmation. Returns one of these.
 */
async function inTheMiddle(moves: Queued[]) {
  flow.hold('button_validate');
  await flow.watch();
  await flow.untilHeld(4);
  flow.hold('action_confirm');
  await flow.untilHeld(4);
  const all = await Promise.all(moves.map(({ id }) => flow.read(id)));
  const atHand = all.filter(({ state }) => state === 'syncing');
  expect(atHand.map(({ id, workflowId }) => workflowId !== `move_pallets-${id}-1`)).toEqual([true, true, true, true]);
  return atHand[0]!;
}

it('four places work off twenty moves by four workflows: never more at once, in the order of acceptance', async () => {
  const moves = await queue(20);
  await flow.watch();
  await expectMovedOnce(moves);
  expect(await mostAtWork(moves)).toBe(4);
  expect(await passedOver(moves)).toEqual([]);
  // The first four are given their places at once; each of these goes on to the oldest in line.
  expect(await runs(moves)).toEqual(new Set(moves.slice(0, 4).map(({ id }) => `move_pallets-${id}-1`)));
  for (const { id } of moves) {
    const { workflowId, runId } = await flow.read(id);
    // Its moves are done before it has heard so.
    await flow.temporal.client.workflow.getHandle(workflowId!, runId!).result();
  }
});

it('Odoo goes away in the middle: what is at hand waits on its run, the rest is parked, and all goes on when it is back', async () => {
  const moves = await queue(14);
  await inTheMiddle(moves);
  flow.odoo.control({ mode: 'down' });
  const seen = await eventually(
    () => Promise.all(moves.map(({ id }) => flow.read(id))),
    (rows) => rows.every(({ state }) => state === 'waiting' || state === 'synced'),
    (rows) => rows.map(({ state }) => state).join(),
  );
  const waiting = seen.filter(({ state, runId }) => state === 'waiting' && runId !== null);
  expect(waiting).toHaveLength(4);
  expect(waiting.every(({ error }) => error !== null)).toBe(true);
  flow.odoo.control({ mode: 'ok' });
  await flow.watch();
  await expectMovedOnce(moves);
  expect(await mostAtWork(moves)).toBeLessThanOrEqual(4);
});

it('one that is cancelled while it is at hand of a run of another is undone; the others are moved', async () => {
  const moves = await queue(8);
  const { id, timeline } = await inTheMiddle(moves);
  expect(timeline.at(-1)?.code).toBe('transfer_created');
  await flow.cancel(id);
  flow.odoo.control({ mode: 'ok' });
  await flow.until(id, 'compensated');
  await expectMovedOnce(moves.filter((move) => move.id !== id));
});

it('one that a person must see to rests, is tried again by a workflow of its own, and keeps nobody from moving', async () => {
  const moves = await queue(8);
  // The seventh: handed on, not handed over.
  const bad = moves[6]!;
  await flow.database.query(`UPDATE pallet_move_line SET code = 'PACK0009999' WHERE operation_id = $1`, [bad.id]);
  await flow.watch();
  const rest = await flow.until(bad.id, 'needs_attention');
  expect(rest.error?.code).toBe('unknown_pallet');
  await flow.database.query('UPDATE pallet_move_line SET code = $2 WHERE operation_id = $1', [bad.id, bad.code]);
  // A run that is still at work would go on to it.
  for (const { id } of moves) if (id !== bad.id) await flow.until(id, 'synced');
  await flow.retry(bad.id);
  await expectMovedOnce(moves);
  expect((await flow.read(bad.id)).workflowId).toBe(`move_pallets-${bad.id}-2`);
});

it('trouble with one has the quick retries to itself', async () => {
  const moves = await queue(6);
  flow.odoo.control({ serialization: 3 });
  await flow.watch();
  await expectMovedOnce(moves);
  expect(moves.length).toBe(6);
});

it('the answer of a whole turn is lost: nothing is moved twice, and no place is lost', async () => {
  const moves = await queue(9);
  let lost = 0;
  flow.beforeAnswer('transferPallets', () => {
    lost++;
    return Promise.reject(new Error('the worker died before it answered'));
  });
  await flow.watch();
  await expectMovedOnce(moves);
  expect(lost).toBe(1);
});

it('a worker that ends takes nothing new; the next one goes on with the line', async () => {
  const moves = await queue(14);
  await inTheMiddle(moves);
  const stopped = workers.pop()!.stop();
  flow.odoo.control({ mode: 'ok' });
  await stopped;
  const left = await flow.database.query('SELECT FROM outbox WHERE operation_id IS NOT NULL');
  expect(left).toHaveLength(6);
  workers = [await flow.startWorker('pallets')];
  await expectMovedOnce(moves);
});

it('a run that is terminated: what it had at hand asks a person, and its place goes to the others', async () => {
  const moves = await queue(9);
  const { id, workflowId } = await inTheMiddle(moves);
  await flow.temporal.client.workflow.getHandle(workflowId!).terminate('tried out');
  const { sweep } = createSweepActivities({
    db: flow.db,
    describe: (of, run) => describeWorkflow(flow.temporal.client, of, run),
    ensureWatched: () => Promise.resolve(),
  });
  await sweep({ quietMs: 0 });
  expect(await flow.until(id, 'needs_attention')).toMatchObject({ error: { code: 'stopped_by_person' } });
  flow.odoo.control({ mode: 'ok' });
  for (const move of moves.filter((each) => each.id !== id)) await flow.until(move.id, 'synced');
  await flow.retry(id);
  await expectMovedOnce(moves);
});
