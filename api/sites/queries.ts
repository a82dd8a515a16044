import { type Actor, seesSite } from '../../domain/access';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';

export interface SiteView {
  id: string;
  name: string;
  kind: 'store' | 'warehouse';
}

/** The sites that the actor may see, by name. A business has some hundred at most: one page. */
export async function listSites(deps: ApiDeps, actor: Actor): Promise<{ items: SiteView[]; nextCursor: null }> {
  requirePermission(actor, 'sites.read');
  const sites = await deps.db.withTenant(actor.tenantId, (tx) =>
    tx.query<SiteView>('SELECT id, name, kind FROM site WHERE tenant_id = $1::uuid ORDER BY name, id', [tx.tenantId]),
  );
  return { items: sites.filter((site) => seesSite(actor, site.id)), nextCursor: null };
}
