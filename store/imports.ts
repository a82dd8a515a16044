import type { ImportData, ImportLine, ImportProblem } from '../domain/product-import';
import type { Tx } from './db';

export type ImportAction = 'create' | 'update' | 'same' | 'bad';

export interface NewImport {
  id: string;
  fileName: string;
  fileKey: string;
  ignoredColumns: string[];
  createdBy: string;
  lines: { row: number; line: ImportLine; action: ImportAction; variantId: string | null }[];
}

/** A part of the lines at a time: a statement of megabytes helps nobody. */
const linesOfStatement = 2_000;

export async function insertImport(tx: Tx, input: NewImport): Promise<void> {
  const bad = input.lines.filter(({ action }) => action === 'bad').length;
  await tx.query(
    `WITH made AS (
       INSERT INTO product_import (tenant_id, id, file_name, file_key, row_count, bad_count, ignored_columns, created_by)
       VALUES ($1::uuid, $2::uuid, $3, $4, $5::int, $6::int, $7::text[], $8::uuid)
     ) SELECT 1`,
    [
      tx.tenantId,
      input.id,
      input.fileName,
      input.fileKey,
      input.lines.length,
      bad,
      input.ignoredColumns,
      input.createdBy,
    ],
  );
  for (let at = 0; at < input.lines.length; at += linesOfStatement) {
    await tx.query(
      `WITH made AS (
         INSERT INTO product_import_row (tenant_id, import_id, row, data, problems, action, variant_id)
         SELECT $1::uuid, $2::uuid, r.row, r.data, r.problems, r.action, r.variant_id
         FROM jsonb_to_recordset($3::jsonb) AS r (row int, data jsonb, problems jsonb, action text, variant_id uuid)
       ) SELECT 1`,
      [
        tx.tenantId,
        input.id,
        JSON.stringify(
          input.lines.slice(at, at + linesOfStatement).map(({ row, line, action, variantId }) => ({
            row,
            data: line.data,
            problems: line.problems,
            action,
            variant_id: variantId,
          })),
        ),
      ],
    );
  }
}

export interface ImportRecord {
  id: string;
  fileName: string;
  fileKey: string;
  operationId: string | null;
  undoneBy: string | null;
  state: 'previewed' | 'applying' | 'applied' | 'undoing' | 'undone' | 'cancelled';
  /** The operation that applies or undoes it rests until a person decides. */
  needsAttention: boolean;
  rowCount: number;
  badCount: number;
  /** Lines that it would make or change. */
  toApply: number;
  /** Of these, how many have been dealt with. */
  doneCount: number;
  keptCount: number;
  ignoredColumns: string[];
  createdBy: { id: string; name: string };
  createdAt: Date;
  endedAt: Date | null;
}

interface ImportRow {
  id: string;
  file_name: string;
  file_key: string;
  operation_id: string | null;
  undone_by: string | null;
  state: ImportRecord['state'];
  needs_attention: boolean;
  row_count: number;
  bad_count: number;
  to_apply: number;
  done_count: number;
  kept_count: number;
  ignored_columns: string[];
  user_id: string;
  user_name: string | null;
  created_at: Date;
  ended_at: Date | null;
}

const importOf = (row: ImportRow): ImportRecord => ({
  id: row.id,
  fileName: row.file_name,
  fileKey: row.file_key,
  operationId: row.operation_id,
  undoneBy: row.undone_by,
  state: row.state,
  needsAttention: row.needs_attention,
  rowCount: row.row_count,
  badCount: row.bad_count,
  toApply: row.to_apply,
  doneCount: row.done_count,
  keptCount: row.kept_count,
  ignoredColumns: row.ignored_columns,
  createdBy: { id: row.user_id, name: row.user_name ?? '' },
  createdAt: row.created_at,
  endedAt: row.ended_at,
});

/** What state it is in, its operations say: one that undoes it and was cancelled has left it as it was. */
const importSelect = `i.id, i.file_name, i.file_key, i.operation_id, i.undone_by, i.row_count, i.bad_count, i.done_count, i.kept_count,
  i.ignored_columns, i.created_by AS user_id, u.name AS user_name, i.created_at, i.ended_at,
  (SELECT count(*)::int FROM product_import_row r WHERE r.tenant_id = i.tenant_id AND r.import_id = i.id AND r.action IN ('create', 'update')) AS to_apply,
  CASE WHEN i.operation_id IS NULL THEN 'previewed'
       WHEN o.state IN ('cancelled', 'compensated') THEN 'cancelled'
       WHEN o.state <> 'synced' THEN 'applying'
       WHEN x.state = 'synced' THEN 'undone'
       WHEN x.state IS NULL OR x.state = 'cancelled' THEN 'applied'
       ELSE 'undoing' END AS state,
  coalesce(x.state, o.state, '') = 'needs_attention' AS needs_attention`;

const importJoins = `LEFT JOIN app_user u ON u.tenant_id = i.tenant_id AND u.id = i.created_by
  LEFT JOIN operation o ON o.tenant_id = i.tenant_id AND o.id = i.operation_id
  LEFT JOIN operation x ON x.tenant_id = i.tenant_id AND x.id = i.undone_by`;

