import type { OperationKind } from '../domain/operation';
import type { Tx } from './db';
import { addStart } from './outbox';

/**
 * Lanes keep what touches the same thing outside in the order of acceptance. Lane rows are locked first of all and in
 * sorted order, here and nowhere else, so that two transactions never wait for each other in a circle.
 */

/** Takes a number at the end of each lane. Returns in how many of them someone stands ahead. */
export async function joinLanes(tx: Tx, operationId: string, keys: string[]): Promise<number> {
  // Two statements: what stands ahead is only seen by a snapshot taken after the lanes are ours.
  const taken = await tx.query<{ key: string; ticket: bigint }>(
    `INSERT INTO lane (tenant_id, key, next_ticket)
     SELECT $1::uuid, k, 2 FROM unnest($2::text[]) AS wanted (k) ORDER BY k COLLATE "C"
     ON CONFLICT (tenant_id, key) DO UPDATE SET next_ticket = lane.next_ticket + 1
     RETURNING key, next_ticket - 1 AS ticket`,
    [tx.tenantId, [...new Set(keys)]],
  );
  const [row] = await tx.query<{ ahead: bigint }>(
    `WITH wanted AS (SELECT * FROM unnest($3::text[], $4::bigint[]) AS w (key, ticket)),
     placed AS (
       INSERT INTO operation_lane (tenant_id, key, ticket, operation_id)
       SELECT $1::uuid, key, ticket, $2::uuid FROM wanted
     )
     SELECT count(*) AS ahead FROM wanted WHERE EXISTS (
       SELECT FROM operation_lane other WHERE other.tenant_id = $1::uuid AND other.key = wanted.key AND other.ticket < wanted.ticket)`,
    [tx.tenantId, operationId, taken.map((lane) => lane.key), taken.map((lane) => String(lane.ticket))],
  );
  return Number(row?.ahead ?? 0);
}

/** Locks the lanes of an operation, before anything else of it is touched. Returns whether it stands in any. */
export async function lockLanes(tx: Tx, operationId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT l.key FROM lane l WHERE l.tenant_id = $1::uuid AND l.key IN (
       SELECT m.key FROM operation_lane m WHERE m.tenant_id = $1::uuid AND m.operation_id = $2::uuid)
     ORDER BY l.key COLLATE "C" FOR UPDATE`,
    [tx.tenantId, operationId],
  );
  return rows.length > 0;
}

/** Leaves all lanes (locked before by `lockLanes`); whoever is first in all of its lanes now is handed over. */
export async function leaveLanes(tx: Tx, operationId: string): Promise<void> {
  const next = await tx.query<{
    id: string;
    kind: OperationKind;
    attempt: number;
    connection_id: string | null;
    state: string;
    lanes_ahead: number;
  }>(
    `WITH mine AS (
       DELETE FROM operation_lane WHERE tenant_id = $1::uuid AND operation_id = $2::uuid RETURNING key, ticket
     ), successor AS (
       SELECT DISTINCT ON (m.key) m.key, o.operation_id
       FROM mine m JOIN operation_lane o ON o.tenant_id = $1::uuid AND o.key = m.key AND o.ticket > m.ticket
       WHERE NOT EXISTS (SELECT FROM operation_lane b WHERE b.tenant_id = $1::uuid AND b.key = m.key AND b.ticket < m.ticket)
       ORDER BY m.key, o.ticket
     ), freed AS (SELECT operation_id, count(*)::int AS lanes FROM successor GROUP BY operation_id)
     UPDATE operation p SET lanes_ahead = p.lanes_ahead - freed.lanes, updated_at = clock_timestamp()
     FROM freed WHERE p.tenant_id = $1::uuid AND p.id = freed.operation_id
     RETURNING p.id, p.kind, p.attempt, p.connection_id, p.state, p.lanes_ahead`,
    [tx.tenantId, operationId],
  );
  for (const row of next) {
    if (row.lanes_ahead === 0 && row.state === 'pending') {
      await addStart(tx, { id: row.id, kind: row.kind, attempt: row.attempt, connectionId: row.connection_id });
    }
  }
}
