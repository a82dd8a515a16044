import type { OperationChange, OperationKind, OperationState } from '../domain/operation';
import type { Sql, Tx } from './db';

/**
 * The live feed. It reads only below the oldest transaction that is still open, in order of (transaction, id): a row that
 * commits late is never behind a position that was already given out.
 */
export interface FeedPosition {
  xid: string;
  id: string;
}

export interface FeedRead {
  changes: (OperationChange & { position: FeedPosition })[];
  /** There are rows above the horizon: someone is committing; look again at once. */
  more: boolean;
}

const pageSize = 500;

/** Where the feed stands now: everything below was there before. */
export async function feedHead(tx: Tx): Promise<FeedPosition> {
  const [row] = await tx.query<{ xid: string }>(`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid`);
  return { xid: row!.xid, id: '0' };
}

export async function readFeed(tx: Tx, after: FeedPosition): Promise<FeedRead> {
  const rows = await tx.query<{
    xid: string;
    id: bigint;
    operation_id: string;
    number: bigint;
    kind: OperationKind;
    state: OperationState;
    step: string;
    attempt: number;
    version: number;
    site_id: string | null;
    at: Date;
    code: string;
    visible: boolean;
  }>(
    `SELECT e.xid::text AS xid, e.id, e.operation_id, o.number, o.kind, e.state, e.step, e.attempt, e.version, e.site_id, e.at, e.code,
       e.xid < pg_snapshot_xmin(pg_current_snapshot()) AS visible
     FROM operation_event e JOIN operation o ON o.tenant_id = e.tenant_id AND o.id = e.operation_id
     WHERE e.tenant_id = $1::uuid AND (e.xid, e.id) > ($2::text::xid8, $3::bigint)
     ORDER BY e.xid, e.id LIMIT $4::int`,
    [tx.tenantId, after.xid, after.id, pageSize],
  );
  const visible = rows.filter((row) => row.visible);
  return {
    more: visible.length < rows.length || rows.length === pageSize,
    changes: visible.map((row) => ({
      operationId: row.operation_id,
      number: Number(row.number),
      kind: row.kind,
      state: row.state,
      step: row.step,
      attempt: row.attempt,
      version: row.version,
      siteId: row.site_id,
      at: row.at.toISOString(),
      code: row.code,
      position: { xid: row.xid, id: String(row.id) },
    })),
  };
}

/** Changes when the database was restored or replaced: transaction ids of another life mean nothing. */
export async function feedEpoch(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ epoch: string }>(
    `SELECT md5(s.system_identifier::text || ':' || c.timeline_id::text || ':' || d.oid::text) AS epoch
     FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()`,
  );
  return row!.epoch.slice(0, 12);
}
