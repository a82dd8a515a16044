import type { Database, Tx } from '../store/db';
import { dropExpiredAnswers } from '../store/idempotency';
import { pruneSessions, pruneUsedTokens } from '../store/sessions';
import { withHeartbeat } from './heartbeat';

/** How many rows went, over all tenants. */
export interface CleanedUp {
  sessions: number;
  tokens: number;
  answers: number;
}

export interface CleanUpActivities {
  /** Takes away what nobody will ask for again: used tokens, sessions that ended long ago, bodies of expired answers. */
  cleanUp(): Promise<CleanedUp>;
}

/** Rows in one transaction: short enough that nobody waits for a lock of it, and the feed is not held back. */
const rowsPerPage = 1_000;

export function createCleanUpActivities(deps: { db: Database; pageSize?: number }): CleanUpActivities {
  const { db, pageSize = rowsPerPage } = deps;

  async function all(
    tenantId: string,
    page: (tx: Tx, limit: number) => Promise<number>,
    signal: AbortSignal,
  ): Promise<number> {
    for (let total = 0; ;) {
      signal.throwIfAborted();
      const gone = await db.withTenant(tenantId, (tx) => page(tx, pageSize));
      total += gone;
      if (gone < pageSize) return total;
    }
  }

  return {
    cleanUp: () =>
      withHeartbeat(async (signal) => {
        const sum: CleanedUp = { sessions: 0, tokens: 0, answers: 0 };
        for (const tenantId of await db.definer.listTenants()) {
          sum.tokens += await all(tenantId, pruneUsedTokens, signal);
          sum.sessions += await all(tenantId, pruneSessions, signal);
          sum.answers += await all(tenantId, dropExpiredAnswers, signal);
        }
        return sum;
      }),
  };
}
