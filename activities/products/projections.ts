import type { OperationError } from '../../domain/operation';
import type { Database, Tx } from '../../store/db';
import { moveOperation, readOperation, takeOperation, wasUndone, type Move } from '../../store/operations';
import { type Counts, countsOf, ended } from './outcome';
import type { ProductRun } from './run';

/** What the workflow does next. */
export type ProductNext = 'work' | 'undo' | 'stop';

/** What the person and the tables see of work on the catalogue: each is one transaction, fenced by attempt and run. */
export interface ProductProjections {
  takeProducts(run: ProductRun): Promise<ProductNext>;
  settleProducts(run: ProductRun): Promise<ProductNext>;
  restProducts(run: ProductRun, error: OperationError): Promise<ProductNext>;
  beginProductsUndo(run: ProductRun): Promise<ProductNext>;
  endProductsUndo(run: ProductRun): Promise<ProductNext>;
}

export function createProductProjections(db: Database): ProductProjections {
  const fence = ({ attempt, runId }: ProductRun): Pick<Move, 'attempt' | 'runId'> => ({ attempt, runId });

  const toUndo = async (tx: Tx, run: ProductRun): Promise<ProductNext> => {
    const row = await moveOperation(tx, run.operationId, {
      ...fence(run),
      to: 'compensating',
      from: ['syncing'],
      code: 'compensating',
      step: 'undoing',
    });
    if (row) return 'undo';
    // This went through before and its answer was lost.
    const current = await readOperation(tx, run.operationId);
    const own = current?.attempt === run.attempt && current.runId === run.runId;
    return own && current.state === 'compensating' ? 'undo' : 'stop';
  };

  /** Nothing moved: because a cancel came first, or because it is not ours any more. */
  const afterRefusal = async (tx: Tx, run: ProductRun): Promise<ProductNext> => {
    const current = await readOperation(tx, run.operationId);
    if (!current || current.attempt !== run.attempt || current.runId !== run.runId) return 'stop';
    return current.state === 'syncing' && current.cancelRequested ? toUndo(tx, run) : 'stop';
  };

  return {
    takeProducts: (run) =>
      db.withTenant(run.tenantId, async (tx) => {
        const row = await takeOperation(tx, run.operationId, run);
        if (!row) return 'stop';
        if (row.state === 'compensating') return 'undo';
        return row.cancelRequested ? toUndo(tx, run) : 'work';
      }),

    settleProducts: (run) =>
      db.withTenant<ProductNext>(run.tenantId, async (tx) => {
        const counts: Counts = await countsOf(tx, run.operationId);
        const row = await moveOperation(tx, run.operationId, {
          ...fence(run),
          to: 'synced',
          from: ['syncing'],
          code: 'synced',
          step: 'synced',
          data: { ...counts },
          error: null,
          unlessCancelled: true,
        });
        if (!row) return afterRefusal(tx, run);
        await ended(tx, run.operationId);
        return 'stop';
      }),

    restProducts: (run, error) =>
      db.withTenant<ProductNext>(run.tenantId, async (tx) => {
        const rest = (from: 'syncing' | 'compensating', unlessCancelled: boolean) =>
          moveOperation(tx, run.operationId, {
            ...fence(run),
            to: 'needs_attention',
            from: [from],
            unlessCancelled,
            code: 'attention',
            step: 'rested',
            data: { code: error.code },
            error,
          });
        // A cancel that came meanwhile is the person's decision already; an undo that failed needs one in any case.
        const row = (await rest('syncing', true)) ?? (await rest('compensating', false));
        return row ? 'stop' : afterRefusal(tx, run);
      }),

    beginProductsUndo: (run) => db.withTenant(run.tenantId, (tx) => toUndo(tx, run)),

    endProductsUndo: (run) =>
      db.withTenant<ProductNext>(run.tenantId, async (tx) => {
        const to = (await wasUndone(tx, run.operationId)) ? 'compensated' : 'cancelled';
        const counts = await countsOf(tx, run.operationId);
        const row = await moveOperation(tx, run.operationId, {
          ...fence(run),
          to,
          from: ['compensating'],
          code: to,
          step: 'undone',
          data: { ...counts },
          outside: 'none',
          error: null,
        });
        if (row) await ended(tx, run.operationId);
        return 'stop';
      }),
  };
}
