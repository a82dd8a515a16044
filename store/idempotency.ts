import type { Tx } from './db';

/** What was answered to a key before. `response` null: the stored answer has expired, the key has not. */
export interface StoredAnswer {
  fingerprint: Uint8Array;
  status: number;
  response: unknown;
  operationId: string | null;
}

/** How long an answer is kept; its key is kept for ever. */
export const keepDays = 90;

/** Holds the key until the transaction ends. False: the same key is being worked on right now. */
export async function lockKey(tx: Tx, key: string): Promise<boolean> {
  const [row] = await tx.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ':' || $2, 0)) AS locked`,
    [tx.tenantId, key],
  );
  return row?.locked ?? false;
}

export async function readAnswer(tx: Tx, key: string): Promise<StoredAnswer | null> {
  const [row] = await tx.query<{
    fingerprint: Uint8Array;
    status: number;
    response: unknown;
    operation_id: string | null;
  }>(
    `SELECT fingerprint, status, CASE WHEN response_expires_at > clock_timestamp() THEN response END AS response, operation_id
     FROM idempotency_key WHERE tenant_id = $1::uuid AND key = $2`,
    [tx.tenantId, key],
  );
  if (!row) return null;
  return { fingerprint: row.fingerprint, status: row.status, response: row.response, operationId: row.operation_id };
}

export async function storeAnswer(
  tx: Tx,
  key: string,
  answer: { fingerprint: Buffer; status: number; response: unknown; operationId?: string | null },
): Promise<void> {
  await tx.query(
    `WITH written AS (INSERT INTO idempotency_key (tenant_id, key, fingerprint, operation_id, status, response, response_expires_at)
       VALUES ($1::uuid, $2, $3, $4::uuid, $5::int, $6::jsonb, clock_timestamp() + make_interval(days => $7::int))) SELECT 1`,
    [
      tx.tenantId,
      key,
      answer.fingerprint,
      answer.operationId ?? null,
      answer.status,
      JSON.stringify(answer.response),
      keepDays,
    ],
  );
}

/** Takes the body off up to `limit` answers that have expired; returns how many. Their keys stay, for ever. */
export async function dropExpiredAnswers(tx: Tx, limit: number): Promise<number> {
  const [row] = await tx.query<{ gone: number }>(
    `WITH expired AS (
       SELECT key FROM idempotency_key
       WHERE tenant_id = $1::uuid AND response IS NOT NULL AND response_expires_at <= clock_timestamp()
       ORDER BY response_expires_at LIMIT $2::int FOR UPDATE SKIP LOCKED
     ), gone AS (
       UPDATE idempotency_key k SET response = NULL FROM expired
       WHERE k.tenant_id = $1::uuid AND k.key = expired.key RETURNING k.key
     ) SELECT count(*)::int AS gone FROM gone`,
    [tx.tenantId, limit],
  );
  return row?.gone ?? 0;
}
