import { errors, isErrorCode, type ErrorCode } from '../../domain/errors';
import { workflowIdOf } from '../../domain/kinds';
import type { OperationError, OperationState } from '../../domain/operation';
import { setConnectionState, type ConnectionState } from '../../store/connections';
import type { Database } from '../../store/db';
import { moveOperation, readOperation, takeOperation } from '../../store/operations';
import { afterCancel, ended, fence, settle, toUndo, type Next } from './endings';
import type { MoveMetrics } from './metrics';
import type { MoveRun } from './ownership';

/** Which state of the connection an error speaks of; null = it says nothing of it. */
const connectionStates: Partial<Record<ErrorCode, ConnectionState>> = {
  odoo_unreachable: 'down',
  odoo_unknown_outcome: 'down',
  odoo_credentials: 'credentials',
  odoo_incompatible: 'incompatible',
};

/** While waiting for Odoo itself nothing is looked at before the watcher says so; other trouble is looked at again soon. */
const wakeAfterMs = 30_000;

/** What the person and the tables see of a move: each is one transaction, fenced by attempt and run. */
export interface MoveProjections {
  takeMove(run: MoveRun): Promise<Next>;
  waitMove(run: MoveRun, failure: { code: string; detail: string }): Promise<Next>;
  resumeMove(run: MoveRun): Promise<Next>;
  settleMove(run: MoveRun): Promise<Next>;
  restMove(run: MoveRun, error: OperationError): Promise<Next>;
  beginUndo(run: MoveRun): Promise<Next>;
  endUndo(run: MoveRun, outcome: 'nothing' | 'undone'): Promise<Next>;
}

export function createMoveProjections(db: Database, metrics: MoveMetrics): MoveProjections {
  return {
    takeMove: (run) =>
      db.withTenant(run.tenantId, async (tx) => {
        const workflowId = workflowIdOf('move_pallets', run.operationId, run.attempt);
        const row = await takeOperation(tx, run.operationId, { ...fence(run), workflowId });
        if (!row) return 'stop';
        if (row.state === 'compensating') return 'undo';
        return row.cancelRequested ? toUndo(tx, run) : 'move';
      }),

    waitMove: (run, failure) =>
      db.withTenant(run.tenantId, async (tx) => {
        const current = await readOperation(tx, run.operationId);
        if (current?.connectionId && isErrorCode(failure.code)) {
          const state = connectionStates[failure.code];
          if (state) await setConnectionState(tx, current.connectionId, { state, error: failure.detail });
        }
        const row = await moveOperation(tx, run.operationId, {
          ...fence(run),
          to: 'waiting',
          code: 'waiting',
          data: failure,
          error: { code: failure.code, detail: failure.detail },
          wakeAfterMs,
        });
        metrics.error(failure.code);
        if (!row) return 'stop';
        return row.cancelRequested ? toUndo(tx, run) : 'wait';
      }),

    // Woken by a signal (the dispatcher gave it a place, or a cancel was asked for) or by its own far timer.
    resumeMove: (run) =>
      db.withTenant(run.tenantId, async (tx) => {
        const current = await readOperation(tx, run.operationId);
        if (!current || current.attempt !== run.attempt || current.runId !== run.runId) return 'stop';
        if (current.state === 'syncing') return 'move';
        if (current.state === 'compensating') return 'undo';
        if (current.state !== 'waiting') return 'stop';
        if (current.cancelRequested) return toUndo(tx, run);
        if (!current.hasSlot) return 'wait';
        const row = await moveOperation(tx, run.operationId, {
          ...fence(run),
          to: 'syncing',
          code: 'resumed',
          step: 'resumed',
          error: null,
        });
        return row ? 'move' : 'stop';
      }),

    settleMove: (run) => db.withTenant(run.tenantId, (tx) => settle(tx, run, metrics)),

    restMove: (run, error) =>
      db.withTenant<Next>(run.tenantId, async (tx) => {
        const spec = isErrorCode(error.code) ? errors[error.code] : null;
        const rest = (from: OperationState, unlessCancelled: boolean) =>
          moveOperation(tx, run.operationId, {
            ...fence(run),
            to: 'needs_attention',
            from: [from],
            unlessCancelled,
            code: 'attention',
            step: 'rested',
            data: { code: error.code, lines: error.lines ?? [], ...(spec && { sentence: spec.es }) },
            error,
          });
        // A cancel that came meanwhile is the person's decision already; an undo that failed needs one in any case.
        const row = (await rest('syncing', true)) ?? (await rest('compensating', false));
        if (!row) return afterCancel(tx, run);
        await ended(tx, row, false);
        metrics.error(error.code);
        await metrics.ended(tx, row);
        return 'stop';
      }),

    beginUndo: (run) => db.withTenant(run.tenantId, (tx) => toUndo(tx, run)),

    endUndo: (run, outcome) =>
      db.withTenant<Next>(run.tenantId, async (tx) => {
        const to = outcome === 'undone' ? 'compensated' : 'cancelled';
        const row = await moveOperation(tx, run.operationId, {
          ...fence(run),
          to,
          from: ['compensating'],
          code: to,
          step: 'undone',
          outside: 'none',
        });
        if (!row) return 'stop';
        await ended(tx, row, false);
        await metrics.ended(tx, row);
        return 'stop';
      }),
  };
}
