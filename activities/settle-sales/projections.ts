import type { OperationBatch } from '../../domain/kinds';
import { isDataError } from '../../store/data-error';
import type { Database, Tx } from '../../store/db';
import { ownOperations, syncOperations, takeOperations, type BatchRun } from '../../store/operation-batch';
import { moveOperation } from '../../store/operations';
import { settleSteps } from './steps';

/** The sales, voids and returns of one workflow, and whose they are while it works on them. */
export interface SalesRun extends OperationBatch, BatchRun {}

export interface SalesProjections {
  /** How many of them are this run's to settle. */
  takeSales(run: SalesRun): Promise<number>;
  /** Settles what our own database can settle. Returns how many are left with something to be sent. */
  settleSales(run: SalesRun): Promise<number>;
}

const only = (run: SalesRun, id: string): SalesRun => ({
  ...run,
  members: run.members.filter(([member]) => member === id),
});

/** What the person and the tables see of sales that are settled: set-based, each fenced by attempt and run. */
export function createSalesProjections(db: Database): SalesProjections {
  const settle = (run: SalesRun): Promise<number> =>
    db.withTenant(run.tenantId, async (tx) => {
      const own = await ownOperations(tx, run, run);
      if (own.length === 0) return 0;
      const open = new Set<string>();
      for (const step of settleSteps) for (const id of await step(tx, own)) open.add(id);
      await syncOperations(
        tx,
        own.filter((id) => !open.has(id)),
        run,
      );
      return open.size;
    });

  /** One whose rows are at fault must not hold up those that came with it. */
  const settleAlone = async (run: SalesRun, id: string): Promise<number> => {
    try {
      return await settle(only(run, id));
    } catch (error) {
      if (!isDataError(error)) throw error;
      await db.withTenant(run.tenantId, (tx) => rest(tx, run, id, error));
      return 0;
    }
  };

  return {
    takeSales: (run) => db.withTenant(run.tenantId, async (tx) => (await takeOperations(tx, run, run)).length),

    settleSales: async (run) => {
      try {
        return await settle(run);
      } catch (error) {
        if (!isDataError(error)) throw error;
      }
      let open = 0;
      for (const [id] of run.members) open += await settleAlone(run, id);
      return open;
    },
  };
}

async function rest(tx: Tx, run: SalesRun, id: string, error: unknown): Promise<void> {
  const detail = error instanceof Error ? error.message : String(error);
  await moveOperation(tx, id, {
    to: 'needs_attention',
    from: ['syncing'],
    runId: run.runId,
    code: 'attention',
    step: 'failed',
    data: { code: 'internal', lines: [] },
    error: { code: 'internal', detail },
  });
}
