import { withHeartbeat } from '../heartbeat';
import type { Database } from '../../store/db';
import type { OdooClients } from '../odoo-clients';
import { checkMove, type CheckEnd } from './check';
import type { MoveMetrics } from './metrics';
import { Fenced, type MoveRun } from './ownership';
import { createMoveProjections, type MoveProjections } from './projections';
import { transferMove, type TransferEnd } from './transfer';
import { undoMove, type UndoEnd } from './undo';
import { withdrawMove, type WithdrawEnd } from './withdraw';

/** `fenced`: another attempt or run owns the operation; the workflow ends without touching anything. */
export interface FencedEnd {
  end: 'fenced';
}

export interface MovePalletsActivities extends MoveProjections {
  checkPallets(run: MoveRun): Promise<CheckEnd | FencedEnd>;
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
  const owned = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | FencedEnd> => {
    try {
      return await withHeartbeat(work);
    } catch (error) {
      if (error instanceof Fenced) return { end: 'fenced' };
      throw error;
    }
  };
  return {
    ...projections,
    checkPallets: (run) => owned((signal) => checkMove(db, odoo, run, signal)),
    transferPallets: (run) => owned((signal) => transferMove(db, odoo, run, signal)),
    withdrawTransfer: (run) => owned(async (signal) => ({ end: await withdrawMove(db, odoo, run, signal) })),
    undoTransfer: (run) => owned((signal) => undoMove(db, odoo, run, signal)),
  };
}
