import { palletLanes, readMove } from '../store/pallet-moves';
import type { Database, Tx } from '../store/db';
import { lockOperation, moveOperation, newAttempt, type OperationRow } from '../store/operations';
import { addStart } from '../store/outbox';

/** What Temporal says of a workflow. `terminated` = a person stopped it; `closed` = it ended any other way; `unknown` = never seen or forgotten. */
export type WorkflowState = 'running' | 'terminated' | 'closed' | 'unknown';

export interface SweepActivities {
  /** Returns how many operations it brought back. */
  sweep(input: { quietMs: number }): Promise<number>;
}

const mostPerRound = 200;

/**
 * Finds open operations on which nothing has happened for `quietMs` and whose workflow is closed or unknown to Temporal
 * (terminated in the UI, a lost namespace, a row that was never handed over). They go back to pending with a new attempt,
 * or need attention when a person stopped them. What rests or stands in a lane behind another is never touched.
 */
export function createSweepActivities(deps: {
  db: Database;
  describe: (workflowId: string, runId: string | null) => Promise<WorkflowState>;
  /** Starts the watchers of connections that have lost theirs. */
  ensureWatched: () => Promise<void>;
}): SweepActivities {
  const { db } = deps;

  const again = async (tx: Tx, operation: OperationRow, reason: string): Promise<void> => {
    const move = await readMove(tx, operation.id);
    const lanes = move
      ? palletLanes(
          move.connectionId,
          move.lines.map((line) => line.code),
        )
      : [];
    await newAttempt(tx, operation, 'pending', { code: 'swept', data: { reason }, lanes });
  };

  async function sweepOne(tenantId: string, operationId: string): Promise<boolean> {
    const seen = await db.withTenant(tenantId, (tx) => lockOperation(tx, operationId));
    if (!seen) return false;
    const handed = seen.runId !== null && seen.workflowId !== null;
    const state = handed ? await deps.describe(seen.workflowId!, seen.runId) : 'unknown';
    if (state === 'running') return false;
    return db.withTenant(tenantId, async (tx) => {
      const operation = await lockOperation(tx, operationId);
      // Something happened to it while we asked.
      if (!operation || operation.version !== seen.version || operation.runId !== seen.runId) return false;
      switch (operation.state) {
        case 'pending':
          await addStart(tx, operation);
          return true;
        case 'syncing':
        case 'waiting':
        case 'compensating':
          if (state === 'terminated') {
            const row = await moveOperation(tx, operationId, {
              to: 'needs_attention',
              code: 'attention',
              step: 'stopped',
              data: { code: 'stopped_by_person', lines: [] },
              error: { code: 'stopped_by_person' },
            });
            return row !== null;
          }
          await again(tx, operation, state);
          return true;
        case 'needs_attention':
        case 'synced':
        case 'compensated':
        case 'cancelled':
          return false;
      }
    });
  }

  return {
    async sweep({ quietMs }) {
      await deps.ensureWatched();
      let swept = 0;
      for (const row of await db.definer.findQuiet(quietMs, mostPerRound)) {
        if (await sweepOne(row.tenantId, row.operationId)) swept++;
      }
      return swept;
    },
  };
}
