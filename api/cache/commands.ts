import type { Actor } from '../../domain/access';
import { audit } from '../../store/audit';
import { warmAdmission } from '../../store/admission';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import type { WarmedUp } from './schemas';

/**
 * Tells Redis of all levels of the business, as the upkeep does every half hour: after somebody emptied it, or before a rush.
 * @throws NervioError forbidden, unavailable when Redis does not answer
 */
export async function warmUpCache(deps: ApiDeps, actor: Actor, key: string): Promise<CommandResult<WarmedUp>> {
  const path = '/api/v1/cache/warmup';
  const command = { actor, permission: 'cache.manage', key, method: 'POST', path, body: null } as const;
  return runCommand(deps, command, async (tx) => {
    const began = performance.now();
    const variants = await warmAdmission(deps.redis, tx);
    await audit(tx, actor, {
      action: 'cache.warmup',
      entityType: 'cache',
      entityId: actor.tenantId,
      after: { variants },
    });
    return { status: 200, body: { variants, ms: Math.round(performance.now() - began) } };
  });
}
