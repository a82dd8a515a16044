import { createOdooStock, type OdooStock } from '../connectors/odoo/stock';
import type { OdooOptions } from '../connectors/odoo/config';
import { NervioError } from '../domain/errors';
import { readConnection, type ConnectionRow } from '../store/connections';
import type { Database } from '../store/db';
import { openSecret, type SecretBox } from '../store/secrets';

/** Clients of the tenants' Odoos: one per connection and version of its row, so that mended credentials are used at once. */
export interface OdooClients {
  of(tenantId: string, connectionId: string): Promise<{ odoo: OdooStock; connection: ConnectionRow }>;
  /** The same for a row that was just read. */
  for(tenantId: string, connection: ConnectionRow): OdooStock;
  close(): void;
}

export function createOdooClients(deps: { db: Database; secrets: SecretBox; options?: OdooOptions }): OdooClients {
  const clients = new Map<string, { version: number; odoo: OdooStock }>();
  const clientOf = (tenantId: string, connection: ConnectionRow): OdooStock => {
    const connectionId = connection.id;
    const key = `${tenantId}/${connectionId}`;
    const known = clients.get(key);
    if (known?.version === connection.version) return known.odoo;
    known?.odoo.close();
    const secret = openSecret(deps.secrets, connection.secret, { tenantId, connectionId });
    const odoo = createOdooStock({ ...connection.settings, secret }, deps.options);
    clients.set(key, { version: connection.version, odoo });
    return odoo;
  };
  return {
    async of(tenantId, connectionId) {
      const connection = await deps.db.withTenant(tenantId, (tx) => readConnection(tx, connectionId));
      if (!connection) throw new NervioError('no_connection');
      return { odoo: clientOf(tenantId, connection), connection };
    },
    for: clientOf,
    close() {
      for (const client of clients.values()) client.odoo.close();
      clients.clear();
    },
  };
}
