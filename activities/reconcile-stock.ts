import type { Redis } from 'ioredis';
import type { Database } from '../store/db';
import { noteReconciled, warmAdmission, type Reconciled } from '../store/admission';
import { forgetKept } from '../store/stock-cache';
import { findDisagreeing, repairLevels, type DisagreeingPage, type Finding } from '../store/stock-reconciliation';
import type { LevelRef } from '../domain/stock';

export interface ReconciledStock {
  levels: number;
  findings: Finding[];
  /** Whether Redis answered; the database is proved without it. */
  cache: 'renewed' | 'unreachable';
}

/** Levels of one transaction: some ten milliseconds of reading, with nothing locked. */
const pageSize = 500;

/**
 * INV-04: proves that each level of a business is the sum of its ledger and each `held` the sum of its holds; repairs and
 * records what is not. Selling goes on meanwhile. Kept answers about stock are forgotten and
 * the levels that the checkout has in Redis renewed, whatever was found.
 * @param onPage called after each page: an activity heartbeats there
 */
export async function reconcileStock(
  db: Database,
  redis: Redis,
  tenantId: string,
  onPage?: () => void,
): Promise<ReconciledStock> {
  const findings: Finding[] = [];
  let levels = 0;
  let after: LevelRef | null = null;
  do {
    const from: LevelRef | null = after;
    const page: DisagreeingPage = await db.withTenant(tenantId, (tx) => findDisagreeing(tx, from, pageSize));
    if (page.levels.length > 0) {
      findings.push(...(await db.withTenant(tenantId, (tx) => repairLevels(tx, page.levels))));
    }
    levels += page.seen;
    after = page.next;
    onPage?.();
  } while (after !== null);
  const reconciled = { at: new Date().toISOString(), levels, findings: findings.length };
  const cache = await renewCache(db, redis, tenantId, reconciled);
  return { levels, findings, cache };
}

/** What Redis keeps of the stock follows the database again. */
async function renewCache(
  db: Database,
  redis: Redis,
  tenantId: string,
  reconciled: Reconciled,
): Promise<ReconciledStock['cache']> {
  try {
    await forgetKept(redis, tenantId);
  } catch {
    return 'unreachable';
  }
  await noteReconciled(redis, tenantId, reconciled);
  await db.withTenant(tenantId, (tx) => warmAdmission(redis, tx));
  return 'renewed';
}
