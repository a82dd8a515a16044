import { warmAdmission } from '../../store/admission';
import type { ApiDeps } from '../deps';
import type { WarmedUp } from './schemas';

/** @throws what Redis or PostgreSQL refuses with */
export async function warmUp(deps: Pick<ApiDeps, 'db' | 'redis'>, tenantId: string): Promise<WarmedUp> {
  const began = performance.now();
  const variants = await deps.db.withTenant(tenantId, (tx) => warmAdmission(deps.redis, tx));
  return { variants, ms: Math.round(performance.now() - began) };
}

/** At the start of a process, business by business. What cannot be warmed stays unknown, which costs a question each time. */
export async function warmUpAll(deps: Pick<ApiDeps, 'db' | 'redis' | 'log'>): Promise<void> {
  try {
    for (const tenantId of await deps.db.definer.listTenants()) {
      const warmed = await warmUp(deps, tenantId);
      deps.log.info({ tenantId, ...warmed }, 'Redis knows the levels');
    }
  } catch (err) {
    deps.log.warn({ err }, 'Redis was not told of the levels');
  }
}
