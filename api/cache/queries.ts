import type { Actor } from '../../domain/access';
import { readUpkeep } from '../../store/admission';
import { allSiteIds } from '../../store/sites';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import type { CacheStats } from './schemas';

/** What Redis knows of the business's levels, and how often that helped. */
export async function readCacheStats(deps: ApiDeps, actor: Actor): Promise<CacheStats> {
  requirePermission(actor, 'cache.manage');
  const siteIds = await deps.db.withTenant(actor.tenantId, (tx) => allSiteIds(tx));
  const upkeep = await readUpkeep(deps.redis, actor.tenantId, siteIds);
  const { hits, misses } = deps.admission.hits(actor.tenantId);
  return {
    redis: upkeep ? 'up' : 'down',
    keys: upkeep?.keys ?? 0,
    hits,
    misses,
    hitRatio: hits + misses === 0 ? 0 : hits / (hits + misses),
    lastWarmupAt: upkeep?.warmedAt ?? null,
    lastReconciliation: upkeep?.reconciled ?? null,
  };
}
