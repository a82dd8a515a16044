import { seesSite, type Actor } from '../../domain/access';
import { choicesOf } from '../../domain/choices';
import { NervioError } from '../../domain/errors';
import type { OperationDetail, OperationState, OperationSummary } from '../../domain/operation';
import { countByState, findOperations, readOperationDetail, type OperationFilter } from '../../store/operation-views';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';

export interface OperationQuery extends Omit<OperationFilter, 'sites' | 'after' | 'limit'> {
  cursor?: string;
  limit?: number;
}

export interface OperationPage {
  items: OperationSummary[];
  nextCursor: string | null;
}

const number = /^\d{1,18}$/;

/** Newest first. `q` finds by pallet code, its beginning, or the number of the operation or the sale. */
export async function listOperations(deps: ApiDeps, actor: Actor, query: OperationQuery): Promise<OperationPage> {
  requirePermission(actor, 'operations.read');
  const { cursor, limit = 50, ...filter } = query;
  const [after] = cursor === undefined ? [] : readCursor(cursor, [number]);
  const rows = await deps.db.withTenant(actor.tenantId, (tx) =>
    findOperations(tx, {
      ...filter,
      sites: actor.siteIds,
      ...(after !== undefined && { after: Number(after) }),
      limit: limit + 1,
    }),
  );
  return pageOf(rows, limit, (last) => writeCursor(String(last.number)));
}

/** How many operations of the last 24 h (and all open ones) are in each state, as far as the person may see them. */
export async function countOperations(deps: ApiDeps, actor: Actor): Promise<Record<OperationState, number>> {
  requirePermission(actor, 'operations.read');
  return deps.db.withTenant(actor.tenantId, (tx) => countByState(tx, actor.siteIds));
}

/** @throws NervioError not_found, also for what the person may not see */
export async function getOperation(deps: ApiDeps, actor: Actor, id: string): Promise<OperationDetail> {
  requirePermission(actor, 'operations.read');
  const found = await deps.db.withTenant(actor.tenantId, (tx) => readOperationDetail(tx, id));
  if (!found || !seesSite(actor, found.site?.id ?? null)) throw new NervioError('not_found');
  const { outside, ...operation } = found;
  const { namespace, uiUrl } = deps.config.temporal;
  return {
    ...operation,
    choices: choicesOf({ ...operation, outside, problems: operation.lines.map((line) => line.problem) }),
    temporalUrl:
      operation.workflowId === null
        ? null
        : `${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(operation.workflowId)}/${operation.runId ?? ''}`,
  };
}
