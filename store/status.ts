import type { Tx } from './db';

/** BI-04 of one tenant over the last hour. */
export interface LastHour {
  palletsMoved: number;
  /** From acceptance to synced; null when nothing was synced. */
  meanSeconds: number | null;
  synced: number;
  failed: number;
  activeUsers: number;
}

export async function readLastHour(tx: Tx): Promise<LastHour> {
  const [row] = await tx.query<{
    pallets: number;
    mean: number | null;
    synced: number;
    failed: number;
    users: number;
  }>(
    `WITH since AS (SELECT clock_timestamp() - interval '1 hour' AS at),
     ended AS (SELECT p.id, extract(epoch FROM p.ended_at - p.created_at) AS seconds FROM operation p, since
               WHERE p.tenant_id = $1::uuid AND p.state = 'synced' AND p.ended_at >= since.at)
     SELECT
       (SELECT count(*) FROM ended e JOIN pallet_move_line l ON l.tenant_id = $1::uuid AND l.operation_id = e.id)::int AS pallets,
       (SELECT avg(seconds) FROM ended)::float8 AS mean,
       (SELECT count(*) FROM ended)::int AS synced,
       (SELECT count(*) FROM operation p, since WHERE p.tenant_id = $1::uuid AND p.state = 'needs_attention' AND p.updated_at >= since.at)::int AS failed,
       (SELECT count(DISTINCT s.user_id) FROM session s, since
        WHERE s.tenant_id = $1::uuid AND s.revoked_at IS NULL AND s.last_seen_at >= since.at)::int AS users`,
    [tx.tenantId],
  );
  return {
    palletsMoved: row?.pallets ?? 0,
    meanSeconds: row?.mean ?? null,
    synced: row?.synced ?? 0,
    failed: row?.failed ?? 0,
    activeUsers: row?.users ?? 0,
  };
}

/** Pallets whose move was synced, hour by hour up to now; hours without any are there with 0. */
export async function readMovedByHour(tx: Tx, hours: number): Promise<{ from: Date; pallets: number }[]> {
  return tx.query<{ from: Date; pallets: number }>(
    `WITH hours AS (
       SELECT generate_series(date_trunc('hour', clock_timestamp()) - make_interval(hours => $2::int - 1),
                              date_trunc('hour', clock_timestamp()), interval '1 hour') AS at
     ),
     moved AS (
       SELECT date_trunc('hour', p.ended_at) AS at, count(*) AS pallets
       FROM operation p JOIN pallet_move_line l ON l.tenant_id = p.tenant_id AND l.operation_id = p.id
       WHERE p.tenant_id = $1::uuid AND p.state = 'synced' AND p.ended_at >= (SELECT min(at) FROM hours)
       GROUP BY 1
     )
     SELECT hours.at AS from, coalesce(moved.pallets, 0)::int AS pallets
     FROM hours LEFT JOIN moved USING (at) ORDER BY hours.at`,
    [tx.tenantId, hours],
  );
}

/** A connection as everybody may know it: how it is, not where or as whom. */
export interface ConnectionHealth {
  id: string;
  kind: string;
  name: string;
  state: 'unknown' | 'up' | 'down' | 'credentials' | 'incompatible';
  since: Date;
  latencyMs: number | null;
  serverVersion: string | null;
  probedAt: Date | null;
  catalogueSyncedAt: Date | null;
  /** Operations that wait for it. */
  waiting: number;
}

/** The same with what only those may see who look after connections. */
export interface ConnectionRecord extends ConnectionHealth {
  settings: { url: string; database: string; login: string };
  lastError: string | null;
  version: number;
}

/** The tenant's connections; `id` picks one. */
export async function readConnectionRecords(tx: Tx, id: string | null = null): Promise<ConnectionRecord[]> {
  return tx.query<ConnectionRecord>(
    `SELECT c.id, c.kind, c.name, c.settings, c.state, c.state_since AS since, c.latency_ms AS "latencyMs",
            c.server_version AS "serverVersion", c.last_error AS "lastError", c.last_probe_at AS "probedAt",
            c.catalogue_synced_at AS "catalogueSyncedAt", c.version,
            (SELECT count(*) FROM operation p
             WHERE p.tenant_id = c.tenant_id AND p.connection_id = c.id AND p.state = 'waiting')::int AS waiting
     FROM connection c WHERE c.tenant_id = $1::uuid AND ($2::uuid IS NULL OR c.id = $2::uuid)
     ORDER BY c.kind, c.name, c.id`,
    [tx.tenantId, id],
  );
}

export async function readConnectionHealth(tx: Tx): Promise<ConnectionHealth[]> {
  const records = await readConnectionRecords(tx);
  return records.map(({ settings: _settings, lastError: _error, version: _version, ...health }) => health);
}
