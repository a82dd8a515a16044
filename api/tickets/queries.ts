import type { Actor } from '../../domain/access';
import { listTickets as readTickets } from '../../store/tickets';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { visibleRegister } from '../registers/queries';
import { visibleSite } from '../sites/queries';
import type { TicketView } from './schemas';

/** Parked tickets of a register, a site, or all sites that the actor may see; oldest first. @throws NervioError not_found */
export async function listTickets(
  deps: ApiDeps,
  actor: Actor,
  query: { siteId?: string; registerId?: string },
): Promise<{ items: TicketView[]; nextCursor: null }> {
  requirePermission(actor, 'sales.make');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    if (query.siteId !== undefined) await visibleSite(tx, actor, query.siteId);
    if (query.registerId !== undefined) await visibleRegister(tx, actor, query.registerId);
    const tickets = await readTickets(tx, {
      siteIds: query.siteId === undefined ? actor.siteIds : [query.siteId],
      registerId: query.registerId ?? null,
    });
    const items = tickets.map((ticket) => ({
      id: ticket.id,
      name: ticket.name,
      siteId: ticket.siteId,
      registerId: ticket.registerId,
      state: ticket.state === 'resumed' ? ('resumed' as const) : ('parked' as const),
      lineCount: ticket.lines.length,
      createdBy: ticket.createdBy,
      createdAt: ticket.createdAt.toISOString(),
      expiresAt: ticket.expiresAt.toISOString(),
    }));
    return { items, nextCursor: null };
  });
}
