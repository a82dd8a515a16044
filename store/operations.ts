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
  undoEffect: number;
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
  undo_effect: number;
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

const columns = `id, number, kind, state, step, attempt, effect, undo_effect, outside, version, site_id, connection_id, created_by,
  cancel_requested, lanes_ahead, slot_at IS NOT NULL AS has_slot, workflow_id, run_id, error`;

const fromRaw = (raw: Raw): OperationRow => ({
  id: raw.id,
  number: Number(raw.number),
  kind: raw.kind,
  state: raw.state,
  step: raw.step,
  attempt: raw.attempt,
  effect: raw.effect,
  undoEffect: raw.undo_effect,
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

/** A line of the timeline, written with the change that it tells of. */
interface Told {
  code: string;
  data?: Record<string, unknown>;
  actorId?: string | null;
}

/**
 * Changes an operation and writes its line of the timeline, in one statement: a move has a dozen of these. `change` returns
 * `columns` (and more, if wanted) of the row that it changed, if any; `tells` says of which of them a line is written.
 */
async function changeAndTell<Row extends Raw = Raw>(
  tx: Tx,
  change: string,
  values: unknown[],
  told: Told,
  tells = 'true',
): Promise<Row | null> {
  const [code, data, actor] = [1, 2, 3].map((place) => `$${values.length + place}`);
  const [raw] = await tx.query<Row>(
    `WITH changed AS (${change}),
     told AS (
       INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, data, actor_id, site_id)
       SELECT $1::uuid, id, attempt, step, state, version, ${code}, ${data}::jsonb, ${actor}::uuid, site_id FROM changed WHERE ${tells}
     )
     SELECT * FROM changed`,
    [...values, told.code, told.data ? JSON.stringify(told.data) : null, told.actorId ?? null],
  );
  if (!raw) return null;
  tx.hint('feed');
  return raw;
}

export async function readOperation(tx: Pick<Tx, 'tenantId' | 'query'>, id: string): Promise<OperationRow | null> {
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

/**
 * Parts of one operation's work wait for each other until their transactions end: whoever comes second sees what the first has
 * done. To be asked before anything else, and no lock of the row: a cancel does not wait for a part.
 */
export async function takeTurns(tx: Tx, id: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('part:' || $1, 0))::text`, [id]);
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
  const raw = await changeAndTell(
    tx,
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
    { code: 'accepted', data: { ...input.data, ahead }, actorId: input.createdBy },
  );
  const operation = fromRaw(raw!);
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
  /** The mover has locked its lanes already. */
  lanesLocked?: boolean;
  /** The mover gives the place that comes free to the next in line (`takeNext`) in this transaction. */
  passesPlaceOn?: boolean;
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
  if (rests && !move.lanesLocked) await lockLanes(tx, id);
  const raw = await changeAndTell<Raw & { seconds: number }>(
    tx,
    `UPDATE operation SET state = $3, step = coalesce($4, step), version = version + 1, updated_at = clock_timestamp(),
       outside = coalesce($5, outside),
       error = CASE WHEN $6::boolean THEN $7::jsonb ELSE error END,
       slot_at = CASE WHEN $3 = 'syncing' OR $3 = 'compensating' OR $15::boolean THEN slot_at END,
       wake_after = CASE WHEN $3 = 'waiting' THEN clock_timestamp() + make_interval(secs => $8::float8 / 1000) END,
       ended_at = CASE WHEN $9::boolean THEN clock_timestamp() END,
       replaced_by = coalesce($14::uuid, replaced_by)
     WHERE tenant_id = $1::uuid AND id = $2::uuid AND state = ANY($10::text[])
       AND attempt = coalesce($11::int, attempt) AND run_id IS NOT DISTINCT FROM coalesce($12::text, run_id)
       AND NOT ($13::boolean AND cancel_requested)
     RETURNING ${columns}, extract(epoch FROM clock_timestamp() - created_at)::float8 AS seconds`,
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
    move,
  );
  if (!raw) return null;
  const operation = fromRaw(raw);
  if (rests) {
    await withdrawOutbox(tx, id);
    const { kind, state, error } = operation;
    tx.ended({
      kind,
      state,
      seconds: raw.seconds,
      errorCode: state === 'needs_attention' ? (error?.code ?? null) : null,
    });
  }
  if (leavesLanes(operation)) await leaveLanes(tx, id);
  // A place of the connection came free, or something waits to be woken: the dispatcher should look at once.
  const free = operation.state !== 'syncing' && operation.state !== 'compensating';
  if (free && !move.passesPlaceOn) tx.hint('outbox');
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
  const raw = await changeAndTell<Raw & { fresh: boolean }>(
    tx,
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
    { code: 'taken' },
    'fresh',
  );
  if (!raw) return null;
  // Whoever handed it over may have died before removing the row; nobody needs to start it any more.
  if (raw.fresh) await withdrawOutbox(tx, id);
  return fromRaw(raw);
}

/**
 * Gives the place of an operation that has just ended in this transaction, and its run, to the next in line (decisions/009): the
 * oldest start of the same connection that nobody has claimed. The number of places taken stays what it was, so this needs
 * no lock of the connection; what is being claimed meanwhile is skipped. Nobody is given it while the circuit is open, when
 * the connection has fewer places than it had, or while something waits that comes before all new starts: then, and when
 * nobody is in line, the dispatcher is told that a place is free. Last in its transaction: it waits for nobody.
 */
export async function takeNext(
  tx: Tx,
  ended: OperationRow,
  by: { workflowId: string; runId: string },
): Promise<OperationRow | null> {
  const raw = await changeAndTell(
    tx,
    `WITH open AS (
       SELECT k.id AS connection FROM connection k
       WHERE k.tenant_id = $1::uuid AND k.id = $2::uuid AND k.state IN ('up', 'unknown')
         AND k.max_concurrency > (SELECT count(*) FROM operation b
           WHERE b.tenant_id = $1::uuid AND b.connection_id = $2::uuid AND b.slot_at IS NOT NULL)
         AND NOT EXISTS (SELECT FROM operation w WHERE w.tenant_id = $1::uuid AND w.connection_id = $2::uuid
           AND w.state IN ('waiting', 'compensating') AND w.slot_at IS NULL AND w.run_id IS NOT NULL
           AND w.wake_after <= clock_timestamp())
     ), line AS (
       SELECT p.id AS next_id FROM open JOIN outbox o ON o.connection_id = open.connection
         JOIN operation p ON p.tenant_id = o.tenant_id AND p.id = o.operation_id
       WHERE o.tenant_id = $1::uuid AND o.action <> 'signal' AND o.available_at <= clock_timestamp()
         AND (o.leased_until IS NULL OR o.leased_until < clock_timestamp()) AND p.slot_at IS NULL AND p.run_id IS NULL
       ORDER BY o.id LIMIT 1 FOR UPDATE OF o, p SKIP LOCKED
     )
     UPDATE operation SET state = CASE WHEN state = 'compensating' THEN state ELSE 'syncing' END, step = 'taken',
       version = version + 1, slot_at = clock_timestamp(), wake_after = NULL, workflow_id = $4, run_id = $5,
       updated_at = clock_timestamp()
     FROM line WHERE tenant_id = $1::uuid AND id = next_id AND kind = $3 AND lanes_ahead = 0
       AND state IN ('pending', 'waiting', 'compensating')
     RETURNING ${columns}`,
    [tx.tenantId, ended.connectionId, ended.kind, by.workflowId, by.runId],
    { code: 'taken' },
  );
  if (!raw) {
    tx.hint('outbox');
    return null;
  }
  await withdrawOutbox(tx, raw.id);
  return fromRaw(raw);
}

/**
 * What a run has at hand: one operation at a time, the one that it was started for or a later one to which its place went on.
 * Null: none (not yet taken, at rest, or taken from it).
 */
export async function findAtHand(tx: Tx, runId: string): Promise<{ operationId: string; attempt: number } | null> {
  const [row] = await tx.query<{ id: string; attempt: number }>(
    `SELECT id, attempt FROM operation WHERE tenant_id = $1::uuid AND run_id = $2 AND connection_id IS NOT NULL
       AND state IN ('syncing', 'waiting', 'compensating')`,
    [tx.tenantId, runId],
  );
  return row ? { operationId: row.id, attempt: row.attempt } : null;
}

/** Notes progress without a change of state. Null when the run does not own the operation any more. */
export async function noteProgress(
  tx: Tx,
  id: string,
  by: { attempt: number; runId: string },
  progress: {
    step: string;
    code: string;
    data?: Record<string, unknown>;
    outside?: Outside;
    /** The transfer of the current name was read back as cancelled: of the move, or of the way back. */
    raiseEffect?: boolean;
    raiseUndoEffect?: boolean;
    error?: null;
  },
): Promise<OperationRow | null> {
  const raw = await changeAndTell(
    tx,
    `UPDATE operation SET step = $5, version = version + 1, updated_at = clock_timestamp(),
       outside = coalesce($6, outside), effect = effect + CASE WHEN $7::boolean THEN 1 ELSE 0 END,
       undo_effect = undo_effect + CASE WHEN $8::boolean THEN 1 ELSE 0 END,
       error = CASE WHEN $9::boolean THEN NULL ELSE error END
     WHERE tenant_id = $1::uuid AND id = $2::uuid AND attempt = $3::int AND run_id = $4
       AND state IN ('syncing', 'waiting', 'compensating')
     RETURNING ${columns}`,
    [
      tx.tenantId,
      id,
      by.attempt,
      by.runId,
      progress.step,
      progress.outside ?? null,
      progress.raiseEffect ?? false,
      progress.raiseUndoEffect ?? false,
      progress.error === null,
    ],
    progress,
  );
  return raw && fromRaw(raw);
}

/**
 * An undo that met trouble waits as everything else does, but stays `compensating`: its place of the connection comes free,
 * and it gets one again when `wakeAfterMs` have passed and the circuit is closed. Null: the run does not own it any more.
 */
export async function pauseUndo(
  tx: Tx,
  id: string,
  by: { attempt: number; runId: string },
  pause: { error: OperationError; wakeAfterMs: number },
): Promise<OperationRow | null> {
  const raw = await changeAndTell(
    tx,
    `UPDATE operation SET step = 'undo_waiting', version = version + 1, updated_at = clock_timestamp(), error = $5::jsonb,
       slot_at = NULL, wake_after = clock_timestamp() + make_interval(secs => $6::float8 / 1000)
     WHERE tenant_id = $1::uuid AND id = $2::uuid AND attempt = $3::int AND run_id = $4 AND state = 'compensating'
     RETURNING ${columns}`,
    [tx.tenantId, id, by.attempt, by.runId, JSON.stringify(pause.error), pause.wakeAfterMs],
    { code: 'waiting', data: { ...pause.error } },
  );
  if (raw) tx.hint('outbox');
  return raw && fromRaw(raw);
}

/**
 * Whether an undo has taken back something outside: the word «compensated» must not hang on an answer that was lost, nor on
 * the attempt that undid it.
 */
export async function wasUndone(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT id FROM operation_event WHERE tenant_id = $1::uuid AND operation_id = $2::uuid
       AND state = 'compensating' AND code IN ('transfer_cancelled', 'moved_back', 'taken_back') LIMIT 1`,
    [tx.tenantId, id],
  );
  return rows.length > 0;
}

/**
 * How often in a row the sweep has begun it anew without any progress since: without a line that it never had before, or
 * a person's word.
 */
export async function fruitlessSweeps(tx: Tx, id: string): Promise<number> {
  const [row] = await tx.query<{ sweeps: bigint }>(
    `WITH line AS (SELECT id, code, actor_id, data->>'name' AS name FROM operation_event
       WHERE tenant_id = $1::uuid AND operation_id = $2::uuid),
     progress AS (SELECT min(id) AS id FROM line WHERE code <> 'swept' GROUP BY code, name
       UNION ALL SELECT id FROM line WHERE actor_id IS NOT NULL)
     SELECT count(*) AS sweeps FROM line WHERE code = 'swept' AND id > (SELECT coalesce(max(id), 0) FROM progress)`,
    [tx.tenantId, id],
  );
  return Number(row?.sweeps ?? 0);
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
  options: {
    code: string;
    data?: Record<string, unknown>;
    actorId?: string | null;
    lanes: string[];
    /** A person decided that what was to be undone stands. */
    takesBackCancel?: boolean;
  },
): Promise<OperationRow> {
  const stands = await lockLanes(tx, operation.id);
  const ahead = stands ? operation.lanesAhead : await joinLanes(tx, operation.id, options.lanes);
  await withdrawOutbox(tx, operation.id);
  const raw = await changeAndTell(
    tx,
    `UPDATE operation SET state = $3, step = 'accepted', attempt = attempt + 1, version = version + 1, lanes_ahead = $4::int,
       cancel_requested = (cancel_requested AND NOT $5::boolean) OR $3 = 'compensating',
       run_id = NULL, workflow_id = NULL, slot_at = NULL, wake_after = NULL, error = NULL, ended_at = NULL,
       updated_at = clock_timestamp()
     WHERE tenant_id = $1::uuid AND id = $2::uuid RETURNING ${columns}`,
    [tx.tenantId, operation.id, to, ahead, options.takesBackCancel ?? false],
    options,
  );
  const fresh = fromRaw(raw!);
  if (ahead === 0) await addStart(tx, fresh);
  return fresh;
}

/**
 * Asks the running attempt to cancel: it reads the column before each step and before it says synced. What waits gets its
 * turn as soon as the connection has a place for it: what may be in Odoo has to be looked for there.
 */
export async function requestCancel(tx: Tx, id: string, actorId: string | null): Promise<OperationRow> {
  const raw = await changeAndTell(
    tx,
    `UPDATE operation SET cancel_requested = true, version = version + 1, updated_at = clock_timestamp(),
       wake_after = CASE WHEN state = 'waiting' THEN clock_timestamp() ELSE wake_after END
     WHERE tenant_id = $1::uuid AND id = $2::uuid RETURNING ${columns}`,
    [tx.tenantId, id],
    { code: 'cancel_requested', actorId },
  );
  return fromRaw(raw!);
}
