import type { Tx } from './db';

/** `credentials`, `incompatible`: up, but of no use until a person mends the connection. */
export type ConnectionState = 'unknown' | 'up' | 'down' | 'credentials' | 'incompatible';

export interface ConnectionRow {
  id: string;
  kind: string;
  name: string;
  settings: { url: string; database: string; login: string };
  /** Sealed; store/secrets.ts opens it. */
  secret: Uint8Array;
  state: ConnectionState;
  stateSince: Date;
  version: number;
  catalogueSyncedAt: Date | null;
}

interface Raw {
  id: string;
  kind: string;
  name: string;
  settings: ConnectionRow['settings'];
  secret: Uint8Array;
  state: ConnectionState;
  state_since: Date;
  version: number;
  catalogue_synced_at: Date | null;
}

const columns = 'id, kind, name, settings, secret, state, state_since, version, catalogue_synced_at';

const fromRaw = (raw: Raw): ConnectionRow => ({
  id: raw.id,
  kind: raw.kind,
  name: raw.name,
  settings: raw.settings,
  secret: raw.secret,
  state: raw.state,
  stateSince: raw.state_since,
  version: raw.version,
  catalogueSyncedAt: raw.catalogue_synced_at,
});

export async function readConnection(tx: Tx, id: string): Promise<ConnectionRow | null> {
  const [raw] = await tx.query<Raw>(`SELECT ${columns} FROM connection WHERE tenant_id = $1::uuid AND id = $2::uuid`, [
    tx.tenantId,
    id,
  ]);
  return raw ? fromRaw(raw) : null;
}

/** The tenant's Odoo; a tenant has one today, the oldest wins. */
export async function findOdooConnection(tx: Tx): Promise<ConnectionRow | null> {
  const [raw] = await tx.query<Raw>(
    `SELECT ${columns} FROM connection WHERE tenant_id = $1::uuid AND kind = 'odoo' ORDER BY created_at, id LIMIT 1`,
    [tx.tenantId],
  );
  return raw ? fromRaw(raw) : null;
}

/**
 * Opens or closes the circuit of a connection. When it closes, everything that waits may be looked at again at once.
 * Returns whether the state changed.
 */
export async function setConnectionState(
  tx: Tx,
  id: string,
  seen: {
    state: ConnectionState;
    latencyMs?: number | null;
    serverVersion?: string | null;
    error?: string | null;
    probed?: boolean;
  },
): Promise<boolean> {
  const [row] = await tx.query<{ changed: boolean }>(
    `WITH before AS (SELECT state AS was FROM connection WHERE tenant_id = $1::uuid AND id = $2::uuid FOR NO KEY UPDATE)
     UPDATE connection SET state = $3,
       state_since = CASE WHEN was = $3 THEN state_since ELSE clock_timestamp() END,
       latency_ms = $4::int, server_version = coalesce($5, server_version), last_error = $6,
       last_probe_at = CASE WHEN $7::boolean THEN clock_timestamp() ELSE last_probe_at END
     FROM before WHERE tenant_id = $1::uuid AND id = $2::uuid
     RETURNING was <> $3 AS changed`,
    [
      tx.tenantId,
      id,
      seen.state,
      seen.latencyMs ?? null,
      seen.serverVersion ?? null,
      seen.error?.slice(0, 500) ?? null,
      seen.probed ?? false,
    ],
  );
  if (!row?.changed) return false;
  if (seen.state === 'up') await wakeWaiting(tx, id);
  tx.hint('outbox');
  return true;
}

/** The dispatcher hands these their places again, oldest first, at most the connection's limit at once. */
async function wakeWaiting(tx: Tx, connectionId: string): Promise<void> {
  await tx.query(
    `WITH woken AS (UPDATE operation SET wake_after = clock_timestamp()
       WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND state = 'waiting' AND slot_at IS NULL) SELECT 1`,
    [tx.tenantId, connectionId],
  );
}

/** The catalogue of places (and, on the first time, the pallets) was read to its end. */
export async function stampCatalogue(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `WITH stamped AS (UPDATE connection SET catalogue_synced_at = clock_timestamp()
       WHERE tenant_id = $1::uuid AND id = $2::uuid) SELECT 1`,
    [tx.tenantId, id],
  );
}
