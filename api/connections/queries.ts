import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { readConnection } from '../../store/connections';
import { readConnectionRecords, type ConnectionRecord } from '../../store/status';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import type { ConnectionTrial, ConnectionView, TrialResult } from './schemas';

/** Longer than the probe's own time-out: what ends first says more. */
const trialMs = 10_000;

export function viewOf({ since, probedAt, catalogueSyncedAt, ...record }: ConnectionRecord): ConnectionView {
  return {
    ...record,
    since: since.toISOString(),
    probedAt: probedAt?.toISOString() ?? null,
    catalogueSyncedAt: catalogueSyncedAt?.toISOString() ?? null,
  };
}

/** The outside systems of the actor's tenant; their secrets are written, never read. */
export async function listConnections(
  deps: ApiDeps,
  actor: Actor,
): Promise<{ items: ConnectionView[]; nextCursor: null }> {
  requirePermission(actor, 'connections.read');
  const records = await deps.db.withTenant(actor.tenantId, (tx) => readConnectionRecords(tx));
  return { items: records.map(viewOf), nextCursor: null };
}

/**
 * Looks whether the connection works, with what is given in place of what is stored. Changes nothing, neither here nor
 * there.
 * @throws NervioError not_found
 */
export async function testConnection(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: ConnectionTrial,
): Promise<TrialResult> {
  requirePermission(actor, 'connections.write');
  const stored = await deps.db.withTenant(actor.tenantId, (tx) => readConnection(tx, id));
  if (!stored) throw new NervioError('not_found');
  const secret = input.secret ?? deps.secrets.unseal(stored.secret, { tenantId: actor.tenantId, connectionId: id });
  try {
    const found = await deps.odooProbe({ ...stored.settings, ...input.settings, secret }, AbortSignal.timeout(trialMs));
    return { ok: true, code: null, detail: null, ...found };
  } catch (error) {
    if (!(error instanceof NervioError)) throw error;
    return { ok: false, code: error.code, detail: error.message, serverVersion: null, latencyMs: null };
  }
}
