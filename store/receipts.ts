import { v7 as uuidv7 } from 'uuid';
import type { Receipt } from '../domain/receipt';
import type { Tx } from './db';
import { addOutbox } from './outbox';

/**
 * Receipts by mail. A row is the ledger of one mail: it says when it was last handed to the mail server before it is, and
 * what became of it after. `tried_at` without an end means that nobody knows (a worker died, or the answer was lost).
 */

/** A receipt that is to go by mail. */
export interface OpenReceipt {
  mailId: string;
  saleId: string;
  operationId: string;
  recipient: string;
  createdAt: Date;
  tries: number;
}

type Reader = Pick<Tx, 'tenantId' | 'query'>;

const columns = `m.id AS "mailId", m.sale_id AS "saleId", s.operation_id AS "operationId", m.recipient, m.created_at AS "createdAt", m.tries`;
const open = 'm.sent_at IS NULL AND m.refused IS NULL';

/** Of these operations, in the order in which they were asked for. */
export async function openReceipts(tx: Reader, operationIds: readonly string[]): Promise<OpenReceipt[]> {
  return tx.query<OpenReceipt>(
    `SELECT ${columns} FROM sale s JOIN receipt_mail m ON m.tenant_id = s.tenant_id AND m.sale_id = s.id
     WHERE s.tenant_id = $1::uuid AND s.operation_id = ANY ($2::uuid[]) AND ${open} ORDER BY m.created_at, m.id`,
    [tx.tenantId, operationIds],
  );
}

/** Null when it is sent, or will never be. */
export async function readOpenReceipt(tx: Reader, mailId: string): Promise<OpenReceipt | null> {
  const [row] = await tx.query<OpenReceipt>(
    `SELECT ${columns} FROM receipt_mail m JOIN sale s ON s.tenant_id = m.tenant_id AND s.id = m.sale_id
     WHERE m.tenant_id = $1::uuid AND m.id = $2::uuid AND ${open}`,
    [tx.tenantId, mailId],
  );
  return row ?? null;
}

/** Longer than one mail takes: a try without an end after this is of a worker that died. */
const tryMs = 2 * 60_000;

/**
 * Written before the mail is handed to the server. False: somebody else is at it, or it has its end.
 * @param lastUnknown whether a try before had no end
 */
export async function beginTry(tx: Reader, mailId: string): Promise<{ begun: boolean; lastUnknown: boolean }> {
  const [row] = await tx.query<{ unknown: boolean }>(
    `WITH before AS (
       SELECT m.id, m.tried_at IS NOT NULL OR coalesce(m.last_error = 'unknown', false) AS unknown FROM receipt_mail m
       WHERE m.tenant_id = $1::uuid AND m.id = $2::uuid AND ${open}
         AND (m.tried_at IS NULL OR m.tried_at < clock_timestamp() - make_interval(secs => $3::float8 / 1000))
       FOR UPDATE)
     UPDATE receipt_mail m SET tries = m.tries + 1, tried_at = clock_timestamp() FROM before
     WHERE m.tenant_id = $1::uuid AND m.id = before.id RETURNING before.unknown`,
    [tx.tenantId, mailId, tryMs],
  );
  return { begun: row !== undefined, lastUnknown: row?.unknown ?? false };
}

/** How a try ended: taken by the server; refused for good and why; not now (`unknown`: it may have been taken). */
export type TryEnd = { end: 'sent' } | { end: 'refused'; reason: string } | { end: 'later'; error: string };

export async function endTry(tx: Reader, mailId: string, how: TryEnd): Promise<void> {
  await tx.query(
    `WITH ended AS (UPDATE receipt_mail m SET tried_at = NULL,
       sent_at = CASE WHEN $3 = 'sent' THEN clock_timestamp() ELSE sent_at END,
       refused = CASE WHEN $3 = 'refused' THEN $4 ELSE refused END,
       last_error = CASE WHEN $3 = 'later' THEN $4 ELSE last_error END
     WHERE m.tenant_id = $1::uuid AND m.id = $2::uuid AND ${open}) SELECT 1`,
    [
      tx.tenantId,
      mailId,
      how.end,
      how.end === 'refused' ? how.reason.slice(0, 500) : how.end === 'later' ? how.error.slice(0, 500) : null,
    ],
  );
}

/**
 * A receipt that was asked for after the sale: it has a workflow of its own, because the sale's may have ended. In the
 * command's transaction.
 */
export async function addReceiptMail(tx: Tx, saleId: string, recipient: string): Promise<ReceiptMailRecord> {
  const id = uuidv7();
  const [mail] = await tx.query<{ at: Date }>(
    `INSERT INTO receipt_mail (tenant_id, id, sale_id, recipient) VALUES ($1::uuid, $2::uuid, $3::uuid, $4) RETURNING created_at AS at`,
    [tx.tenantId, id, saleId, recipient],
  );
  await startMail(tx, id);
  return { id, to: recipient, at: mail!.at, sentAt: null, refused: null };
}

export const mailWorkflowId = (mailId: string): string => `receipt-${mailId}`;

