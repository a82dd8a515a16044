import { Context } from '@temporalio/activity';
import type { OperationRef } from '../../domain/kinds';
import { NervioError } from '../../domain/errors';
import { isDataError } from '../../store/data-error';
import type { Database, Tx } from '../../store/db';
import { noteProgress, readOperation, takeTurns, type OperationRow } from '../../store/operations';

/** The attempt and run that a workflow acts for; everything it writes is fenced by them. */
export interface ProductRun extends OperationRef {
  workflowId: string;
  runId: string;
}

/** `cancel`: a person asked for it meanwhile; what is done by now is to be taken back. */
export interface StepEnd {
  end: 'done' | 'cancel' | 'fenced';
}

/** One part of the work, in a transaction of its own: how many rows it has dealt with, 0 = nothing is left; of how many. */
export type Part = (tx: Tx, operation: OperationRow) => Promise<{ count: number; done: number; total: number }>;

class Fenced extends Error {
  override readonly name = 'Fenced';
}

/**
 * Works through what is left part by part. Each part is there whole, with its line in the timeline, or not at all, so a worker
 * that dies is gone on from by the next; one that was only thought dead takes turns with it. @param code of the lines: `progress`, or `taken_back` for the way back
 */
export async function workThrough(
  db: Database,
  run: ProductRun,
  code: 'progress' | 'taken_back',
  part: Part,
): Promise<StepEnd> {
  const { cancellationSignal, heartbeat } = withBeat();
  const began = performance.now();
  let mine = 0;
  try {
    for (;;) {
      cancellationSignal.throwIfAborted();
      const row = await db.withTenant(run.tenantId, async (tx) => {
        await takeTurns(tx, run.operationId);
        const operation = await owned(tx, run);
        if (code === 'progress' && operation.cancelRequested) return operation;
        const { count, done, total } = await part(tx, operation);
        if (count === 0) return null;
        mine += count;
        const perSecond = Math.round((mine * 1000) / Math.max(performance.now() - began, 1));
        const left = code === 'progress' ? total - done : done;
        const noted = await noteProgress(tx, run.operationId, run, {
          step: code,
          code,
          outside: 'present',
          data: {
            // Each is a line that the operation never had before: it gets on.
            name: `${done}/${total}`,
            done,
            total,
            perSecond,
            secondsLeft: perSecond > 0 ? Math.ceil(left / perSecond) : null,
          },
        });
        if (noted === null) throw new Fenced();
        return noted;
      });
      heartbeat();
      if (row === null) return { end: 'done' };
      if (code === 'progress' && row.cancelRequested) return { end: 'cancel' };
    }
  } catch (error) {
    if (error instanceof Fenced) return { end: 'fenced' };
    // Repeating does not mend rows that the database refuses.
    if (isDataError(error)) throw new NervioError('rows_refused', {}, { cause: error, detail: String(error) });
    throw error;
  }
}

function withBeat(): { cancellationSignal: AbortSignal; heartbeat: () => void } {
  const context = Context.current();
  return { cancellationSignal: context.cancellationSignal, heartbeat: () => context.heartbeat() };
}

async function owned(tx: Tx, run: ProductRun): Promise<OperationRow> {
  const operation = await readOperation(tx, run.operationId);
  if (!operation || operation.attempt !== run.attempt || operation.runId !== run.runId) throw new Fenced();
  if (operation.state !== 'syncing' && operation.state !== 'compensating') throw new Fenced();
  return operation;
}
