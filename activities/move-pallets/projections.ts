import { errors, isErrorCode, type ErrorCode } from '../../domain/errors';
import { workflowIdOf } from '../../domain/kinds';
import type { OperationError, OperationState } from '../../domain/operation';
import { setConnectionState, type ConnectionState } from '../../store/connections';
import type { Database, Tx } from '../../store/db';
import type { OperationMetrics } from '../../store/operation-metrics';
import { moveOperation, pauseUndo, readOperation, takeOperation, type OperationRow } from '../../store/operations';
import { afterCancel, ended, fence, settle, toUndo, type Next } from './endings';
import { atHand, noteIn, type MoveRun } from './ownership';

/** Which state of the connection an error speaks of; null = it says nothing of it. */
const connectionStates: Partial<Record<ErrorCode, ConnectionState>> = {
  odoo_unreachable: 'down',
  odoo_unknown_outcome: 'down',
  odoo_credentials: 'credentials',
  odoo_incompatible: 'incompatible',
};

/** Why a move waits, and when it may be looked at again at the earliest: never before the circuit is closed. */
export interface Trouble {
  code: string;
  detail: string;
  wakeAfterMs: number;
}

/** What may be in Odoo is looked for there, which takes a place of the connection; nothing is undone without any. */
const mayUndo = (operation: OperationRow) => operation.outside === 'none' || operation.hasSlot;

/** What the person and the tables see of a move: each is one transaction, fenced by attempt and run, of the operation at hand. */
export interface MoveProjections {
  takeMove(run: MoveRun): Promise<Next>;
  /** Of a move and of an undo. */
  waitMove(run: MoveRun, trouble: Trouble): Promise<Next>;
  resumeMove(run: MoveRun): Promise<Next>;
  settleMove(run: MoveRun): Promise<Next>;
  restMove(run: MoveRun, error: OperationError): Promise<Next>;
  beginUndo(run: MoveRun): Promise<Next>;
  endUndo(run: MoveRun, outcome: 'nothing' | 'undone'): Promise<Next>;
}

export function createMoveProjections(db: Database, metrics: Pick<OperationMetrics, 'waits'>): MoveProjections {
  const withHand = <T>(by: MoveRun, work: (tx: Tx, run: MoveRun) => Promise<T>): Promise<T> =>
    db.withTenant(by.tenantId, async (tx) => work(tx, await atHand(tx, by)));

  return {
    takeMove: (run) =>
      db.withTenant(run.tenantId, async (tx) => {
        const workflowId = workflowIdOf('move_pallets', run.operationId, run.attempt);
        const row = await takeOperation(tx, run.operationId, { ...fence(run), workflowId });
        if (!row) return 'stop';
        if (row.state === 'compensating') return 'undo';
        return row.cancelRequested ? toUndo(tx, run) : 'move';
      }),

    waitMove: async (by, { code, detail, wakeAfterMs }) => {
      const [next, told] = await withHand<[Next, boolean]>(by, async (tx, run) => {
        const current = await readOperation(tx, run.operationId);
        if (current?.attempt !== run.attempt || current.runId !== run.runId) return ['stop', false];
        // This went through before and its answer was lost.
        if (current.state === 'waiting') return ['wait', false];
        if (current.connectionId && isErrorCode(code)) {
          const state = connectionStates[code];
          if (state) await setConnectionState(tx, current.connectionId, { state, error: detail });
        }
        const error = { code, detail };
        if (current.state === 'compensating') {
          return (await pauseUndo(tx, run.operationId, run, { error, wakeAfterMs })) ? ['wait', true] : ['stop', false];
        }
        const row = await moveOperation(tx, run.operationId, {
          ...fence(run),
          to: 'waiting',
          code: 'waiting',
          data: error,
          error,
          wakeAfterMs,
        });
        if (!row) return ['stop', false];
        return [row.cancelRequested && mayUndo(row) ? await toUndo(tx, run) : 'wait', true];
      });
      if (told) metrics.waits(code);
      return next;
    },

    // Woken by a signal (the dispatcher gave it a place, or a cancel was asked for) or by its own far timer.
    resumeMove: (by) =>
      withHand(by, async (tx, run) => {
        const current = await readOperation(tx, run.operationId);
        if (!current || current.attempt !== run.attempt || current.runId !== run.runId) return 'stop';
        if (current.state === 'syncing') return 'move';
        if (current.state === 'compensating') {
          if (!mayUndo(current)) return 'wait';
          if (current.step === 'undo_waiting') {
            await noteIn(tx, run, {
              step: 'undo_resumed',
              code: 'resumed',
              data: { after: current.error?.code },
              error: null,
            });
          }
          return 'undo';
        }
        if (current.state !== 'waiting') return 'stop';
        if (current.cancelRequested && mayUndo(current)) return toUndo(tx, run);
        if (!current.hasSlot) return 'wait';
        const row = await moveOperation(tx, run.operationId, {
          ...fence(run),
          to: 'syncing',
          code: 'resumed',
          data: { after: current.error?.code },
          step: 'resumed',
          error: null,
        });
        return row ? 'move' : 'stop';
      }),

    settleMove: (by) => withHand(by, settle),

    restMove: (by, error) =>
      withHand<Next>(by, async (tx, run) => {
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
        return 'stop';
      }),

    beginUndo: (by) => withHand(by, toUndo),

    endUndo: (by, outcome) =>
      withHand<Next>(by, async (tx, run) => {
        const to = outcome === 'undone' ? 'compensated' : 'cancelled';
        const row = await moveOperation(tx, run.operationId, {
          ...fence(run),
          to,
          from: ['compensating'],
          code: to,
          step: 'undone',
          outside: 'none',
          error: null,
        });
        if (!row) return 'stop';
        await ended(tx, row, false);
        return 'stop';
      }),
  };
}
