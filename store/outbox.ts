import { v7 as uuidv7 } from 'uuid';
import { kindSpecs, workflowIdOf, type OperationRef, type TaskQueue } from '../domain/kinds';
import type { OperationKind } from '../domain/operation';
import type { Tx } from './db';

/** A row for the dispatcher: start a workflow, signal one, or both. */
export interface OutboxRow {
  id: string;
  action: 'start' | 'signal' | 'signal_with_start';
  queue: TaskQueue;
  workflowType: string;
  workflowId: string;
  signal: string | null;
  args: unknown[];
  operationId: string | null;
  attempt: number | null;
  tries: number;
  /** Whose place it takes. */
  connectionId: string | null;
  /** Of its operation, when it has one. */
  kind: OperationKind | null;
  siteId: string | null;
}

export type NewOutboxRow = Omit<OutboxRow, 'id' | 'tries' | 'kind' | 'siteId' | 'connectionId'> & {
  connectionId?: string | null;
  /** Not before this long from now, ms. */
  delayMs?: number;
};

export async function addOutbox(tx: Tx, row: NewOutboxRow): Promise<void> {
  await tx.query(
    `INSERT INTO outbox (tenant_id, id, action, queue, workflow_type, workflow_id, signal, args, operation_id, attempt, connection_id, available_at)
     VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::jsonb, $9::uuid, $10::int, $11::uuid,
       clock_timestamp() + make_interval(secs => $12::float8 / 1000))`,
    [
      tx.tenantId,
      uuidv7(),
      row.action,
      row.queue,
      row.workflowType,
      row.workflowId,
      row.signal,
      JSON.stringify(row.args),
      row.operationId,
      row.attempt,
      row.connectionId ?? null,
      row.delayMs ?? 0,
    ],
  );
  tx.hint('outbox');
}

/** Hands an operation over: its attempt's workflow is to be started. */
export async function addStart(
  tx: Tx,
  operation: { id: string; kind: OperationKind; attempt: number; connectionId: string | null },
  delayMs = 0,
): Promise<void> {
  const spec = kindSpecs[operation.kind];
  const ref: OperationRef = { tenantId: tx.tenantId, operationId: operation.id, attempt: operation.attempt };
  await addOutbox(tx, {
    action: 'start',
    queue: spec.queue,
    workflowType: spec.workflow,
    workflowId: workflowIdOf(operation.kind, operation.id, operation.attempt),
    signal: null,
    args: [ref],
    operationId: operation.id,
    attempt: operation.attempt,
    connectionId: operation.connectionId,
    delayMs,
  });
}

/** Whether it is to be handed over already. */
export async function hasStart(tx: Tx, operationId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM outbox WHERE tenant_id = $1::uuid AND operation_id = $2::uuid AND action <> 'signal' LIMIT 1`,
    [tx.tenantId, operationId],
  );
  return rows.length > 0;
}

/** «Look again»: the workflow reads the rows; the signal itself says nothing, so order and repeats do not matter. */
export async function addLook(
  tx: Tx,
  operation: { id: string; kind: OperationKind; attempt: number; workflowId: string },
): Promise<void> {
  await addOutbox(tx, {
    action: 'signal',
    queue: kindSpecs[operation.kind].queue,
    workflowType: '',
    workflowId: operation.workflowId,
    signal: 'look',
    args: [],
    operationId: operation.id,
    attempt: operation.attempt,
  });
}

/** The catalogue of a connection is to be read now. Asked for twice, it is read once. */
export async function addCatalogueSync(tx: Tx, connectionId: string): Promise<void> {
  await addOutbox(tx, {
    action: 'start',
    queue: 'system',
    workflowType: 'syncCatalogue',
    workflowId: `sync-catalogue-${connectionId}`,
    signal: null,
    args: [{ tenantId: tx.tenantId, connectionId }],
    operationId: null,
    attempt: null,
  });
}

interface Row {
  id: string;
  action: OutboxRow['action'];
  queue: TaskQueue;
  workflow_type: string;
  workflow_id: string;
  signal: string | null;
  args: unknown[];
  operation_id: string | null;
  attempt: number | null;
  tries: number;
  connection_id: string | null;
  kind: OperationKind | null;
  site_id: string | null;
}

/** The leased rows of a batch, oldest first. A row that was withdrawn meanwhile is left out. */
export async function readOutbox(tx: Tx, batchId: string, ids: string[]): Promise<OutboxRow[]> {
  const rows = await tx.query<Row>(
    `SELECT b.id, b.action, b.queue, b.workflow_type, b.workflow_id, b.signal, b.args, b.operation_id, b.attempt, b.tries, b.connection_id, o.kind, o.site_id
     FROM outbox b LEFT JOIN operation o ON o.tenant_id = b.tenant_id AND o.id = b.operation_id
     WHERE b.tenant_id = $1::uuid AND b.id = ANY($2::uuid[]) AND b.batch_id = $3::uuid ORDER BY b.id`,
    [tx.tenantId, ids, batchId],
  );
  return rows.map((row) => ({
    id: row.id,
    action: row.action,
    queue: row.queue,
    workflowType: row.workflow_type,
    workflowId: row.workflow_id,
    signal: row.signal,
    args: row.args,
    operationId: row.operation_id,
    attempt: row.attempt,
    tries: row.tries,
    connectionId: row.connection_id,
    kind: row.kind,
    siteId: row.site_id,
  }));
}

/**
 * Handed over: the rows go, unless another batch has taken them since (our lease had run out). The workflow that came of
 * them takes them away too: one that it holds is left to it, so that the two never wait for each other.
 */
export async function dropOutbox(tx: Tx, batchId: string, ids: string[]): Promise<void> {
  await tx.query(
    `WITH gone AS (DELETE FROM outbox WHERE tenant_id = $1::uuid AND id IN (
       SELECT id FROM outbox WHERE tenant_id = $1::uuid AND id = ANY($2::uuid[]) AND batch_id = $3::uuid
       FOR UPDATE SKIP LOCKED))
     SELECT 1`,
    [tx.tenantId, ids, batchId],
  );
}

/** Could not be handed over now: free again after `delayMs`. */
export async function returnOutbox(
  tx: Tx,
  batchId: string,
  ids: string[],
  delayMs: number,
  error: string,
): Promise<void> {
  await tx.query(
    `WITH back AS (UPDATE outbox SET leased_until = NULL, batch_id = NULL, last_error = $5,
       available_at = clock_timestamp() + make_interval(secs => $4::float8 / 1000)
     WHERE tenant_id = $1::uuid AND id = ANY($2::uuid[]) AND batch_id = $3::uuid) SELECT 1`,
    [tx.tenantId, ids, batchId, delayMs, error.slice(0, 500)],
  );
}

/** Withdraws what was to be handed over for an operation (it was cancelled, or gets a new attempt). */
export async function withdrawOutbox(tx: Tx, operationId: string): Promise<void> {
  await tx.query(
    `WITH gone AS (DELETE FROM outbox WHERE tenant_id = $1::uuid AND operation_id = $2::uuid AND action <> 'signal') SELECT 1`,
    [tx.tenantId, operationId],
  );
}