/** Newest first; `after` = the last one of the page before. */
export async function listImports(tx: Tx, after: string | null, limit: number): Promise<ImportRecord[]> {
  const rows = await tx.query<ImportRow>(
    `SELECT ${importSelect} FROM product_import i ${importJoins}
     WHERE i.tenant_id = $1::uuid AND ($2::uuid IS NULL OR i.id < $2::uuid) ORDER BY i.id DESC LIMIT $3::int`,
    [tx.tenantId, after, limit],
  );
  return rows.map(importOf);
}

/** @param lock takes the row for the rest of the transaction */
export async function findImport(tx: Tx, id: string, lock = false): Promise<ImportRecord | null> {
  const [row] = await tx.query<ImportRow>(
    `SELECT ${importSelect} FROM product_import i ${importJoins}
     WHERE i.tenant_id = $1::uuid AND i.id = $2::uuid ${lock ? 'FOR NO KEY UPDATE OF i' : ''}`,
    [tx.tenantId, id],
  );
  return row === undefined ? null : importOf(row);
}

/** The file that an operation applies or undoes. */
export async function findImportOf(tx: Tx, operationId: string): Promise<ImportRecord | null> {
  const [row] = await tx.query<ImportRow>(
    `SELECT ${importSelect} FROM product_import i ${importJoins}
     WHERE i.tenant_id = $1::uuid AND (i.operation_id = $2::uuid OR i.undone_by = $2::uuid) LIMIT 1`,
    [tx.tenantId, operationId],
  );
  return row === undefined ? null : importOf(row);
}

export async function beginImport(tx: Tx, id: string, operationId: string): Promise<void> {
  await tx.query(
    'WITH begun AS (UPDATE product_import SET operation_id = $3::uuid WHERE tenant_id = $1::uuid AND id = $2::uuid) SELECT 1',
    [tx.tenantId, id, operationId],
  );
}

export async function beginImportUndo(tx: Tx, id: string, operationId: string): Promise<void> {
  await tx.query(
    'WITH begun AS (UPDATE product_import SET undone_by = $3::uuid WHERE tenant_id = $1::uuid AND id = $2::uuid) SELECT 1',
    [tx.tenantId, id, operationId],
  );
}

export async function endImport(tx: Tx, id: string): Promise<void> {
  await tx.query(
    'WITH ended AS (UPDATE product_import SET ended_at = clock_timestamp() WHERE tenant_id = $1::uuid AND id = $2::uuid) SELECT 1',
    [tx.tenantId, id],
  );
}

/** How far the work on it is, as its operation's timeline last told. */
export async function readProgress(
  tx: Tx,
  operationId: string,
): Promise<{ done: number; total: number; perSecond: number; secondsLeft: number | null } | null> {
  const [row] = await tx.query<{
    data: { done: number; total: number; perSecond: number; secondsLeft: number | null };
  }>(
    `SELECT data FROM operation_event WHERE tenant_id = $1::uuid AND operation_id = $2::uuid AND code IN ('progress', 'taken_back')
     ORDER BY id DESC LIMIT 1`,
    [tx.tenantId, operationId],
  );
  if (row === undefined) return null;
  const { done, total, perSecond, secondsLeft } = row.data;
  return { done, total, perSecond, secondsLeft };
}

export interface ImportRowRecord {
  row: number;
  data: ImportData;
  problems: ImportProblem[];
  action: ImportAction;
  variantId: string | null;
  applied: boolean;
  kept: boolean;
}

/** In the order of the file. `problems`: only lines with something wrong, or left by the undo. */
export async function listImportRows(
  tx: Tx,
  importId: string,
  query: { problems: boolean; after: number; limit: number },
): Promise<ImportRowRecord[]> {
  const rows = await tx.query<Omit<ImportRowRecord, 'variantId'> & { variant_id: string | null }>(
    `SELECT row, data, problems, action, variant_id, applied, kept FROM product_import_row
     WHERE tenant_id = $1::uuid AND import_id = $2::uuid AND row > $3::int
       AND (NOT $4::boolean OR kept OR jsonb_array_length(problems) > 0)
     ORDER BY row LIMIT $5::int`,
    [tx.tenantId, importId, query.after, query.problems, query.limit],
  );
  return rows.map(({ variant_id, ...row }) => ({ ...row, variantId: variant_id }));
}

/** How many lines would do what. */
export async function countActions(tx: Tx, importId: string): Promise<Record<ImportAction, number>> {
  const rows = await tx.query<{ action: ImportAction; n: number }>(
    `SELECT action, count(*)::int AS n FROM product_import_row WHERE tenant_id = $1::uuid AND import_id = $2::uuid GROUP BY 1`,
    [tx.tenantId, importId],
  );
  return { create: 0, update: 0, same: 0, bad: 0, ...Object.fromEntries(rows.map(({ action, n }) => [action, n])) };
}
