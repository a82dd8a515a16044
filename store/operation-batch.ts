import type { OperationBatch } from '../domain/kinds';
import type { OperationError, OperationKind } from '../domain/operation';
import type { Tx } from './db';

/**
 * The set-based twins of store/operations.ts, for the operations of one workflow: the same fences, a statement for all of
 * them. Only for kinds without lanes. Rows are locked in the order of their ids.
 */

/** Who moves them: the workflow and its first-execution run id. */
export interface BatchRun {
  workflowId: string;
  runId: string;
}

const idsOf = ({ members }: OperationBatch): string[] => members.map(([id]) => id);
const attemptsOf = ({ members }: OperationBatch): number[] => members.map(([, attempt]) => attempt);

/**
 * The operations of `ids` (SQL for rows with an `id`) as `o`, locked one after the other, each looked up by its id. A join would be
 * planned by what statistics say of open operations: none, when they were made at night, so that at noon all that wait would be
 * compared with all of the batch. `OFFSET 0` keeps conditions out of it, for which another index than that of ids would be taken.
 */
const eachOf = (ids: string): string => `(SELECT * FROM ${ids} ORDER BY id) m
       CROSS JOIN LATERAL (SELECT * FROM operation x WHERE x.tenant_id = $1::uuid AND x.id = m.id OFFSET 0 FOR UPDATE) o`;

/**
 * Takes the operations for a run by compare-and-set on (id, attempt, state); what this run took before counts as taken.
 * Returns the ids that are the run's: whoever is missing was cancelled, is at rest, or belongs to another attempt or run.
 */
export async function takeOperations(tx: Tx, batch: OperationBatch, run: BatchRun): Promise<string[]> {
  const rows = await tx.query<{ id: string; fresh: boolean }>(
    `WITH member AS (SELECT * FROM unnest($2::uuid[], $3::int[]) AS m (id, attempt)),
     found AS (
       SELECT o.id, o.run_id IS NULL AS fresh FROM ${eachOf('member')}
       WHERE o.attempt = m.attempt
         AND ((o.run_id IS NULL AND o.state IN ('pending', 'waiting') AND o.lanes_ahead = 0)
           OR (o.run_id = $5 AND o.state = 'syncing'))
     ),
     taken AS (
       UPDATE operation o SET state = 'syncing', step = 'taken', version = o.version + 1,
         slot_at = CASE WHEN o.connection_id IS NULL THEN NULL ELSE coalesce(o.slot_at, clock_timestamp()) END,
         wake_after = NULL, workflow_id = $4, run_id = $5, updated_at = clock_timestamp()
       FROM found f WHERE o.tenant_id = $1::uuid AND o.id = f.id AND f.fresh
       RETURNING o.id, o.attempt, o.version, o.site_id
     ),
     told AS (
       INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, site_id)
       SELECT $1::uuid, id, attempt, 'taken', 'syncing', version, 'taken', site_id FROM taken ORDER BY id
     ),
     gone AS (
       DELETE FROM outbox WHERE tenant_id = $1::uuid AND id IN (
         SELECT x.id FROM outbox x JOIN taken t ON t.id = x.operation_id
         WHERE x.tenant_id = $1::uuid AND x.action <> 'signal' FOR UPDATE OF x SKIP LOCKED)
     )
     SELECT id, fresh FROM found ORDER BY id`,
    [tx.tenantId, idsOf(batch), attemptsOf(batch), run.workflowId, run.runId],
  );
  if (rows.some((row) => row.fresh)) tx.hint('feed');
  return rows.map((row) => row.id);
}

interface Ended {
  kind: OperationKind;
  seconds: number;
}

/**
 * Says of those of a run that nothing is left to do. The last compare-and-set: it checks the run, the state, and that no
 * cancel was asked for. Returns how many it was true of; said before counts no more.
 */
