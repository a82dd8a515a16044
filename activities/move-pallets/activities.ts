import { Context } from '@temporalio/activity';
import { isRetried, toNervioError } from '../failures';
import { withHeartbeat, type Tell } from '../heartbeat';
import type { Database } from '../../store/db';
import type { OperationMetrics } from '../../store/operation-metrics';
import type { OdooClients } from '../odoo-clients';
import { atHand, Fenced, noteIn, type MoveRun } from './ownership';
import { createMoveProjections, type MoveProjections } from './projections';
import { takeTurn, type TurnEnd } from './turn';
import { undoMove, type UndoEnd } from './undo';
import { withdrawMove, type WithdrawEnd } from './withdraw';

/** `fenced`: another attempt or run owns the operation; the workflow ends without touching anything. */
export interface FencedEnd {
  end: 'fenced';
}

export interface MovePalletsActivities extends MoveProjections {
  transferPallets(run: MoveRun): Promise<TurnEnd | FencedEnd>;
  withdrawTransfer(run: MoveRun): Promise<{ end: WithdrawEnd } | FencedEnd>;
  undoTransfer(run: MoveRun): Promise<UndoEnd | FencedEnd>;
}

/** The side effects of moving pallets. */
export function createMovePalletsActivities(deps: {
  db: Database;
  odoo: OdooClients;
  metrics: Pick<OperationMetrics, 'waits'>;
  /** The worker is about to end: nothing new is begun. */
  stopping: AbortSignal;
}): MovePalletsActivities {
  const { db, odoo } = deps;
  const projections = createMoveProjections(db, deps.metrics);

  /** Runs a step for the run that owns the operation, and says in the timeline that it will be tried again. */
  const owned = async <T>(
    run: MoveRun,
    work: (signal: AbortSignal, tell: Tell) => Promise<T>,
  ): Promise<T | FencedEnd> => {
    try {
      return await withHeartbeat(work);
    } catch (error) {
      if (error instanceof Fenced) return { end: 'fenced' };
      const { attempt, retryPolicy } = Context.current().info;
      const failure = toNervioError(error);
      const of = (retryPolicy?.maximumAttempts ?? 0) - 1;
      if (failure.code !== 'internal' && isRetried(failure) && attempt <= of) {
        const data = { code: failure.code, retry: attempt, of };
        await db.withTenant(run.tenantId, async (tx) =>
          noteIn(tx, await atHand(tx, run), { step: 'retrying', code: 'retrying', data }),
        );
      }
      throw error;
    }
  };
  return {
    ...projections,
    transferPallets: (run) =>
      owned(run, (signal, tell) => {
        // A try after trouble ends with its own move, so that each operation has the quick retries to itself.
        const { attempt } = Context.current().info;
        return takeTurn(deps, run, signal, tell, () => attempt === 1 && !signal.aborted && !deps.stopping.aborted);
      }),
    withdrawTransfer: (run) => owned(run, async (signal) => ({ end: await withdrawMove(db, odoo, run, signal) })),
    undoTransfer: (run) => owned(run, (signal) => undoMove(db, odoo, run, signal)),
  };
}
