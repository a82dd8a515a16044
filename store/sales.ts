import type { PricedLine } from '../domain/cart';
import { kindSpecs, workflowIdOf, type OperationRef } from '../domain/kinds';
import type { OperationKind } from '../domain/operation';
import { formatQuantity } from '../domain/quantity';
import type { DocumentKind, PaymentMethod } from '../domain/till';
import type { Tx } from './db';
import { keepDays, type StoredAnswer } from './idempotency';
import { newId } from './new-id';

/**
 * The checkout's SQL. Each text is constant and set-based: a batch of two hundred sales is written by the statements of one
 * (docs/decisions/042-checkout.md).
 */
export type SalesTx = Pick<Tx, 'tenantId' | 'query' | 'hint'>;
type Reader = Pick<Tx, 'tenantId' | 'query'>;

/** A line of a document of the till; `originalLine` of a void or a return with receipt. */
export interface DocumentLine extends PricedLine {
  originalLine: number | null;
}

export interface NewDocument {
  id: string;
  operationId: string;
  kind: DocumentKind;
  siteId: string;
  registerId: string;
  sessionId: string;
  number: number;
  originalId: string | null;
  currency: string;
  total: number;
  tax: number;
  change: number;
  customer: object | null;
  reason: string | null;
  userId: string;
  clientAt: string | null;
  lines: readonly DocumentLine[];
  payments: readonly { method: PaymentMethod; amount: number }[];
  /** To whom the receipt goes by mail. */
  mailTo: string | null;
}

/** The kind of operation that settles a document. */
export const operationKindOf = (kind: DocumentKind): OperationKind =>
  (({ sale: 'sale', void: 'void_sale', return: 'return_sale' }) as const)[kind];

/** An answer to keep with its key. */
export interface KeptAnswer {
  key: string;
  fingerprint: Buffer;
  operationId: string | null;
  status: number;
  response: unknown;
}

export interface PriceOverride {
  documentId: string;
  operationId: string;
  actorId: string;
  actor: string;
  requestId: string | null;
  sku: string;
  listPrice: number;
  unitPrice: number;
}

/** Tries all keys at once; true for those that are ours until the transaction ends. As `lockKey` does for one. */
export async function lockKeys(tx: Reader, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ key: string; locked: boolean }>(
    `SELECT k.key, pg_try_advisory_xact_lock(hashtextextended($1 || ':' || k.key, 0)) AS locked FROM unnest($2::text[]) AS k (key)`,
    [tx.tenantId, keys],
  );
  return new Set(rows.flatMap((row) => (row.locked ? [row.key] : [])));
}

/** What was answered to these keys before. A statement after `lockKeys`: beside it, it would miss what was just committed. */
export async function readAnswers(tx: Reader, keys: readonly string[]): Promise<Map<string, StoredAnswer>> {
  const rows = await tx.query<{
    key: string;
    fingerprint: Uint8Array;
    status: number;
    response: unknown;
    operation_id: string | null;
  }>(
    `SELECT a.key, a.fingerprint, a.status, CASE WHEN a.response_expires_at > clock_timestamp() THEN a.response END AS response,
       a.operation_id::text
     FROM unnest($2::text[]) AS k (key) JOIN idempotency_key a ON a.tenant_id = $1::uuid AND a.key = k.key`,
    [tx.tenantId, keys],
  );
  return new Map(
    rows.map(({ key, fingerprint, status, response, operation_id }) => [
      key,
      { fingerprint, status, response, operationId: operation_id },
    ]),
  );
}

/** A register that is open, held open and its counter held until the transaction ends. */
export interface OpenRegister {
  id: string;
  name: string;
  siteId: string;
  sessionId: string;
  nextNumber: number;
  currency: string;
}

interface RegisterRow {
  id: string;
  name: string;
  site_id: string;
  session_id: string;
  next: string;
  currency: string;
}

const openRegisters = `SELECT r.id::text, r.name, r.site_id::text, s.id::text AS session_id, r.next_sale_number::text AS next,
     (SELECT currency FROM tenant WHERE id = $1::uuid) AS currency
   FROM register r JOIN register_session s ON s.tenant_id = r.tenant_id AND s.register_id = r.id AND s.closed_at IS NULL
   WHERE r.tenant_id = $1::uuid AND r.id = ANY ($2::uuid[]) AND r.active`;

const registersIn = (rows: readonly RegisterRow[]): Map<string, OpenRegister> =>
  new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        name: row.name,
        siteId: row.site_id,
        sessionId: row.session_id,
        nextNumber: Number(row.next),
        currency: row.currency,
      },
    ]),
  );

/**
 * Session, then counter, by register: those that are open. The session is locked so that it is not closed meanwhile, which others
 * may do too; the counter for this transaction alone, so that numbers have no gaps.
 */
