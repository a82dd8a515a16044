import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { audit } from '../../store/audit';
import { findOdooConnection } from '../../store/connections';
import { listDestinations } from '../../store/locations';
import { addCatalogueSync } from '../../store/outbox';
import { runCommand, type CommandResult } from '../command';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';

export interface LocationView {
  id: string;
  /** As a person says it, e.g. «Cámara 1». */
  name: string;
  /** With its parents, as in Odoo. */
  fullName: string;
  barcode: string;
}

export interface LocationPage {
  items: LocationView[];
  nextCursor: string | null;
  /** When the catalogue was last read from Odoo; null = never. */
  asOf: string | null;
  /** Older than an hour: Odoo did not answer since. */
  stale: boolean;
}

/** PICK-09. */
const freshMs = 60 * 60_000;
const id = /^[0-9a-f-]{36}$/;

/** Legal destinations only; answered from the catalogue, so also while Odoo is down. */
export async function listLocations(
  deps: ApiDeps,
  actor: Actor,
  query: { q?: string; barcode?: string; cursor?: string; limit?: number },
): Promise<LocationPage> {
  requirePermission(actor, 'locations.read');
  const limit = query.limit ?? 50;
  const [shortName, lastId] = query.cursor === undefined ? [] : readCursor(query.cursor, [/^[^]*$/, id]);
  const { rows, syncedAt } = await deps.db.withTenant(actor.tenantId, async (tx) => {
    const connection = await findOdooConnection(tx);
    if (!connection) return { rows: [], syncedAt: null };
    const found = await listDestinations(tx, connection.id, {
      ...(query.q !== undefined && { q: query.q }),
      ...(query.barcode !== undefined && { barcode: query.barcode }),
      ...(shortName !== undefined && lastId !== undefined && { after: { shortName, id: lastId } }),
      limit: limit + 1,
    });
    return { rows: found, syncedAt: connection.catalogueSyncedAt };
  });
  const page = pageOf(rows, limit, (last) => writeCursor(last.shortName, last.id));
  return {
    items: page.items.map((row) => ({
      id: row.id,
      name: row.shortName,
      fullName: row.name,
      barcode: row.barcode ?? '',
    })),
    nextCursor: page.nextCursor,
    asOf: syncedAt?.toISOString() ?? null,
    stale: syncedAt === null || Date.now() - syncedAt.getTime() > freshMs,
  };
}

/** The catalogue on demand: a workflow reads it. Asked for twice at once, it is read once. */
export async function syncLocations(
  deps: ApiDeps,
  actor: Actor,
  key: string,
): Promise<CommandResult<{ state: string }>> {
  const command = {
    actor,
    permission: 'locations.sync',
    key,
    method: 'POST',
    path: '/api/v1/locations/sync',
    body: null,
  } as const;
  return runCommand(deps, command, async (tx) => {
    const connection = await findOdooConnection(tx);
    if (!connection) throw new NervioError('no_connection');
    await addCatalogueSync(tx, connection.id);
    await audit(tx, actor, {
      action: 'connection.catalogue_asked',
      entityType: 'connection',
      entityId: connection.id,
    });
    return { status: 202, body: { state: 'pending' } };
  });
}
