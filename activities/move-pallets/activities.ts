import { Context } from '@temporalio/activity';
import { isRetried, toNervioError } from '../failures';
import { withHeartbeat } from '../heartbeat';
import type { Database } from '../../store/db';
import type { OdooClients } from '../odoo-clients';
import type { MoveMetrics } from './metrics';
import { Fenced, note, type MoveRun } from './ownership';
import { createMoveProjections, type MoveProjections } from './projections';
import { transferMove, type TransferEnd } from './transfer';
import { undoMove, type UndoEnd } from './undo';
import { withdrawMove, type WithdrawEnd } from './withdraw';

/** `fenced`: another attempt or run owns the operation; the workflow ends without touching anything. */
export interface FencedEnd {
  end: 'fenced';
}

export interface MovePalletsActivities extends MoveProjections {
  transferPallets(run: MoveRun): Promise<TransferEnd | FencedEnd>;
  withdrawTransfer(run: MoveRun): Promise<{ end: WithdrawEnd } | FencedEnd>;
  undoTransfer(run: MoveRun): Promise<UndoEnd | FencedEnd>;
}

/** The side effects of moving pallets. */
export function createMovePalletsActivities(deps: {
  db: Database;
  odoo: OdooClients;
  metrics: MoveMetrics;
}): MovePalletsActivities {
  const { db, odoo } = deps;
  const projections = createMoveProjections(db, deps.metrics);

  /** Runs a step for the run that owns the operation, and says in the timeline that it will be tried again. */
  const owned = async <T>(run: MoveRun, work: (signal: AbortSignal) => Promise<T>): Promise<T | FencedEnd> => {
    try {
      return await withHeartbeat(work);
    } catch (error) {
      if (error instanceof Fenced) return { end: 'fenced' };
      const { attempt, retryPolicy } = Context.current().info;
      const failure = toNervioError(error);
      const of = (retryPolicy?.maximumAttempts ?? 0) - 1;
      if (failure.code !== 'internal' && isRetried(failure) && attempt <= of) {
        await note(db, run, { step: 'retrying', code: 'retrying', data: { code: failure.code, retry: attempt, of } });
      }
      throw error;
    }
  };
  return {
    ...projections,
    transferPallets: (run) => owned(run, (signal) => transferMove(deps, run, signal)),
    withdrawTransfer: (run) => owned(run, async (signal) => ({ end: await withdrawMove(db, odoo, run, signal) })),
    undoTransfer: (run) => owned(run, (signal) => undoMove(db, odoo, run, signal)),
  };
}
