import { Context } from '@temporalio/activity';
import { readConnection, setConnectionState, type ConnectionRow, type ConnectionState } from '../../store/connections';
import type { Database } from '../../store/db';
import { addCatalogueSync } from '../../store/outbox';
import type { NervioError } from '../../domain/errors';
import { toNervioError } from '../failures';
import { withHeartbeat } from '../heartbeat';
import type { MailClients } from '../mail-clients';
import type { OdooClients } from '../odoo-clients';

export interface ProbeInput {
  tenantId: string;
  connectionId: string;
  everyMs: number;
  forMs: number;
}

export interface WatchActivities {
  /** Probes every `everyMs` for `forMs`. `gone`: the connection does not exist any more. */
  probeConnection(input: ProbeInput): Promise<'gone' | 'watched'>;
}

/** What a failed probe says of the connection. A busy or throttling server is there. */
function stateAfter(error: NervioError): ConnectionState {
  switch (error.code) {
    case 'odoo_credentials':
    case 'mail_credentials':
      return 'credentials';
    case 'odoo_incompatible':
      return 'incompatible';
    case 'odoo_busy':
    case 'odoo_throttled':
    case 'odoo_forbidden':
    case 'odoo_refused':
    case 'mail_busy':
    case 'mail_refused':
      return 'up';
    default:
      return 'down';
  }
}

/** Clients of the outside systems, by their kind. */
export interface OutsideClients {
  odoo: OdooClients;
  mail: MailClients;
}

function probe(
  clients: OutsideClients,
  tenantId: string,
  connection: ConnectionRow,
  signal?: AbortSignal,
): Promise<{ serverVersion: string; latencyMs: number }> {
  if (connection.kind === 'mail') return clients.mail.for(tenantId, connection).probe(signal);
  return clients.odoo.for(tenantId, connection).probe(signal);
}

/** One probe, written down. Opens or closes the circuit, and wakes what waits when it closes. */
export async function probeOnce(
  db: Database,
  clients: OutsideClients,
  input: { tenantId: string; connectionId: string },
  signal?: AbortSignal,
): Promise<ConnectionState | 'gone'> {
  let seen: Parameters<typeof setConnectionState>[2];
  const connection = await db.withTenant(input.tenantId, (tx) => readConnection(tx, input.connectionId));
  if (!connection) return 'gone';
  const { version } = connection;
  try {
    const { latencyMs, serverVersion } = await probe(clients, input.tenantId, connection, signal);
    seen = { state: 'up', latencyMs, serverVersion };
  } catch (error) {
    const known = toNervioError(error);
    // Our own trouble says nothing of theirs.
    if (known.code === 'internal') throw error;
    seen = { state: stateAfter(known), error: known.message };
  }
  await db.withTenant(input.tenantId, async (tx) => {
    await setConnectionState(tx, input.connectionId, {
      ...seen,
      probed: true,
      version,
    });
    // A new connection, or one that was down until now: its catalogue is read as soon as it answers.
    if (seen.state !== 'up' || connection.kind !== 'odoo') return;
    const now = await readConnection(tx, input.connectionId);
    if (now?.catalogueSyncedAt === null) await addCatalogueSync(tx, input.connectionId);
  });
  return seen.state;
}

export function createWatchActivities(deps: OutsideClients & { db: Database }): WatchActivities {
  return {
    probeConnection: (input) =>
      withHeartbeat(async (signal) => {
        const until = Date.now() + input.forMs;
        while (Date.now() < until) {
          if ((await probeOnce(deps.db, deps, input, signal)) === 'gone') return 'gone';
          await Context.current().sleep(input.everyMs);
        }
        return 'watched';
      }),
  };
}
