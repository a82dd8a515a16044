import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { importProblems } from '../../domain/product-import';
import type { Tx } from '../../store/db';
import {
  countActions,
  findImport,
  type ImportRecord,
  listImportRows,
  listImports as readImports,
  readProgress,
} from '../../store/imports';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { uuid } from '../products/queries';
import type { ImportRowView, ImportView } from './schemas';

export async function importView(tx: Tx, record: ImportRecord): Promise<ImportView> {
  const actions = await countActions(tx, record.id);
  const running =
    record.state === 'applying' ? record.operationId : record.state === 'undoing' ? record.undoneBy : null;
  return {
    id: record.id,
    fileName: record.fileName,
    state: record.state,
    needsAttention: record.needsAttention,
    rowCount: record.rowCount,
    createCount: actions.create,
    updateCount: actions.update,
    sameCount: actions.same,
    badCount: record.badCount,
    doneCount: record.doneCount,
    keptCount: record.keptCount,
    ignoredColumns: record.ignoredColumns,
    progress: running === null ? null : await readProgress(tx, running),
    operationId: record.operationId,
    undoOperationId: record.undoneBy,
    createdBy: record.createdBy,
    createdAt: record.createdAt.toISOString(),
    endedAt: record.endedAt?.toISOString() ?? null,
  };
}

interface PageQuery {
  cursor?: string;
  limit?: number;
}

/** Newest first. */
export async function listImports(
  deps: ApiDeps,
  actor: Actor,
  query: PageQuery,
): Promise<{ items: ImportView[]; nextCursor: string | null }> {
  requirePermission(actor, 'products.write');
  const { cursor, limit = 50 } = query;
  const [after = null] = cursor === undefined ? [] : readCursor(cursor, [uuid]);
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const page = pageOf(await readImports(tx, after, limit + 1), limit, (last) => writeCursor(last.id));
    const items: ImportView[] = [];
    for (const record of page.items) items.push(await importView(tx, record));
    return { items, nextCursor: page.nextCursor };
  });
}

/** @throws NervioError not_found */
export async function getImport(deps: ApiDeps, actor: Actor, id: string): Promise<ImportView> {
  requirePermission(actor, 'products.write');
  return deps.db.withTenant(actor.tenantId, async (tx) => importView(tx, await foundImport(tx, id)));
}

/** The lines of a file, with what is wrong in the reader's language. @throws NervioError not_found */
export async function listRowsOfImport(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  query: PageQuery & { problems?: boolean; language?: 'es' | 'en' },
): Promise<{ items: ImportRowView[]; nextCursor: string | null }> {
  requirePermission(actor, 'products.write');
  const { cursor, limit = 50, problems = false, language = actor.locale } = query;
  const [after = '0'] = cursor === undefined ? [] : readCursor(cursor, [/^\d{1,9}$/]);
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    await foundImport(tx, id);
    const rows = await listImportRows(tx, id, { problems, after: Number(after), limit: limit + 1 });
    const page = pageOf(rows, limit, (last) => writeCursor(String(last.row)));
    const items = page.items.map((row) => ({
      ...row,
      problems: row.problems.map(({ field, code }) => ({ field, code, message: importProblems[code][language] })),
    }));
    return { items, nextCursor: page.nextCursor };
  });
}

export async function foundImport(tx: Tx, id: string, lock = false): Promise<ImportRecord> {
  const record = await findImport(tx, id, lock);
  if (record === null) throw new NervioError('not_found');
  return record;
}
