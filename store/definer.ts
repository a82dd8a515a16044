import { batchQueues } from '../domain/kinds';
import type { Sql } from './db';

/**
 * The SECURITY DEFINER functions of migration 0001, schema `definer`: the one door through which code looks across
 * tenants. Each returns ids and tenant ids only (or sums over all); the rows are then read under the tenant.
 */
export interface Definer {
  findUserByEmail(email: string): Promise<{ tenantId: string; userId: string } | null>;
  findRefreshToken(hash: Buffer): Promise<{ tenantId: string; tokenId: string; sessionId: string } | null>;
  listTenants(): Promise<string[]>;
  listConnections(): Promise<{ tenantId: string; connectionId: string }[]>;
  /** Connections without a probe for `quietMs`. */
  findUnwatched(quietMs: number): Promise<{ tenantId: string; connectionId: string }[]>;
  /**
   * Leases rows of the outbox; takes places of connections; wakes waiting operations. `limit` rows of each tenant and queue,
   * `batchLimit` where work comes in batches (0: none of it now).
   */
  claimOutbox(
    batchId: string,
    limits: { limit: number; leaseMs: number; batchLimit: number },
  ): Promise<{ tenantId: string; outboxId: string }[]>;
  findParkable(limit: number): Promise<{ tenantId: string; operationId: string }[]>;
  findQuiet(quietMs: number, limit: number): Promise<{ tenantId: string; operationId: string }[]>;
  outboxStats(): Promise<{ rows: number; oldestSeconds: number }>;
  openOperationStats(): Promise<{ kind: string; state: string; rows: number }[]>;
  /** Operations that are not final, `needs_attention` included. */
  operationStats(): Promise<{ kind: string; state: string; rows: number }[]>;
  /** BI-04 over the last `seconds`. */
  businessStats(seconds: number): Promise<BusinessStats>;
  connectionStats(): Promise<ConnectionStats[]>;
}

export interface BusinessStats {
  palletsMoved: number;
  meanSeconds: number;
  synced: number;
  failed: number;
  activeUsers: number;
}

/** Outside systems of one kind, over all tenants. */
export interface ConnectionStats {
  kind: string;
  total: number;
  up: number;
  down: number;
  /** Answers, but a person has to mend the connection. */
  toMend: number;
  /** Its catalogue has never been read. */
  unread: number;
  /** Of the slowest that answers. */
  latencyMs: number | null;
  /** When the last of them changed its state. */
  since: Date;
  /** Of the one that was asked longest ago. */
  probedAt: Date | null;
}

interface OperationRow {
  tenant_id: string;
  operation_id: string;
}

const operationIds = (rows: OperationRow[]) =>
  rows.map((row) => ({ tenantId: row.tenant_id, operationId: row.operation_id }));

export function createDefiner(sql: Sql): Definer {
  return {
    async findUserByEmail(email) {
      const [row] = await sql.query<{ tenant_id: string; user_id: string }>(
        'SELECT tenant_id, user_id FROM definer.find_user_by_email($1)',
        [email],
      );
      return row ? { tenantId: row.tenant_id, userId: row.user_id } : null;
    },
    async findRefreshToken(hash) {
      const [row] = await sql.query<{ tenant_id: string; token_id: string; session_id: string }>(
        'SELECT tenant_id, token_id, session_id FROM definer.find_refresh_token($1)',
        [hash],
      );
      return row ? { tenantId: row.tenant_id, tokenId: row.token_id, sessionId: row.session_id } : null;
    },
    async listTenants() {
      const rows = await sql.query<{ tenant_id: string }>('SELECT tenant_id FROM definer.list_tenants()');
      return rows.map((row) => row.tenant_id);
    },
    async listConnections() {
      const rows = await sql.query<{ tenant_id: string; connection_id: string }>(
        'SELECT tenant_id, connection_id FROM definer.list_connections()',
      );
      return rows.map((row) => ({ tenantId: row.tenant_id, connectionId: row.connection_id }));
    },
    async findUnwatched(quietMs) {
      const rows = await sql.query<{ tenant_id: string; connection_id: string }>(
        'SELECT tenant_id, connection_id FROM definer.find_unwatched($1::int)',
        [quietMs],
      );
      return rows.map((row) => ({ tenantId: row.tenant_id, connectionId: row.connection_id }));
    },
    async claimOutbox(batchId, { limit, leaseMs, batchLimit }) {
      const rows = await sql.query<{ tenant_id: string; outbox_id: string }>(
        'SELECT tenant_id, outbox_id FROM definer.claim_outbox($1::uuid, $2::int, $3::int, $4::int, $5::text[])',
        [batchId, limit, leaseMs, batchLimit, batchQueues],
      );
      return rows.map((row) => ({ tenantId: row.tenant_id, outboxId: row.outbox_id }));
    },
    async findParkable(limit) {
      return operationIds(
        await sql.query<OperationRow>('SELECT tenant_id, operation_id FROM definer.find_parkable($1::int)', [limit]),
      );
    },
    async findQuiet(quietMs, limit) {
      return operationIds(
        await sql.query<OperationRow>('SELECT tenant_id, operation_id FROM definer.find_quiet($1::int, $2::int)', [
          quietMs,
          limit,
        ]),
      );
    },
    async outboxStats() {
      const [row] = await sql.query<{ row_count: bigint; oldest_seconds: number }>(
        'SELECT row_count, oldest_seconds FROM definer.outbox_stats()',
      );
      return { rows: Number(row?.row_count ?? 0), oldestSeconds: row?.oldest_seconds ?? 0 };
    },
    async openOperationStats() {
      const rows = await sql.query<{ kind: string; state: string; row_count: bigint }>(
        'SELECT kind, state, row_count FROM definer.open_operation_stats()',
      );
      return rows.map((row) => ({ kind: row.kind, state: row.state, rows: Number(row.row_count) }));
    },
    async operationStats() {
      const rows = await sql.query<{ kind: string; state: string; row_count: bigint }>(
        'SELECT kind, state, row_count FROM definer.operation_stats()',
      );
      return rows.map((row) => ({ kind: row.kind, state: row.state, rows: Number(row.row_count) }));
    },
    async businessStats(seconds) {
      const [row] = await sql.query<{
        pallets_moved: bigint;
        mean_seconds: number;
        synced: bigint;
        failed: bigint;
        active_users: bigint;
      }>('SELECT pallets_moved, mean_seconds, synced, failed, active_users FROM definer.business_stats($1::int)', [
        seconds,
      ]);
      return {
        palletsMoved: Number(row?.pallets_moved ?? 0),
        meanSeconds: row?.mean_seconds ?? 0,
        synced: Number(row?.synced ?? 0),
        failed: Number(row?.failed ?? 0),
        activeUsers: Number(row?.active_users ?? 0),
      };
    },
    async connectionStats() {
      const rows = await sql.query<{
        kind: string;
        total: bigint;
        up: bigint;
        down: bigint;
        to_mend: bigint;
        unread: bigint;
        latency_ms: number | null;
        since: Date;
        probed_at: Date | null;
      }>('SELECT kind, total, up, down, to_mend, unread, latency_ms, since, probed_at FROM definer.connection_stats()');
      return rows.map((row) => ({
        kind: row.kind,
        total: Number(row.total),
        up: Number(row.up),
        down: Number(row.down),
        toMend: Number(row.to_mend),
        unread: Number(row.unread),
        latencyMs: row.latency_ms,
        since: row.since,
        probedAt: row.probed_at,
      }));
    },
  };
}
