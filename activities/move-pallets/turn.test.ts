import { eventually } from '../../test/support/eventually';
import { buildPickingApp, type PickingApp } from '../../test/support/picking';
import type { MoveRun } from './ownership';
import { takeTurn, type TurnEnd, type TurnLimits } from './turn';

/** A turn of a place: one move after the other on a real PostgreSQL and the simulator's Odoo, without Temporal. */
let app: PickingApp;
let serial = 1300;
beforeAll(async () => {
  app = await buildPickingApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  app.odoo.control({ mode: 'ok' });
  await app.setCircuit('up');
  await app.database.query(`UPDATE operation SET state = 'cancelled', slot_at = NULL, run_id = NULL`);
  await app.database.query('DELETE FROM outbox');
  await app.database.query('DELETE FROM operation_lane');
});

const placeOf = (code: string) => app.odoo.state().databases['demo']!.packages[code];
const elsewhere = (code: string) => (placeOf(code) === 'CAM-05' ? 'CAM-06' : 'CAM-05');

interface Queued {
  id: string;
  code: string;
  destination: string;
}

async function queue(count: number): Promise<Queued[]> {
  const moves: Queued[] = [];
  for (let sent = 0; sent < count; sent++) {
    const code = `PACK000${serial++}`;
    const destination = elsewhere(code);
    moves.push({ id: await app.send([code], destination), code, destination });
  }
  return moves;
}

/** Odoo does what it is asked by this method, and keeps the answer until its mode is set again. */
const hold = (method: string) => app.odoo.control({ mode: 'hold', method: `stock.picking.${method}` });
const untilHeld = () =>
  eventually(
    () => app.odoo.state().held.length,
    (held) => held > 0,
  );
const always = () => true;

function turn(
  run: MoveRun,
  options: { limits?: TurnLimits; mayGoOn?: () => boolean; tell?: (details: object) => void } = {},
): Promise<TurnEnd> {
  const { limits, mayGoOn = always, tell = () => undefined } = options;
  const deps = { db: app.deps.db, odoo: app.clients, ...(limits && { limits }) };
  return takeTurn(deps, run, new AbortController().signal, tell, mayGoOn);
}

const row = async (id: string) =>
  (
    await app.database.query<{ state: string; run_id: string | null; workflow_id: string | null; slot: boolean }>(
      'SELECT state, run_id, workflow_id, slot_at IS NOT NULL AS slot FROM operation WHERE id = $1',
      [id],
    )
  )[0]!;
const states = (moves: Queued[]) => Promise.all(moves.map(async ({ id }) => (await row(id)).state));
const transfers = (id: string) =>
  app.odoo
    .state()
    .pickings.filter(({ origin }) => origin === id)
    .map(({ state }) => state);

function expectMovedOnce(moves: Queued[]): void {
  expect(moves.map(({ code }) => placeOf(code))).toEqual(moves.map(({ destination }) => destination));
  expect(moves.map(({ id }) => transfers(id))).toEqual(moves.map(() => ['done']));
}

it('moves what is in line, in order, each as if it were alone, and says which', async () => {
  const moves = await queue(4);
  const run = await app.take(moves[0]!.id);
  const told: unknown[] = [];
  const end = await turn(run, { tell: (details) => told.push(details) });
  const ids = moves.map(({ id }) => id);
  expect(end).toEqual({ end: 'settled', next: 'stop', moved: ids.slice(0, 3) });
  expect(told).toEqual(ids.map((operationId, moved) => ({ operationId, moved })));
  expectMovedOnce(moves);
  const rows = await Promise.all(ids.map(row));
  expect(rows).toEqual(
    ids.map(() => ({ state: 'synced', run_id: run.runId, workflow_id: run.workflowId, slot: false })),
  );
  const lines = await Promise.all(
    ids.map(async (id) =>
      (
        await app.database.query<{ code: string }>(
          'SELECT code FROM operation_event WHERE operation_id = $1 ORDER BY id',
          [id],
        )
      ).map(({ code }) => code),
    ),
  );
  expect(lines).toEqual(ids.map(() => lines[0]));
  expect(lines[0]).toEqual(expect.arrayContaining(['accepted', 'taken', 'checked', 'validated', 'synced']));
});

it('alone, it says nothing of a turn', async () => {
  const [move] = await queue(1);
  expect(await turn(await app.take(move!.id))).toEqual({ end: 'settled', next: 'stop' });
});

it.each<[string, TurnLimits, number]>([
  ['so many moves', { moves: 2, ms: 60_000 }, 2],
  ['so long', { moves: 50, ms: 0 }, 1],
])('lasts for %s at most: the rest keeps its turn in the outbox', async (_, limits, moved) => {
  const moves = await queue(4);
  await turn(await app.take(moves[0]!.id), { limits });
  expect(await states(moves)).toEqual(moves.map((_move, index) => (index < moved ? 'synced' : 'pending')));
  expect(await app.database.query('SELECT FROM outbox')).toHaveLength(4 - moved);
  expect(await app.database.query('SELECT FROM operation WHERE slot_at IS NOT NULL')).toEqual([]);
});

