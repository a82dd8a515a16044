import {
  finalStates,
  sourcesOf,
  type OperationError,
  type OperationKind,
  type OperationState,
  type Outside,
} from '../domain/operation';
import { kindSpecs } from '../domain/kinds';
import type { Tx } from './db';
import { joinLanes, leaveLanes, lockLanes } from './lanes';
import { addStart, withdrawOutbox } from './outbox';

/** The row as the core needs it. */
export interface OperationRow {
  id: string;
  number: number;
  kind: OperationKind;
  state: OperationState;
  step: string;
  attempt: number;
  effect: number;
  outside: Outside;
  version: number;
  siteId: string | null;
  connectionId: string | null;
  createdBy: string | null;
  cancelRequested: boolean;
  lanesAhead: number;
  hasSlot: boolean;
  workflowId: string | null;
  runId: string | null;
  error: OperationError | null;
}

interface Raw {
  id: string;
  number: bigint;
  kind: OperationKind;
  state: OperationState;
  step: string;
  attempt: number;
  effect: number;
  outside: Outside;
  version: number;
  site_id: string | null;
  connection_id: string | null;
  created_by: string | null;
  cancel_requested: boolean;
  lanes_ahead: number;
  has_slot: boolean;
  workflow_id: string | null;
  run_id: string | null;
  error: OperationError | null;
}

const columns = `id, number, kind, state, step, attempt, effect, outside, version, site_id, connection_id, created_by,
  cancel_requested, lanes_ahead, slot_at IS NOT NULL AS has_slot, workflow_id, run_id, error`;

const fromRaw = (raw: Raw): OperationRow => ({
  id: raw.id,
  number: Number(raw.number),
  kind: raw.kind,
  state: raw.state,
  step: raw.step,
  attempt: raw.attempt,
  effect: raw.effect,
  outside: raw.outside,
  version: raw.version,
  siteId: raw.site_id,
  connectionId: raw.connection_id,
  createdBy: raw.created_by,
  cancelRequested: raw.cancel_requested,
  lanesAhead: raw.lanes_ahead,
  hasSlot: raw.has_slot,
  workflowId: raw.workflow_id,
  runId: raw.run_id,
  error: raw.error,
});

/** A row of the timeline, in the transaction of the change that it tells of. */
async function writeEvent(
  tx: Tx,
  operation: OperationRow,
  event: { code: string; data?: Record<string, unknown>; actorId?: string | null },
): Promise<void> {
  await tx.query(
    `WITH written AS (INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, data, actor_id, site_id)
     VALUES ($1::uuid, $2::uuid, $3::int, $4, $5, $6::int, $7, $8::jsonb, $9::uuid, $10::uuid)) SELECT 1`,
    [
      tx.tenantId,
      operation.id,
      operation.attempt,
      operation.step,
      operation.state,
      operation.version,
      event.code,
      event.data ? JSON.stringify(event.data) : null,
      event.actorId ?? null,
      operation.siteId,
    ],
  );
  tx.hint('feed');
}

export async function readOperation(tx: Tx, id: string): Promise<OperationRow | null> {
  const [raw] = await tx.query<Raw>(`SELECT ${columns} FROM operation WHERE tenant_id = $1::uuid AND id = $2::uuid`, [
    tx.tenantId,
    id,
  ]);
  return raw ? fromRaw(raw) : null;
}

/**
 * Reads it with its lanes and itself locked, in the one lock order. For decisions of people and of the sweep. They take
 * turns before any row is locked: who waited for the row of an operation that joins its lanes meanwhile would lock them
 * after the row, against the order.
 */
