import { proxyActivities } from '@temporalio/workflow';
import type { ExpiredStock, StockUpkeep, StockUpkeepActivities } from '../activities/stock-upkeep';

const upkeep = proxyActivities<StockUpkeepActivities>({
  startToCloseTimeout: 10 * 60_000,
  heartbeatTimeout: 30_000,
  retry: { initialInterval: 1_000, maximumAttempts: 3 },
});

/** Holds and parked tickets whose time is over. Scheduled; what a round does not get done the next one does. */
export async function expireStock(): Promise<ExpiredStock> {
  return upkeep.expireStock();
}

/** INV-04: that each level is the sum of its ledger. Scheduled; its findings are on the screen of stock. */
export async function reconcileStock(): Promise<StockUpkeep> {
  return upkeep.reconcileStock();
}
