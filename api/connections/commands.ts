import { createHmac } from 'node:crypto';
import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { audit } from '../../store/audit';
import { goesElsewhere, readConnection, updateConnectionSettings } from '../../store/connections';
import { readConnectionRecords } from '../../store/status';
import { runCommand, type CommandResult } from '../command';
import type { ApiDeps } from '../deps';
import { requireScheme, viewOf } from './queries';
import type { ConnectionChange, ConnectionView } from './schemas';

/**
 * Changes where a connection goes, as whom, or its key. The watcher tries it within seconds, and what waits goes on.
 * @throws NervioError not_found, version_conflict, secret_needed, connection_in_use
 */
export async function updateConnection(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: ConnectionChange,
  key: string,
): Promise<CommandResult<ConnectionView>> {
  const { secret } = input;
  const command = {
    actor,
    permission: 'connections.write',
    key,
    method: 'PATCH',
    path: `/api/v1/connections/${id}`,
    // The fingerprint of a command is kept; a guess at the secret must not be checked against it.
    body: {
      ...input,
      ...(secret !== undefined && { secret: createHmac('sha256', deps.accessKey).update(secret).digest('hex') }),
    },
  } as const;
  return runCommand(deps, command, async (tx) => {
    await tx.query('SELECT 1 FROM connection WHERE tenant_id = $1::uuid AND id = $2::uuid FOR UPDATE', [
      tx.tenantId,
      id,
    ]);
    const before = await readConnection(tx, id);
    if (!before) throw new NervioError('not_found');
    if (input.version !== undefined && input.version !== before.version) {
      throw new NervioError('version_conflict', { version: before.version });
    }
    const settings = { ...before.settings, ...input.settings };
    requireScheme(before.kind, settings.url);
    // The stored key is written, never read: it does not go to an address that somebody names.
    if (secret === undefined && goesElsewhere(before.settings, settings)) throw new NervioError('secret_needed');
    await updateConnectionSettings(tx, id, {
      settings,
      // A mail server has no catalogue that another one could be mistaken for.
      sameSystem: input.sameSystem ?? before.kind === 'mail',
      secret: secret === undefined ? null : deps.secrets.seal(secret, { tenantId: actor.tenantId, connectionId: id }),
    });
    await audit(tx, actor, {
      action: 'connection.changed',
      entityType: 'connection',
      entityId: id,
      before: before.settings,
      after: { ...settings, ...(secret !== undefined && { secretChanged: true }) },
    });
    const [after] = await readConnectionRecords(tx, id);
    return { status: 200, body: viewOf(after!) };
  });
}