export async function syncOperations(tx: Tx, ids: readonly string[], run: BatchRun): Promise<number> {
  const rows = await tx.query<Ended>(
    `WITH mine AS (
       SELECT o.id FROM ${eachOf('unnest($2::uuid[]) AS u (id)')}
       WHERE o.run_id = $3 AND o.state = 'syncing' AND NOT o.cancel_requested
     ),
     synced AS (
       UPDATE operation o SET state = 'synced', step = 'settled', version = o.version + 1, error = NULL, slot_at = NULL, wake_after = NULL,
         updated_at = clock_timestamp(), ended_at = clock_timestamp()
       FROM mine WHERE o.tenant_id = $1::uuid AND o.id = mine.id
       RETURNING o.id, o.attempt, o.version, o.site_id, o.kind, extract(epoch FROM clock_timestamp() - o.created_at)::float8 AS seconds
     ),
     told AS (
       INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, site_id)
       SELECT $1::uuid, id, attempt, 'settled', 'synced', version, 'synced', site_id FROM synced ORDER BY id
     )
     SELECT kind, seconds FROM synced`,
    [tx.tenantId, ids, run.runId],
  );
  if (rows.length === 0) return 0;
  for (const { kind, seconds } of rows) tx.ended({ kind, state: 'synced', seconds, errorCode: null });
  tx.hint('feed');
  // A place of a connection may have come free.
  tx.hint('outbox');
  return rows.length;
}

/** A line of the timeline of some operations that a run has at hand, without a change of state. */
export async function tellOperations(
  tx: Tx,
  lines: readonly { id: string; code: string; data: Record<string, unknown> }[],
  run: BatchRun,
): Promise<void> {
  if (lines.length === 0) return;
  await tx.query(
    `WITH line AS (
       SELECT * FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS (id uuid, code text, data jsonb))
         WITH ORDINALITY AS l (id, code, data, place)
     ),
     mine AS (
       SELECT o.id FROM ${eachOf('(SELECT DISTINCT id FROM line) AS l')} WHERE o.run_id = $3 AND o.state = 'syncing'
     ),
     changed AS (
       UPDATE operation o SET version = o.version + 1, updated_at = clock_timestamp() FROM mine
       WHERE o.tenant_id = $1::uuid AND o.id = mine.id
       RETURNING o.id, o.attempt, o.step, o.state, o.version, o.site_id
     )
     INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, data, site_id)
     SELECT $1::uuid, c.id, c.attempt, c.step, c.state, c.version, l.code, l.data, c.site_id
     FROM changed c JOIN line l ON l.id = c.id ORDER BY l.place
     RETURNING 1`,
    [tx.tenantId, JSON.stringify(lines), run.runId],
  );
  tx.hint('feed');
}

/**
 * Operations of a run whose last step has to wait for a connection go on by themselves: a new attempt of each, shown as
 * `waiting`, that the dispatcher hands over when the connection's circuit is closed, it has a place, and `delayMs` have
 * passed. The rest of the batch is not held up. The outbox rows are written by the caller for those that are returned.
 */
export async function waitForConnection(
  tx: Tx,
  ids: readonly string[],
  run: BatchRun,
  wait: { connectionId: string | null; error: OperationError },
): Promise<{ id: string; kind: OperationKind; attempt: number }[]> {
  const rows = await tx.query<{ id: string; kind: OperationKind; attempt: number }>(
    `WITH mine AS (
       SELECT o.id FROM ${eachOf('unnest($2::uuid[]) AS u (id)')} WHERE o.run_id = $3 AND o.state = 'syncing'
     ),
     waiting AS (
       UPDATE operation o SET state = 'waiting', step = 'waiting', attempt = o.attempt + 1, version = o.version + 1, error = $4::jsonb,
         connection_id = $5::uuid, workflow_id = NULL, run_id = NULL, slot_at = NULL, wake_after = clock_timestamp(),
         updated_at = clock_timestamp()
       FROM mine WHERE o.tenant_id = $1::uuid AND o.id = mine.id
       RETURNING o.id, o.kind, o.attempt, o.step, o.state, o.version, o.site_id
     ),
     told AS (
       INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, data, site_id)
       SELECT $1::uuid, id, attempt, step, state, version, 'waiting', $4::jsonb, site_id FROM waiting ORDER BY id
     )
     SELECT id, kind, attempt FROM waiting ORDER BY id`,
    [tx.tenantId, ids, run.runId, JSON.stringify(wait.error), wait.connectionId],
  );
  if (rows.length > 0) {
    tx.hint('feed');
    tx.hint('outbox');
  }
  return rows;
}

/** Which of these a run has at hand. */
export async function ownOperations(tx: Tx, { members }: OperationBatch, run: BatchRun): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT o.id FROM unnest($2::uuid[]) AS m (id)
     CROSS JOIN LATERAL (SELECT * FROM operation x WHERE x.tenant_id = $1::uuid AND x.id = m.id OFFSET 0) o
     WHERE o.run_id = $3 AND o.state = 'syncing' ORDER BY o.id`,
    [tx.tenantId, members.map(([id]) => id), run.runId],
  );
  return rows.map((row) => row.id);
}
