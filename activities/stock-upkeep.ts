import { log } from '@temporalio/activity';
import type { Redis } from 'ioredis';
import type { Database, Tx } from '../store/db';
import { reviewLowStock, staleWarnings } from '../store/low-stock';
import { expireHolds } from '../store/stock-holds';
import { expireTickets } from '../store/ticket-expiry';
import { withHeartbeat } from './heartbeat';
import { reconcileStock } from './reconcile-stock';

/** Over all tenants. */
export interface ExpiredStock {
  holds: number;
  tickets: number;
}

export interface StockUpkeep {
  levels: number;
  findings: number;
  /** Warnings of low stock opened or closed. */
  warnings: number;
}

export interface StockUpkeepActivities {
  /** Lets go what was held for too long, and parked tickets with it. */
  expireStock(): Promise<ExpiredStock>;
  /** Proves levels against the ledger, repairs what is not so, and reviews the warnings of low stock. */
  reconcileStock(): Promise<StockUpkeep>;
}

/** Rows in one transaction: short enough that nobody at a till waits for a lock of it. */
const pageSize = 200;

export function createStockUpkeepActivities(deps: { db: Database; redis: Redis }): StockUpkeepActivities {
  const { db, redis } = deps;

  async function pages(
    tenantId: string,
    page: (tx: Tx, limit: number) => Promise<number>,
    signal: AbortSignal,
  ): Promise<number> {
    for (let total = 0; ;) {
      signal.throwIfAborted();
      const done = await db.withTenant(tenantId, (tx) => page(tx, pageSize));
      total += done;
      if (done < pageSize) return total;
    }
  }

  const expired = async (tx: Tx, limit: number): Promise<number> => (await expireHolds(tx, limit)).length;
  const reviewed = async (tx: Tx, limit: number): Promise<number> => {
    const { opened, closed } = await reviewLowStock(tx, await staleWarnings(tx, limit));
    return opened + closed;
  };

  return {
    expireStock: () =>
      withHeartbeat(async (signal) => {
        const sum: ExpiredStock = { holds: 0, tickets: 0 };
        for (const tenantId of await db.definer.listTenants()) {
          sum.tickets += await pages(tenantId, expireTickets, signal);
          sum.holds += await pages(tenantId, expired, signal);
        }
        return sum;
      }),

    reconcileStock: () =>
      withHeartbeat(async (signal) => {
        const sum: StockUpkeep = { levels: 0, findings: 0, warnings: 0 };
        for (const tenantId of await db.definer.listTenants()) {
          const { levels, findings } = await reconcileStock(db, redis, tenantId, () => signal.throwIfAborted());
          sum.levels += levels;
          sum.findings += findings.length;
          if (findings.length > 0)
            log.warn('Levels were not what their ledger says', {
              tenantId,
              count: findings.length,
              findings: findings.slice(0, 20),
            });
          sum.warnings += await pages(tenantId, reviewed, signal);
        }
        return sum;
      }),
  };
}