export async function lockRegisters(tx: Reader, ids: readonly string[]): Promise<Map<string, OpenRegister>> {
  return registersIn(
    await tx.query<RegisterRow>(`${openRegisters} ORDER BY r.id FOR KEY SHARE OF s FOR NO KEY UPDATE OF r`, [
      tx.tenantId,
      ids,
    ]),
  );
}

/** Those that are open by the last commit; nothing is held. */
export async function readOpenRegisters(tx: Reader, ids: readonly string[]): Promise<Map<string, OpenRegister>> {
  return registersIn(await tx.query<RegisterRow>(openRegisters, [tx.tenantId, ids]));
}

const jsonOf = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** A column of what is written: name, type, value of a row. */
type Column<Row> = [name: string, type: string, of: (row: Row) => unknown];

/** The parts of one statement that writes rows into several tables, with their values; tables without rows are not in it. */
class Write {
  private readonly parts: string[] = [];
  private readonly values: unknown[];

  constructor(private readonly tx: SalesTx) {
    this.values = [tx.tenantId];
  }

  /** `rows` as a table: `unnest($2::uuid[], …) AS name (…)`. */
  rows<Row>(name: string, rows: readonly Row[], columns: readonly Column<Row>[]): string {
    const places = columns.map(([, type, of]) => `$${this.values.push(rows.map(of))}::${type}[]`);
    return `unnest(${places.join(', ')}) AS ${name} (${columns.map(([column]) => column).join(', ')})`;
  }

  part(name: string, sql: string): void {
    this.parts.push(`${name} AS (${sql})`);
  }

  insert<Row>(table: string, rows: readonly Row[], columns: readonly Column<Row>[]): void {
    if (rows.length === 0) return;
    const names = columns.map(([name]) => name).join(', ');
    const from = this.rows('r', rows, columns);
    this.part(`into_${table}`, `INSERT INTO ${table} (tenant_id, ${names}) SELECT $1::uuid, r.* FROM ${from}`);
  }

  async run(): Promise<void> {
    if (this.parts.length > 0) await this.tx.query(`WITH ${this.parts.join(',\n')} SELECT 1`, this.values);
  }
}

/**
 * Writes documents with all that belongs to them, in one statement: sale, lines, payments, the operation with its first line of
 * the timeline and its outbox row (the same as `acceptOperation`), the counters of the registers, audit of changed prices, mails
 * that are to go, answers that are kept. The registers are locked (`lockRegisters`) and stock has been decided.
 */
