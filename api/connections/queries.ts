import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { goesElsewhere, readConnection } from '../../store/connections';
import { openSecret } from '../../store/secrets';
import { readConnectionRecords, type ConnectionRecord } from '../../store/status';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import type { ConnectionTrial, ConnectionView, TrialResult } from './schemas';

/**
 * The address fits the kind of system.
 * @throws NervioError malformed
 */
export function requireScheme(kind: string, url: string): void {
  const fits = kind === 'mail' ? /^smtps?:/i : /^https?:/i;
  if (!fits.test(url))
    throw new NervioError('malformed', {}, { detail: `Not an address of a connection of kind ${kind}` });
}

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
 * @throws NervioError not_found, secret_needed
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
  const settings = { ...stored.settings, ...input.settings };
  requireScheme(stored.kind, settings.url);
  // The stored key is written, never read: it does not go to an address that somebody names.
  if (input.secret === undefined && goesElsewhere(stored.settings, settings)) throw new NervioError('secret_needed');
  try {
    const owner = { tenantId: actor.tenantId, connectionId: id };
    const code = stored.kind === 'mail' ? 'mail_credentials' : 'odoo_credentials';
    const secret = input.secret ?? openSecret(deps.secrets, stored.secret, owner, code);
    const found = await deps.probe({ kind: stored.kind, ...settings, secret }, AbortSignal.timeout(trialMs));
    return { ok: true, code: null, detail: null, ...found };
  } catch (error) {
    if (!(error instanceof NervioError)) throw error;
    return { ok: false, code: error.code, detail: error.message, serverVersion: null, latencyMs: null };
  }
}
