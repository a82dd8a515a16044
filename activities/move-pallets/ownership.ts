import { NervioError } from '../../domain/errors';
import type { OperationRef } from '../../domain/kinds';
import type { Database, Tx } from '../../store/db';
import { findAtHand, noteProgress, readOperation, type OperationRow } from '../../store/operations';
import { readMove, type MoveRow } from '../../store/pallet-moves';

/**
 * The attempt and run that a workflow acts for; everything it writes is fenced by them. A workflow names the operation that
 * it was started for; its place may have gone on to another since (`atHand`).
 */
export interface MoveRun extends OperationRef {
  workflowId: string;
  runId: string;
}

/** Another attempt or run owns the operation now: this one must not touch anything any more. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

export interface OwnMove {
  /** Names the operation at hand. */
  run: MoveRun;
  operation: OperationRow;
  move: MoveRow;
}

/** The run with the operation that it has at hand. With none, what it was started for: that is at its end, or not its own. */
export async function atHand(tx: Tx, run: MoveRun): Promise<MoveRun> {
  return { ...run, ...(await findAtHand(tx, run.runId)) };
}

export async function readOwn(db: Database, run: MoveRun): Promise<OwnMove> {
  return db.withTenant(run.tenantId, async (tx) => readOwnIn(tx, await atHand(tx, run)));
}

/** @param taken its row, when this transaction took it */
export async function readOwnIn(tx: Tx, run: MoveRun, taken?: OperationRow): Promise<OwnMove> {
  const operation = taken ?? (await readOperation(tx, run.operationId));
  if (!operation || operation.attempt !== run.attempt || operation.runId !== run.runId) throw new Fenced();
  if (operation.state !== 'syncing' && operation.state !== 'compensating') throw new Fenced();
  const move = await readMove(tx, run.operationId);
  if (!move) throw new NervioError('internal', {}, { detail: `Operation ${run.operationId} has no move` });
  return { run, operation, move };
}

export type Progress = Parameters<typeof noteProgress>[3];

/** Notes a step; the row that comes back says whether a cancel was asked for meanwhile. */
export async function note(db: Database, run: MoveRun, progress: Progress): Promise<OperationRow> {
  return db.withTenant(run.tenantId, (tx) => noteIn(tx, run, progress));
}

/** The same in the transaction of what else is written with it. */
export async function noteIn(tx: Tx, run: MoveRun, progress: Progress): Promise<OperationRow> {
  const row = await noteProgress(tx, run.operationId, run, progress);
  if (!row) throw new Fenced();
  return row;
}
