import type { Tx } from '../../store/db';
import { moveOperation, readOperation, type OperationRow } from '../../store/operations';
import { readMove } from '../../store/pallet-moves';
import { expirePallets } from '../../store/pallets';
import type { MoveMetrics } from './metrics';
import type { MoveRun } from './ownership';

/** What the workflow does next. `stop`: another attempt or run owns the operation, or it is at rest. */
export type Next = 'move' | 'undo' | 'wait' | 'stop';

export const fence = (run: MoveRun) => ({ attempt: run.attempt, runId: run.runId });

/** Pallets of an ended operation: the next scan asks Odoo. */
export async function ended(tx: Tx, row: OperationRow, arrived: boolean): Promise<void> {
  const move = await readMove(tx, row.id);
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
export async function settle(tx: Tx, run: MoveRun, metrics: MoveMetrics): Promise<Next> {
  const row = await moveOperation(tx, run.operationId, {
    ...fence(run),
    to: 'synced',
    from: ['syncing'],
    code: 'synced',
    step: 'settled',
    error: null,
    unlessCancelled: true,
  });
  if (!row) return afterCancel(tx, run);
  await ended(tx, row, true);
  await metrics.ended(tx, row);
  return 'stop';
}
