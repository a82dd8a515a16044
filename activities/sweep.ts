import type { ErrorCode } from '../domain/errors';
import { kindSpecs, workflowIdOf } from '../domain/kinds';
import type { Database, Tx } from '../store/db';
import { lanesOf } from '../store/operation-lanes';
import { fruitlessSweeps, lockOperation, moveOperation, newAttempt, type OperationRow } from '../store/operations';
import { addStart, hasStart } from '../store/outbox';
import { sweepReceipts } from './sweep-receipts';

/** What Temporal says of a workflow. `terminated` = a person stopped it; `closed` = it ended any other way; `unknown` = never seen or forgotten. */
export type WorkflowState = 'running' | 'terminated' | 'closed' | 'unknown';

export interface SweepActivities {
  /** Returns how many operations and receipts it brought back. */
  sweep(input: { quietMs: number }): Promise<number>;
}

const mostPerRound = 200;
/** So often in a row an operation is begun anew without any progress; then a person is asked. */
const mostFruitless = 5;

/**
 * Finds open operations on which nothing has happened for `quietMs` and whose workflow is closed or unknown to Temporal
 * (terminated in the UI, a lost namespace, a row that was never handed over). They go back to pending with a new attempt,
 * or need attention when a person stopped them, or when that has helped nothing several times in a row. What rests or stands in a lane behind another is never touched.
 */
export function createSweepActivities(deps: {
  db: Database;
  describe: (workflowId: string, runId: string | null) => Promise<WorkflowState>;
  /** Starts the watchers of connections that have lost theirs. */
  ensureWatched: () => Promise<void>;
}): SweepActivities {
  const { db } = deps;

  const again = async (tx: Tx, operation: OperationRow, reason: string): Promise<void> => {
    const lanes = await lanesOf(tx, operation);
    await newAttempt(tx, operation, 'pending', { code: 'swept', data: { reason }, lanes });
  };

  /** Its lanes are kept when something of it may be outside. */
  const giveUp = async (tx: Tx, operationId: string, step: string, code: ErrorCode): Promise<boolean> => {
    const error = { code };
    const row = await moveOperation(tx, operationId, {
      to: 'needs_attention',
      code: 'attention',
      step,
      data: { code, lines: [] },
      error,
    });
    return row !== null;
  };

  async function sweepOne(tenantId: string, operationId: string, describe: typeof deps.describe): Promise<boolean> {
    const seen = await db.withTenant(tenantId, (tx) => lockOperation(tx, operationId));
    if (!seen) return false;
    const ofBatch = kindSpecs[seen.kind].batched && seen.workflowId !== workflowIdOf(seen.kind, seen.id, seen.attempt);
    const handed = seen.runId !== null && seen.workflowId !== null;
    const state = handed ? await describe(seen.workflowId!, seen.runId) : 'unknown';
    if (state === 'running') return false;
    return db.withTenant(tenantId, async (tx) => {
      const operation = await lockOperation(tx, operationId);
      // Something happened to it while we asked.
      if (!operation || operation.version !== seen.version || operation.runId !== seen.runId) return false;
      switch (operation.state) {
        case 'pending':
          // Another sweep has been here since it was found.
          if (await hasStart(tx, operationId)) return false;
          await addStart(tx, operation);
          return true;
        case 'syncing':
        case 'waiting':
        case 'compensating':
          // Who stops a batch means the batch: no decision about any one of its members.
          if (state === 'terminated' && !ofBatch) return giveUp(tx, operationId, 'stopped', 'stopped_by_person');
          if ((await fruitlessSweeps(tx, operationId)) >= mostFruitless) {
            return giveUp(tx, operationId, 'gave_up', 'process_failing');
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
      // The members of a batch share a workflow: it is asked about once in a round.
      const asked = new Map<string, Promise<WorkflowState>>();
      const describe: typeof deps.describe = (workflowId, runId) => {
        const key = `${workflowId} ${runId}`;
        const known = asked.get(key) ?? deps.describe(workflowId, runId);
        asked.set(key, known);
        return known;
      };
      for (const row of await db.definer.findQuiet(quietMs, mostPerRound)) {
        if (await sweepOne(row.tenantId, row.operationId, describe)) swept++;
      }
      return swept + (await sweepReceipts(db, deps.describe, quietMs));
    },
  };
}
