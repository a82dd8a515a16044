import { type Actor, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import type { Tx } from '../../store/db';
import {
  type Colour,
  countRegisters,
  findSite,
  listColours as readColours,
  listSiteLocations as readLocations,
  listSizes as readSizes,
  type Size,
  type SiteLocation,
  type SiteRecord,
} from '../../store/sites';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import type { SiteSetup } from './schemas';

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

/** Where a business without sites begins. */
export const firstTimeZone = 'America/Santiago';

/** Whose days and hours the actor's screens show: the time zone of most of the sites that they see. IANA name. */
export async function timeZoneOf(deps: ApiDeps, actor: Actor): Promise<string> {
  const [row] = await deps.db.withTenant(actor.tenantId, (tx) =>
    tx.query<{ time_zone: string }>(
      `SELECT time_zone FROM site WHERE tenant_id = $1::uuid AND ($2::uuid[] IS NULL OR id = ANY($2::uuid[]))
       GROUP BY time_zone ORDER BY count(*) DESC, time_zone LIMIT 1`,
      [tx.tenantId, actor.siteIds],
    ),
  );
  return row?.time_zone ?? firstTimeZone;
}

export async function setupOf(tx: Tx, site: SiteRecord): Promise<SiteSetup> {
  return {
    ...site,
    locations: await readLocations(tx, site.id),
    sizes: await readSizes(tx, site.id),
    colours: await readColours(tx, site.id),
    registers: await countRegisters(tx, site.id),
  };
}

/** @throws NervioError not_found, also for a site that the actor may not see */
export async function getSite(deps: ApiDeps, actor: Actor, id: string): Promise<SiteSetup> {
  requirePermission(actor, 'sites.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => setupOf(tx, await visibleSite(tx, actor, id)));
}

interface WholeList<T> {
  items: T[];
  nextCursor: null;
}

/** @throws NervioError not_found */
export async function listSiteLocations(deps: ApiDeps, actor: Actor, id: string): Promise<WholeList<SiteLocation>> {
  requirePermission(actor, 'sites.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    await visibleSite(tx, actor, id);
    return { items: await readLocations(tx, id), nextCursor: null };
  });
}

/** TEN-03: of a site, or of the business. @throws NervioError not_found */
export async function listSizes(deps: ApiDeps, actor: Actor, query: { siteId?: string }): Promise<WholeList<Size>> {
  requirePermission(actor, 'sites.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    if (query.siteId !== undefined) await visibleSite(tx, actor, query.siteId);
    return { items: await readSizes(tx, query.siteId ?? null), nextCursor: null };
  });
}

/** TEN-03. @throws NervioError not_found */
export async function listColours(deps: ApiDeps, actor: Actor, query: { siteId?: string }): Promise<WholeList<Colour>> {
  requirePermission(actor, 'sites.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    if (query.siteId !== undefined) await visibleSite(tx, actor, query.siteId);
    return { items: await readColours(tx, query.siteId ?? null), nextCursor: null };
  });
}

/** @throws NervioError not_found, also for a site that the actor may not see */
export async function visibleSite(tx: Tx, actor: Actor, id: string): Promise<SiteRecord> {
  const site = seesSite(actor, id) ? await findSite(tx, id) : null;
  if (site === null) throw new NervioError('not_found');
  return site;
}
