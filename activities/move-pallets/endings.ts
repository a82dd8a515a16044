import type { Tx } from '../../store/db';
import { moveOperation, readOperation, takeNext, type Move, type OperationRow } from '../../store/operations';
import { readMove, type MoveRow } from '../../store/pallet-moves';
import { expirePallets } from '../../store/pallets';
import type { MoveRun, OwnMove } from './ownership';

/** What the workflow does next. `stop`: another attempt or run owns the operation, or it is at rest. */
export type Next = 'move' | 'undo' | 'wait' | 'stop';

export const fence = (run: MoveRun) => ({ attempt: run.attempt, runId: run.runId });

/** Pallets of an ended operation: the next scan asks Odoo. */
export async function ended(tx: Tx, row: OperationRow, arrived: boolean, known?: MoveRow): Promise<void> {
  const move = known ?? (await readMove(tx, row.id));
  if (!move) return;
  const codes = move.lines.map((line) => line.code);
  await expirePallets(tx, move.connectionId, codes, arrived ? move.destinationId : null);
}

/** Repeated after it was written (the answer was lost), it says the same. */
export async function toUndo(tx: Tx, run: MoveRun): Promise<Next> {
  const row = await moveOperation(tx, run.operationId, { ...fence(run), to: 'compensating', code: 'compensating' });
  if (row) return 'undo';
  const current = await readOperation(tx, run.operationId);
  const mine = current?.attempt === run.attempt && current.runId === run.runId;
  return mine && current.state === 'compensating' ? 'undo' : 'stop';
}

/** The operation did not come to its end or rest: because of a cancel, or because it is not ours any more. */
export async function afterCancel(tx: Tx, run: MoveRun): Promise<Next> {
  const current = await readOperation(tx, run.operationId);
  const mine = current?.attempt === run.attempt && current.runId === run.runId && current.state === 'syncing';
  return mine && current.cancelRequested ? toUndo(tx, run) : 'stop';
}

/** The last compare-and-set: synced, unless a cancel was asked for. */
export async function settle(tx: Tx, run: MoveRun): Promise<Next> {
  return (await sync(tx, run, {})) ? 'stop' : afterCancel(tx, run);
}

/**
 * The same for a move whose lanes are locked already, and if it `mayGoOn`, the place goes on to the next in line. Returns that
 * operation, or what the workflow does next when there is none.
 */
export async function settleInTurn(tx: Tx, { run, move }: OwnMove, mayGoOn: boolean): Promise<OperationRow | Next> {
  const row = await sync(tx, run, { move, lanesLocked: true, passesPlaceOn: mayGoOn });
  if (!row) return afterCancel(tx, run);
  return (mayGoOn ? await takeNext(tx, row, run) : null) ?? 'stop';
}

async function sync(
  tx: Tx,
  run: MoveRun,
  { move, ...how }: { move?: MoveRow } & Pick<Move, 'lanesLocked' | 'passesPlaceOn'>,
): Promise<OperationRow | null> {
  const row = await moveOperation(tx, run.operationId, {
    ...fence(run),
    to: 'synced',
    from: ['syncing'],
    code: 'synced',
    step: 'settled',
    error: null,
    unlessCancelled: true,
    ...how,
  });
  if (row) await ended(tx, row, true, move);
  return row;
}