export async function lockOperation(tx: Tx, id: string): Promise<OperationRow | null> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('operation:' || $1, 0))::text`, [id]);
  await lockLanes(tx, id);
  const [raw] = await tx.query<Raw>(
    `SELECT ${columns} FROM operation WHERE tenant_id = $1::uuid AND id = $2::uuid FOR UPDATE`,
    [tx.tenantId, id],
  );
  return raw ? fromRaw(raw) : null;
}

export interface NewOperation {
  id: string;
  kind: OperationKind;
  siteId: string | null;
  connectionId: string | null;
  createdBy: string | null;
  lanes: string[];
  data?: Record<string, unknown>;
}

/** Accepts an operation: row, lanes, first line of the timeline, and its outbox row when nobody stands ahead. */
export async function acceptOperation(tx: Tx, input: NewOperation): Promise<OperationRow> {
  const ahead = await joinLanes(tx, input.id, input.lanes);
  const [raw] = await tx.query<Raw>(
    `INSERT INTO operation (tenant_id, id, kind, queue, site_id, connection_id, created_by, lanes_ahead)
     VALUES ($1::uuid, $2::uuid, $3, $4, $5::uuid, $6::uuid, $7::uuid, $8::int) RETURNING ${columns}`,
    [
      tx.tenantId,
      input.id,
      input.kind,
      kindSpecs[input.kind].queue,
      input.siteId,
      input.connectionId,
      input.createdBy,
      ahead,
    ],
  );
  const operation = fromRaw(raw!);
  await writeEvent(tx, operation, { code: 'accepted', data: { ...input.data, ahead }, actorId: input.createdBy });
  if (ahead === 0) await addStart(tx, operation);
  return operation;
}

/** Who moves it: a workflow names its attempt and run and is fenced by them; a command or the sweep has locked the row. */
export interface Move {
  to: OperationState;
  code: string;
  data?: Record<string, unknown>;
  step?: string;
  attempt?: number;
  runId?: string;
  from?: OperationState[];
  actorId?: string | null;
  outside?: Outside;
  error?: OperationError | null;
  /** The move fails when a cancel was asked for (the last compare-and-set to `synced`). */
  unlessCancelled?: boolean;
  /** Only for waiting: when it may be looked at again, ms from now. */
  wakeAfterMs?: number;
  /** Its hand-over is under way: the workflow that comes of it must not take a second place of the connection. */
  keepsSlot?: boolean;
  replacedBy?: string;
}

function leavesLanes(operation: OperationRow): boolean {
  if (finalStates.includes(operation.state)) return true;
  return operation.state === 'needs_attention' && operation.outside === 'none';
}

/**
 * Moves an operation to another state with its line in the timeline, or returns null when it is not (any more) where the
 * mover thinks: another attempt or run owns it, the move is not one of domain/operation.ts, or a cancel came first.
 */
export async function moveOperation(tx: Tx, id: string, move: Move): Promise<OperationRow | null> {
  const rests = finalStates.includes(move.to) || move.to === 'needs_attention';
  if (rests) await lockLanes(tx, id);
  const [raw] = await tx.query<Raw>(
    `UPDATE operation SET state = $3, step = coalesce($4, step), version = version + 1, updated_at = clock_timestamp(),
       outside = coalesce($5, outside),
       error = CASE WHEN $6::boolean THEN $7::jsonb ELSE error END,
       slot_at = CASE WHEN $3 = 'syncing' OR $3 = 'compensating' OR $15::boolean THEN slot_at END,
       wake_after = CASE WHEN $3 = 'waiting' THEN clock_timestamp() + make_interval(secs => $8::float8 / 1000) END,
       ended_at = CASE WHEN $9::boolean THEN clock_timestamp() END,
       replaced_by = coalesce($14::uuid, replaced_by)
     WHERE tenant_id = $1::uuid AND id = $2::uuid AND state = ANY($10::text[])
       AND ($11::int IS NULL OR attempt = $11::int) AND ($12::text IS NULL OR run_id = $12::text)
       AND NOT ($13::boolean AND cancel_requested)
     RETURNING ${columns}`,
    [
      tx.tenantId,
      id,
      move.to,
      move.step ?? null,
      move.outside ?? null,
      move.error !== undefined,
      move.error ? JSON.stringify(move.error) : null,
      move.wakeAfterMs ?? 30_000,
      finalStates.includes(move.to),
      move.from ?? sourcesOf(move.to),
      move.attempt ?? null,
      move.runId ?? null,
      move.unlessCancelled ?? false,
      move.replacedBy ?? null,
      move.keepsSlot ?? false,
    ],
  );
  if (!raw) return null;
  const operation = fromRaw(raw);
  await writeEvent(tx, operation, move);
  if (rests) await withdrawOutbox(tx, id);
  if (leavesLanes(operation)) await leaveLanes(tx, id);
  // A place of the connection came free, or something waits to be woken: the dispatcher should look at once.
  if (operation.state !== 'syncing' && operation.state !== 'compensating') tx.hint('outbox');
  return operation;
}

/**
 * The first thing that a workflow does: takes the operation for its run. Taken by the same run before counts as taken
 * (the activity may be repeated). Null: it belongs to another attempt or run, or is at rest.
 */
export async function takeOperation(
  tx: Tx,
  id: string,
  by: { attempt: number; workflowId: string; runId: string },
): Promise<OperationRow | null> {
  const [raw] = await tx.query<Raw & { fresh: boolean }>(
    `WITH found AS (
       SELECT id AS found_id, run_id IS NULL AS fresh FROM operation
       WHERE tenant_id = $1::uuid AND id = $2::uuid AND attempt = $3::int
         AND ((run_id IS NULL AND state IN ('pending', 'waiting', 'compensating') AND lanes_ahead = 0)
           OR (run_id = $5 AND state IN ('syncing', 'compensating')))
       FOR UPDATE
     )
     UPDATE operation SET
       state = CASE WHEN state = 'compensating' THEN state ELSE 'syncing' END,
       step = CASE WHEN fresh THEN 'taken' ELSE step END,
       version = version + CASE WHEN fresh THEN 1 ELSE 0 END,
       slot_at = CASE WHEN connection_id IS NULL THEN NULL ELSE coalesce(slot_at, clock_timestamp()) END,
       wake_after = NULL, workflow_id = $4, run_id = $5, updated_at = clock_timestamp()
     FROM found WHERE tenant_id = $1::uuid AND id = found_id
     RETURNING ${columns}, fresh`,
    [tx.tenantId, id, by.attempt, by.workflowId, by.runId],
  );
  if (!raw) return null;
  const operation = fromRaw(raw);
  if (raw.fresh) {
    await writeEvent(tx, operation, { code: 'taken' });
    // Whoever handed it over may have died before removing the row; nobody needs to start it any more.
    await withdrawOutbox(tx, id);
  }
  return operation;
}

/** Notes progress without a change of state. Null when the run does not own the operation any more. */
export async function noteProgress(
  tx: Tx,
  id: string,
  by: { attempt: number; runId: string },
  progress: { step: string; code: string; data?: Record<string, unknown>; outside?: Outside; raiseEffect?: boolean },
): Promise<OperationRow | null> {
  // One statement for the row and its line: a move has several of these, each between two calls to Odoo.
  const [raw] = await tx.query<Raw>(
    `WITH noted AS (
       UPDATE operation SET step = $5, version = version + 1, updated_at = clock_timestamp(),
         outside = coalesce($6, outside), effect = effect + CASE WHEN $7::boolean THEN 1 ELSE 0 END
       WHERE tenant_id = $1::uuid AND id = $2::uuid AND attempt = $3::int AND run_id = $4
         AND state IN ('syncing', 'waiting', 'compensating')
       RETURNING ${columns}
     ), told AS (
       INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, data, site_id)
       SELECT $1::uuid, id, attempt, step, state, version, $8, $9::jsonb, site_id FROM noted
     )
     SELECT * FROM noted`,
    [
      tx.tenantId,
      id,
      by.attempt,
      by.runId,
      progress.step,
      progress.outside ?? null,
      progress.raiseEffect ?? false,
      progress.code,
      progress.data ? JSON.stringify(progress.data) : null,
    ],
  );
  if (!raw) return null;
  tx.hint('feed');
  return fromRaw(raw);
}

/**
 * A new attempt: a fresh fence, and a hand-over when its turn has come. The row is locked by `lockOperation`. An operation
 * that kept its lanes keeps its place; one that had left them joins at the end of `lanes`. To undo is to cancel: should
 * this attempt be lost, the next one must undo too.
 */
export async function newAttempt(
  tx: Tx,
  operation: OperationRow,
  to: 'pending' | 'compensating',
  options: { code: string; data?: Record<string, unknown>; actorId?: string | null; lanes: string[] },
): Promise<OperationRow> {
  const stands = await lockLanes(tx, operation.id);
  const ahead = stands ? operation.lanesAhead : await joinLanes(tx, operation.id, options.lanes);
  await withdrawOutbox(tx, operation.id);
  const [raw] = await tx.query<Raw>(
    `UPDATE operation SET state = $3, step = 'accepted', attempt = attempt + 1, version = version + 1, lanes_ahead = $4::int,
       cancel_requested = cancel_requested OR $3 = 'compensating',
       run_id = NULL, workflow_id = NULL, slot_at = NULL, wake_after = NULL, error = NULL, ended_at = NULL,
       updated_at = clock_timestamp()
     WHERE tenant_id = $1::uuid AND id = $2::uuid RETURNING ${columns}`,
    [tx.tenantId, operation.id, to, ahead],
  );
  const fresh = fromRaw(raw!);
  await writeEvent(tx, fresh, options);
  if (ahead === 0) await addStart(tx, fresh);
  return fresh;
}

/** Asks the running attempt to cancel: it reads the column before each step and before it says synced. */
export async function requestCancel(tx: Tx, id: string, actorId: string | null): Promise<OperationRow> {
  const [raw] = await tx.query<Raw>(
    `UPDATE operation SET cancel_requested = true, version = version + 1, updated_at = clock_timestamp()
     WHERE tenant_id = $1::uuid AND id = $2::uuid RETURNING ${columns}`,
    [tx.tenantId, id],
  );
  const operation = fromRaw(raw!);
  await writeEvent(tx, operation, { code: 'cancel_requested', actorId });
  return operation;
}