it('begins nothing new once it may not go on: a worker that is about to end, a try after trouble', async () => {
  const moves = await queue(3);
  let going = true;
  await turn(await app.take(moves[0]!.id), {
    mayGoOn: () => going,
    tell: (details) => {
      if ('moved' in details && details.moved === 1) going = false;
    },
  });
  expect(await states(moves)).toEqual(['synced', 'synced', 'pending']);
});

it('begins nothing new once the circuit is open', async () => {
  const moves = await queue(3);
  hold('action_confirm');
  const going = turn(await app.take(moves[0]!.id));
  await untilHeld();
  await app.setCircuit('down');
  app.odoo.control({ mode: 'ok' });
  await going;
  expect(await states(moves)).toEqual(['synced', 'pending', 'pending']);
  expect((await row(moves[0]!.id)).slot).toBe(false);
});

it('ends with the first that a person must see to: it stays at hand, and the workflow is told why', async () => {
  const moves = await queue(2);
  const bad = await app.send([{ code: 'PACK0009999', from: await app.place('CAM-01') }], 'CAM-05');
  const [after] = await queue(1);
  const run = await app.take(moves[0]!.id);
  const end = await turn(run);
  expect(end).toMatchObject({ end: 'bad', error: { code: 'unknown_pallet' }, moved: moves.map(({ id }) => id) });
  expect(await row(bad)).toMatchObject({ state: 'syncing', run_id: run.runId, slot: true });
  // What the workflow does of it: with the run of the first move it means the one at hand.
  expect(await app.moves.restMove(run, { code: 'unknown_pallet' })).toBe('stop');
  expect(await row(bad)).toMatchObject({ state: 'needs_attention', slot: false });
  expect(await states([...moves, after!])).toEqual(['synced', 'synced', 'pending']);
});

it('a cancel that came while it stood in line: it is never begun', async () => {
  const moves = await queue(3);
  await app.cancel(moves[1]!.id);
  const end = await turn(await app.take(moves[0]!.id));
  expect(end).toMatchObject({ end: 'settled', moved: [moves[0]!.id] });
  expect(await states(moves)).toEqual(['synced', 'cancelled', 'synced']);
});

it('a cancel that came while it is at hand: the run that has it undoes it', async () => {
  const moves = await queue(2);
  const run = await app.take(moves[0]!.id);
  hold('button_validate');
  const going = turn(run);
  await untilHeld();
  // The first ends, and of the next one the confirmation is kept.
  hold('action_confirm');
  await untilHeld();
  expect(transfers(moves[1]!.id)).toHaveLength(1);
  await app.cancel(moves[1]!.id);
  app.odoo.control({ mode: 'ok' });
  expect(await going).toMatchObject({ end: 'cancel', moved: [moves[0]!.id] });
  expect(await app.moves.beginUndo(run)).toBe('undo');
  expect(await app.within(() => app.moves.undoTransfer(run))).toEqual({ end: 'undone' });
  expect(await app.moves.endUndo(run, 'undone')).toBe('stop');
  expect(await states(moves)).toEqual(['synced', 'compensated']);
});

it('tried again after its worker died: goes on with what the run has at hand', async () => {
  const moves = await queue(3);
  const run = await app.take(moves[0]!.id);
  const died = new Error('killed');
  const first = turn(run, {
    tell: (details) => {
      if ('moved' in details && details.moved === 1) throw died;
    },
  });
  await expect(first).rejects.toBe(died);
  expect(await row(moves[1]!.id)).toMatchObject({ state: 'syncing', run_id: run.runId, slot: true });
  expect(await turn(run)).toEqual({ end: 'settled', next: 'stop', moved: [moves[1]!.id] });
  expectMovedOnce(moves);
});

it('with nothing at hand and its own move at its end, it touches nothing', async () => {
  const [move] = await queue(1);
  const run = await app.take(move!.id);
  await turn(run);
  expect(await app.within(() => app.moves.transferPallets(run))).toEqual({ end: 'fenced' });
  expectMovedOnce([move!]);
});

it('beside a try that was thought to be dead: each pallet is moved once, and nothing is left at hand', async () => {
  const moves = await queue(6);
  const run = await app.take(moves[0]!.id);
  // Both at once, as after a freeze: the second is a try after trouble, which begins nothing new by itself.
  await Promise.allSettled([turn(run), turn(run, { mayGoOn: () => false })]);
  // One of them may have met the other in Odoo; then it is tried once more.
  await app.within(() => app.moves.transferPallets(run));
  expect(await app.database.query('SELECT FROM operation WHERE slot_at IS NOT NULL')).toEqual([]);
  const begun = (await states(moves)).filter((state) => state !== 'pending');
  expect(new Set(begun)).toEqual(new Set(['synced']));
  expectMovedOnce(moves.slice(0, begun.length));
});