export async function acceptSales(
  tx: SalesTx,
  documents: readonly NewDocument[],
  more: { answers?: readonly KeptAnswer[]; overrides?: readonly PriceOverride[] } = {},
): Promise<void> {
  const { answers = [], overrides = [] } = more;
  const lines = documents.flatMap(({ id, lines: own }) => own.map((line) => ({ ...line, documentId: id })));
  const payments = documents.flatMap(({ id, payments: own }) =>
    own.map((payment, index) => ({ ...payment, documentId: id, position: index + 1 })),
  );
  const operations = documents.map((document) => {
    const kind = operationKindOf(document.kind);
    const args: [OperationRef] = [{ tenantId: tx.tenantId, operationId: document.operationId, attempt: 1 }];
    return {
      id: document.operationId,
      kind,
      ...kindSpecs[kind],
      workflowId: workflowIdOf(kind, document.operationId, 1),
      args: JSON.stringify(args),
      siteId: document.siteId,
      userId: document.userId,
      data: JSON.stringify({ number: document.number, total: document.total, currency: document.currency, ahead: 0 }),
    };
  });
  const counters = new Map<string, number>();
  for (const { registerId, number } of documents) {
    counters.set(registerId, Math.max(counters.get(registerId) ?? 0, number + 1));
  }
  const mails = documents.flatMap(({ id, mailTo }) => (mailTo === null ? [] : [{ documentId: id, mailTo }]));
  const write = new Write(tx);
  write.insert('sale', documents, [
    ['id', 'uuid', (row) => row.id],
    ['operation_id', 'uuid', (row) => row.operationId],
    ['kind', 'text', (row) => row.kind],
    ['site_id', 'uuid', (row) => row.siteId],
    ['register_id', 'uuid', (row) => row.registerId],
    ['session_id', 'uuid', (row) => row.sessionId],
    ['number', 'int8', (row) => row.number],
    ['original_id', 'uuid', (row) => row.originalId],
    ['currency', 'text', (row) => row.currency],
    ['total', 'int8', (row) => row.total],
    ['tax', 'int8', (row) => row.tax],
    ['change', 'int8', (row) => row.change],
    ['customer', 'jsonb', (row) => jsonOf(row.customer)],
    ['reason', 'text', (row) => row.reason],
    ['user_id', 'uuid', (row) => row.userId],
    ['client_at', 'timestamptz', (row) => row.clientAt],
    ['line_count', 'int4', (row) => row.lines.length],
  ]);
  write.insert('sale_line', lines, [
    ['sale_id', 'uuid', (row) => row.documentId],
    ['line', 'int4', (row) => row.line],
    ['variant_id', 'uuid', (row) => row.variantId],
    ['sku', 'text', (row) => row.sku],
    ['name', 'text', (row) => row.name],
    ['unit', 'text', (row) => row.unit],
    ['quantity', 'numeric', (row) => formatQuantity(row.quantity)],
    ['unit_price', 'int8', (row) => row.unitPrice],
    ['list_price', 'int8', (row) => row.listPrice],
    ['unit_cost', 'int8', (row) => row.unitCost],
    ['tax_rate', 'numeric', (row) => row.taxRate],
    ['tax', 'int8', (row) => row.tax],
    ['total', 'int8', (row) => row.total],
    ['original_line', 'int4', (row) => row.originalLine],
  ]);
  write.insert('sale_payment', payments, [
    ['sale_id', 'uuid', (row) => row.documentId],
    ['position', 'int4', (row) => row.position],
    ['method', 'text', (row) => row.method],
    ['amount', 'int8', (row) => row.amount],
  ]);
  if (documents.length > 0) {
    const asked = write.rows('o', operations, [
      ['id', 'uuid', (row) => row.id],
      ['kind', 'text', (row) => row.kind],
      ['queue', 'text', (row) => row.queue],
      ['site_id', 'uuid', (row) => row.siteId],
      ['user_id', 'uuid', (row) => row.userId],
      ['data', 'jsonb', (row) => row.data],
      ['outbox_id', 'uuid', () => newId()],
      ['workflow', 'text', (row) => row.workflow],
      ['workflow_id', 'text', (row) => row.workflowId],
      ['args', 'jsonb', (row) => row.args],
    ]);
    write.part('asked', `SELECT * FROM ${asked}`);
    write.part(
      'operations',
      `INSERT INTO operation (tenant_id, id, kind, queue, site_id, created_by)
       SELECT $1::uuid, id, kind, queue, site_id, user_id FROM asked`,
    );
    write.part(
      'told',
      `INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, data, actor_id, site_id)
       SELECT $1::uuid, id, 1, 'accepted', 'pending', 1, 'accepted', data, user_id, site_id FROM asked`,
    );
    write.part(
      'boxed',
      `INSERT INTO outbox (tenant_id, id, action, queue, workflow_type, workflow_id, args, operation_id, attempt)
       SELECT $1::uuid, outbox_id, 'start', queue, workflow, workflow_id, args, id, 1 FROM asked`,
    );
    const counted = write.rows(
      'k',
      [...counters],
      [
        ['id', 'uuid', ([id]) => id],
        ['next', 'int8', ([, number]) => number],
      ],
    );
    write.part(
      'counted',
      `UPDATE register r SET next_sale_number = k.next FROM ${counted} WHERE r.tenant_id = $1::uuid AND r.id = k.id`,
    );
  }
  if (answers.length > 0) {
    const kept = write.rows('a', answers, [
      ['key', 'text', (row) => row.key],
      ['fingerprint', 'text', (row) => row.fingerprint.toString('hex')],
      ['operation_id', 'uuid', (row) => row.operationId],
      ['status', 'int4', (row) => row.status],
      ['response', 'jsonb', (row) => JSON.stringify(row.response)],
    ]);
    write.part(
      'answered',
      `INSERT INTO idempotency_key (tenant_id, key, fingerprint, operation_id, status, response, response_expires_at)
       SELECT $1::uuid, a.key, decode(a.fingerprint, 'hex'), a.operation_id, a.status, a.response,
         clock_timestamp() + make_interval(days => ${keepDays}) FROM ${kept}`,
    );
  }
  write.insert('audit', overrides, [
    ['id', 'uuid', () => newId()],
    ['action', 'text', () => 'sale.price'],
    ['actor_id', 'uuid', (row) => row.actorId],
    ['actor', 'text', (row) => row.actor],
    ['entity_type', 'text', () => 'sale'],
    ['entity_id', 'text', (row) => row.documentId],
    ['before', 'jsonb', ({ sku, listPrice }) => JSON.stringify({ sku, price: listPrice })],
    ['after', 'jsonb', ({ sku, unitPrice }) => JSON.stringify({ sku, price: unitPrice })],
    ['operation_id', 'uuid', (row) => row.operationId],
    ['request_id', 'text', (row) => row.requestId],
  ]);
  write.insert('receipt_mail', mails, [
    ['id', 'uuid', () => newId()],
    ['sale_id', 'uuid', (row) => row.documentId],
    ['recipient', 'text', (row) => row.mailTo],
  ]);
  await write.run();
  if (documents.length > 0) {
    tx.hint('feed');
    tx.hint('outbox');
  }
}