/** Hands a receipt over to a workflow of its own. */
export async function startMail(tx: Tx, mailId: string): Promise<void> {
  await addOutbox(tx, {
    action: 'start',
    queue: 'sales',
    workflowType: 'mailReceipt',
    workflowId: mailWorkflowId(mailId),
    signal: null,
    args: [{ tenantId: tx.tenantId, mailId }],
    operationId: null,
    attempt: null,
  });
}

interface ReceiptRow extends Omit<
  Receipt,
  'timeZone' | 'number' | 'originalNumber' | AmountName | 'lines' | 'payments'
> {
  time_zone: string;
  number: string;
  original_number: string | null;
  total: string;
  tax: string;
  change: string;
  returned: string;
  lines: Receipt['lines'] | null;
  payments: Receipt['payments'] | null;
}
type AmountName = 'total' | 'tax' | 'change' | 'returned';

/**
 * The document as it was sold, and what became of it since.
 * @throws Error when the business has no such document: who asks knows that it has
 */
export async function readReceipt(tx: Reader, saleId: string): Promise<Receipt> {
  const [row] = await tx.query<ReceiptRow>(
    `SELECT s.kind, t.name AS business, t.locale, z.name AS site, z.address, z.time_zone, r.name AS register, s.number::text, s.at,
       s.currency, s.total::text, s.tax::text, s.change::text, s.reason, u.name AS cashier, s.customer ->> 'name' AS customer,
       (SELECT x.number::text FROM sale x WHERE x.tenant_id = s.tenant_id AND x.id = s.original_id) AS original_number,
       EXISTS (SELECT FROM sale v WHERE v.tenant_id = s.tenant_id AND v.original_id = s.id AND v.kind = 'void') AS voided,
       (SELECT coalesce(sum(b.total), 0)::text FROM sale b
        WHERE b.tenant_id = s.tenant_id AND b.original_id = s.id AND b.kind = 'return') AS returned,
       (SELECT json_agg(json_build_object('name', l.name, 'quantity', (l.quantity * 1000)::bigint, 'unit', l.unit,
          'unitPrice', l.unit_price, 'listPrice', l.list_price, 'total', l.total) ORDER BY l.line)
        FROM sale_line l WHERE l.tenant_id = s.tenant_id AND l.sale_id = s.id) AS lines,
       (SELECT json_agg(json_build_object('method', p.method, 'amount', p.amount) ORDER BY p.position)
        FROM sale_payment p WHERE p.tenant_id = s.tenant_id AND p.sale_id = s.id) AS payments
     FROM sale s JOIN tenant t ON t.id = s.tenant_id
     JOIN site z ON z.tenant_id = s.tenant_id AND z.id = s.site_id
     JOIN register r ON r.tenant_id = s.tenant_id AND r.id = s.register_id
     LEFT JOIN app_user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
     WHERE s.tenant_id = $1::uuid AND s.id = $2::uuid`,
    [tx.tenantId, saleId],
  );
  if (!row) throw new Error(`No sale ${saleId}`);
  const { time_zone: timeZone, original_number: original, number, total, tax, change, returned, ...rest } = row;
  return {
    ...rest,
    timeZone,
    number: Number(number),
    originalNumber: original === null ? null : Number(original),
    total: Number(total),
    tax: Number(tax),
    change: Number(change),
    returned: Number(returned),
    lines: row.lines ?? [],
    payments: row.payments ?? [],
  };
}

/** A receipt by mail, as people see it. */
export interface ReceiptMailRecord {
  id: string;
  to: string;
  at: Date;
  sentAt: Date | null;
  /** Why it will never be sent. */
  refused: string | null;
}

/** Those of a sale, in the order in which they were asked for. */
export async function mailsOfSale(tx: Reader, saleId: string): Promise<ReceiptMailRecord[]> {
  return tx.query<ReceiptMailRecord>(
    `SELECT m.id::text, m.recipient AS to, m.created_at AS at, m.sent_at AS "sentAt", m.refused FROM receipt_mail m
     WHERE m.tenant_id = $1::uuid AND m.sale_id = $2::uuid ORDER BY m.created_at, m.id`,
    [tx.tenantId, saleId],
  );
}

/**
 * Receipts that were asked for and have no end, although nobody seems to be at them: their sale has settled, and they do not wait
 * for the dispatcher. Whether a workflow has them is for Temporal to say.
 * @param quietMs asked for longer ago than this
 */
export async function quietMails(tx: Reader, quietMs: number, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT m.id::text FROM receipt_mail m JOIN sale s ON s.tenant_id = m.tenant_id AND s.id = m.sale_id
     JOIN operation o ON o.tenant_id = s.tenant_id AND o.id = s.operation_id
     WHERE m.tenant_id = $1::uuid AND ${open} AND m.created_at < clock_timestamp() - make_interval(secs => $2::float8 / 1000)
       AND o.state = 'synced' AND NOT EXISTS (
         SELECT FROM outbox x WHERE x.tenant_id = m.tenant_id AND x.operation_id IS NULL AND x.workflow_id = 'receipt-' || m.id)
     ORDER BY random() LIMIT $3::int`,
    [tx.tenantId, quietMs, limit],
  );
  return rows.map((row) => row.id);
}
