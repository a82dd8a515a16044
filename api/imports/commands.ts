import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { markRepeated, readHeadings, readImportLine } from '../../domain/product-import';
import type { OperationState } from '../../domain/operation';
import { audit } from '../../store/audit';
import { previewLines } from '../../store/import-preview';
import { beginImport, beginImportUndo, insertImport } from '../../store/imports';
import { objectKey } from '../../store/objects';
import { catalogueLanes } from '../../store/operation-lanes';
import { acceptOperation } from '../../store/operations';
import { readCurrency } from '../../store/products';
import { readTable } from '../../store/tables/read';
import { TableError, type TableRow } from '../../store/tables/table';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { foundImport, importView } from './queries';
import { type ImportView, mostImportRows } from './schemas';

const limits = { mostRows: mostImportRows, mostText: 8_000, mostBytes: 64 * 1_048_576 };

/**
 * Reads a file of products and says, line by line, what it would do; nothing of the catalogue changes yet.
 * @throws NervioError file_unreadable, too_many_rows, table_too_large, no_rows, column_missing
 */
export async function uploadImport(
  deps: ApiDeps,
  actor: Actor,
  input: { fileName: string; file: Buffer },
  key: string,
): Promise<CommandResult<ImportView>> {
  // Before the work of reading it.
  requirePermission(actor, 'products.write');
  const { fileName, file } = input;
  const command = {
    actor,
    permission: 'products.write',
    key,
    method: 'POST',
    path: '/api/v1/imports',
    body: { fileName, file: createHash('sha256').update(file).digest('hex') },
  } as const;
  const table = await tableOf(file);
  return runCommand(deps, command, async (tx) => {
    if (table instanceof NervioError) throw table;
    const [heading, ...rows] = table;
    const columns = readHeadings(heading?.cells ?? []);
    if (columns.at.sku === undefined) throw new NervioError('column_missing', { columns: ['SKU'] });
    if (rows.length === 0) throw new NervioError('no_rows');
    const currency = await readCurrency(tx);
    const lines = rows.map(({ cells }) => readImportLine(columns, cells, currency));
    markRepeated(lines);
    const preview = await previewLines(tx, lines);
    const id = uuidv7();
    const fileKey = objectKey(tx.tenantId, 'imports', id);
    await deps.objects.put(fileKey, file, 'application/octet-stream');
    await insertImport(tx, {
      id,
      fileName,
      fileKey,
      ignoredColumns: columns.ignored,
      createdBy: actor.userId,
      lines: rows.map(({ row }, at) => ({ row, line: lines[at]!, ...preview[at]! })),
    });
    await audit(tx, actor, {
      action: 'import.uploaded',
      entityType: 'import',
      entityId: id,
      after: { fileName, rows: rows.length },
    });
    return { status: 201, body: await importView(tx, await foundImport(tx, id)) };
  });
}

/** A refusal is an answer that is kept with the key, like any other. */
async function tableOf(file: Buffer): Promise<TableRow[] | NervioError> {
  try {
    return await readTable(file, limits);
  } catch (error) {
    if (error instanceof TableError) return new NervioError(error.code, {}, { cause: error });
    throw error;
  }
}

export interface AcceptedImport {
  operationId: string;
  number: number;
  state: OperationState;
}

/** The good lines of a file are applied, by a workflow. @throws NervioError not_found, import_begun, nothing_to_import */
export async function applyImport(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  key: string,
): Promise<CommandResult<AcceptedImport>> {
  const path = `/api/v1/imports/${id}/apply`;
  const command = { actor, permission: 'products.write', key, method: 'POST', path, body: null } as const;
  return runCommand(deps, command, async (tx) => {
    const record = await foundImport(tx, id, true);
    if (record.state !== 'previewed') throw new NervioError('import_begun', { state: record.state });
    if (record.toApply === 0) throw new NervioError('nothing_to_import');
    const operation = await acceptOperation(tx, {
      id: uuidv7(),
      kind: 'import_products',
      siteId: null,
      connectionId: null,
      createdBy: actor.userId,
      lanes: catalogueLanes,
      data: { file: record.fileName, rows: record.toApply },
    });
    await beginImport(tx, id, operation.id);
    await audit(tx, actor, { action: 'import.applied', entityType: 'import', entityId: id, operationId: operation.id });
    const body = { operationId: operation.id, number: operation.number, state: operation.state };
    return { status: 202, body, operationId: operation.id };
  });
}

/** What an import changed is brought back, by an operation of its own. @throws NervioError not_found, import_not_applied */
export async function undoImport(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  key: string,
): Promise<CommandResult<AcceptedImport>> {
  const path = `/api/v1/imports/${id}/undo`;
  const command = { actor, permission: 'products.write', key, method: 'POST', path, body: null } as const;
  return runCommand(deps, command, async (tx) => {
    const record = await foundImport(tx, id, true);
    if (record.state !== 'applied') throw new NervioError('import_not_applied', { state: record.state });
    const operation = await acceptOperation(tx, {
      id: uuidv7(),
      kind: 'undo_import',
      siteId: null,
      connectionId: null,
      createdBy: actor.userId,
      lanes: catalogueLanes,
      data: { file: record.fileName, rows: record.doneCount },
    });
    await beginImportUndo(tx, id, operation.id);
    await audit(tx, actor, { action: 'import.undone', entityType: 'import', entityId: id, operationId: operation.id });
    const body = { operationId: operation.id, number: operation.number, state: operation.state };
    return { status: 202, body, operationId: operation.id };
  });
}
