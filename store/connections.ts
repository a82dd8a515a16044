import { NervioError } from '../domain/errors';
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
  /** How many of our calls it takes at once. */
  maxConcurrency: number;
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
  max_concurrency: number;
}

const columns = 'id, kind, name, settings, secret, state, state_since, version, catalogue_synced_at, max_concurrency';

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
  maxConcurrency: raw.max_concurrency,
});

export async function readConnection(tx: Tx, id: string): Promise<ConnectionRow | null> {
  const [raw] = await tx.query<Raw>(`SELECT ${columns} FROM connection WHERE tenant_id = $1::uuid AND id = $2::uuid`, [
    tx.tenantId,
    id,
  ]);
  return raw ? fromRaw(raw) : null;
}

/** The tenant's Odoo; a tenant has one today, the oldest wins. */
export async function findOdooConnection(tx: Tx, how: 'read' | 'hold' = 'read'): Promise<ConnectionRow | null> {
  const [raw] = await tx.query<Raw>(
    `SELECT ${columns} FROM connection WHERE tenant_id = $1::uuid AND kind = 'odoo' ORDER BY created_at, id LIMIT 1
     ${how === 'hold' ? 'FOR KEY SHARE' : ''}`,
    [tx.tenantId],
  );
  return raw ? fromRaw(raw) : null;
}

/** The tenant's mail server; the oldest wins. `settings.database` is the sender's address. */
export async function findMailConnection(tx: Pick<Tx, 'tenantId' | 'query'>): Promise<ConnectionRow | null> {
  const [raw] = await tx.query<Raw>(
    `SELECT ${columns} FROM connection WHERE tenant_id = $1::uuid AND kind = 'mail' ORDER BY created_at, id LIMIT 1`,
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
    /** Of the row that was tried: what was seen of a system says nothing of the one that replaced it. */
    version?: number;
  },
): Promise<boolean> {
  const [row] = await tx.query<{ changed: boolean }>(
    `WITH before AS (SELECT state AS was FROM connection
       WHERE tenant_id = $1::uuid AND id = $2::uuid AND version = coalesce($8::int, version) FOR NO KEY UPDATE)
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
      seen.version ?? null,
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
       WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND state IN ('waiting', 'compensating') AND slot_at IS NULL) SELECT 1`,
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

/** It goes to another system, as far as an address can tell. */
export function goesElsewhere(before: ConnectionRow['settings'], after: ConnectionRow['settings']): boolean {
  return before.url !== after.url || before.database !== after.database;
}

/**
 * Replaces where a connection goes and, when given, its sealed secret. Until the watcher has tried it, its state is
 * unknown: what waits may go on. At another address is another Odoo, unless `sameSystem` says otherwise: what we know of
 * the old one's places and pallets must not be used there, so it is retired, and nothing may still be under way.
 * @throws NervioError connection_in_use
 */
export async function updateConnectionSettings(
  tx: Tx,
  id: string,
  change: { settings: ConnectionRow['settings']; secret: Uint8Array | null; sameSystem: boolean },
): Promise<void> {
  const [before] = await tx.query<{ settings: ConnectionRow['settings'] }>(
    `SELECT settings FROM connection WHERE tenant_id = $1::uuid AND id = $2::uuid FOR UPDATE`,
    [tx.tenantId, id],
  );
  if (!before) throw new NervioError('not_found');
  const elsewhere = !change.sameSystem && goesElsewhere(before.settings, change.settings);
  if (elsewhere) await retireCatalogue(tx, id);
  await tx.query(
    `WITH written AS (UPDATE connection SET settings = $3::jsonb, secret = coalesce($4::bytea, secret), version = version + 1,
       state = 'unknown', state_since = clock_timestamp(), last_error = NULL,
       catalogue_synced_at = CASE WHEN $5::boolean THEN NULL ELSE catalogue_synced_at END
     WHERE tenant_id = $1::uuid AND id = $2::uuid) SELECT 1`,
    [tx.tenantId, id, JSON.stringify(change.settings), change.secret, elsewhere],
  );
  tx.hint('outbox');
}

/**
 * Holds the connection as it was read, until the transaction ends. What was asked of a system before it was replaced by
 * another must not be written down after. First in its transaction: the connection is locked before what belongs to it.
 * @throws NervioError version_conflict
 */
export async function holdConnection(tx: Tx, connection: Pick<ConnectionRow, 'id' | 'version'>): Promise<void> {
  if (!(await holdsStill(tx, connection))) throw new NervioError('version_conflict');
}

/** The same as an answer. */
export async function holdsStill(tx: Tx, connection: Pick<ConnectionRow, 'id' | 'version'>): Promise<boolean> {
  const [row] = await tx.query<{ version: number }>(
    `SELECT version FROM connection WHERE tenant_id = $1::uuid AND id = $2::uuid FOR KEY SHARE`,
    [tx.tenantId, connection.id],
  );
  return row?.version === connection.version;
}

/**
 * Its places stay for what tells of the past, under numbers that no system gives, so that no place of another Odoo ever
 * takes over one of our ids: devices and queued moves still name them.
 */
async function retireCatalogue(tx: Tx, connectionId: string): Promise<void> {
  const open = await tx.query(
    `SELECT 1 FROM operation WHERE tenant_id = $1::uuid AND connection_id = $2::uuid
       AND state IN ('pending', 'syncing', 'waiting', 'compensating', 'needs_attention') LIMIT 1`,
    [tx.tenantId, connectionId],
  );
  if (open.length > 0) throw new NervioError('connection_in_use');
  await tx.query(
    `WITH retired AS (UPDATE location SET active = false, external_id = -nextval('operation_number_seq')::int
       WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND external_id > 0) SELECT 1`,
    [tx.tenantId, connectionId],
  );
  await tx.query(`WITH gone AS (DELETE FROM pallet WHERE tenant_id = $1::uuid AND connection_id = $2::uuid) SELECT 1`, [
    tx.tenantId,
    connectionId,
  ]);
}
