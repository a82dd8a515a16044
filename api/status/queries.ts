import type { Actor } from '../../domain/access';
import { countByState } from '../../store/operation-views';
import { readConnectionHealth, readLastHour, readMovedByHour } from '../../store/status';
import type { ApiDeps } from '../deps';
import { healthView } from '../health/report';
import { requirePermission } from '../permission';
import type { SystemStatus } from './schemas';

const chartHours = 12;

/** BI-03: how the installation is, and how the business of the actor does on it. */
export async function systemStatus(deps: ApiDeps, actor: Actor): Promise<SystemStatus> {
  requirePermission(actor, 'status.read');
  const [report, own] = await Promise.all([
    deps.health.report(),
    deps.db.withTenant(actor.tenantId, async (tx) => ({
      connections: await readConnectionHealth(tx),
      operations: await countByState(tx, actor.siteIds),
      lastHour: await readLastHour(tx),
      movedByHour: await readMovedByHour(tx, chartHours),
    })),
  ]);
  const { status, at, parts, processes, queues, outbox } = healthView(report);
  const ownDown = own.connections.some(({ state }) => state !== 'up' && state !== 'unknown');
  return {
    // Another tenant's Odoo is not this one's trouble.
    status: status === 'down' ? 'down' : ownDown || parts.some(({ state }) => state !== 'up') ? 'degraded' : 'up',
    at,
    parts,
    processes,
    queues,
    outbox,
    ...own,
    connections: own.connections.map(({ since, probedAt, catalogueSyncedAt, ...connection }) => ({
      ...connection,
      since: since.toISOString(),
      probedAt: probedAt?.toISOString() ?? null,
      catalogueSyncedAt: catalogueSyncedAt?.toISOString() ?? null,
    })),
    movedByHour: own.movedByHour.map(({ from, pallets }) => ({ from: from.toISOString(), pallets })),
  };
}
