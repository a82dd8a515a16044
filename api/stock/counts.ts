import { v7 as uuidv7 } from 'uuid';
import { type Actor, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { formatQuantity } from '../../domain/quantity';
import type { StockChange } from '../../domain/stock';
import { audit } from '../../store/audit';
import type { Tx } from '../../store/db';
import { reviewLowStock } from '../../store/low-stock';
import { applyStock } from '../../store/stock';
import {
  countUncounted,
  endCount,
  findCount,
  findOpenCount,
  insertCount,
  listCountLines,
  listCounts as listRecords,
  lockCount,
  saveCounted,
  type CountLine,
  type CountView,
} from '../../store/stock-counts';
import { runCommand, type CommandResult } from '../command';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { readLines, refuseDuplicates, requireSite, sitesFor } from './lines';
import type {
  CountBody,
  CountDetail,
  CountedBody,
  CountItem,
  CountLineItem,
  CountLines,
  Differences,
  Entered,
} from './schemas';

const itemOf = ({ lines, differences, createdAt, closedAt, ...count }: CountView): CountItem => ({
  ...count,
  createdAt: createdAt.toISOString(),
  closedAt: closedAt?.toISOString() ?? null,
  lineCount: lines,
  differenceCount: differences,
});

const lineOf = (line: CountLine): CountLineItem => ({
  ...line,
  expected: formatQuantity(line.expected),
  counted: formatQuantity(line.counted),
  onHand: formatQuantity(line.onHand),
  difference: formatQuantity(line.counted - line.expected),
  countedAt: line.countedAt.toISOString(),
});

/** Counts of the sites that the actor sees, the newest first. */
export async function listCounts(
  deps: ApiDeps,
  actor: Actor,
  query: { siteId?: string; cursor?: string; limit?: number },
): Promise<{ items: CountItem[]; nextCursor: string | null }> {
  requirePermission(actor, 'stock.read');
  const limit = query.limit ?? 50;
  const [before] = query.cursor === undefined ? [] : readCursor(query.cursor, [/^\d{1,15}$/]);
  const counts = await deps.db.withTenant(actor.tenantId, (tx) =>
    listRecords(tx, {
      siteIds: sitesFor(actor, query.siteId),
      ...(before !== undefined && { before: Number(before) }),
      limit: limit + 1,
    }),
  );
  const page = pageOf(counts, limit, (last) => writeCursor(String(last.number)));
  return { items: page.items.map(itemOf), nextCursor: page.nextCursor };
}

/** One count with its lines and differences. @throws NervioError not_found */
export async function getCount(deps: ApiDeps, actor: Actor, id: string): Promise<CountDetail> {
  requirePermission(actor, 'stock.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const count = await findCount(tx, id);
    if (!count || !seesSite(actor, count.site.id)) throw new NervioError('not_found');
    const lines = await listCountLines(tx, id);
    return { ...itemOf(count), lines: lines.map(lineOf), uncounted: await countUncounted(tx, id) };
  });
}

/** Begins a count; people go on selling. @throws NervioError unknown_site, count_open with the open one's id */
export async function startCount(
  deps: ApiDeps,
  actor: Actor,
  input: CountBody,
  key: string,
): Promise<CommandResult<Entered>> {
  const path = '/api/v1/stock/counts';
  const command = { actor, permission: 'stock.write', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const siteId = await requireSite(tx, actor, input.siteId);
    const id = uuidv7();
    const made = await insertCount(tx, { id, siteId, note: input.note?.trim() ?? null, createdBy: actor.userId });
    if (!made) throw new NervioError('count_open', { countId: await findOpenCount(tx, siteId) });
    await audit(tx, actor, {
      action: 'stock.count_started',
      entityType: 'stock_count',
      entityId: id,
      after: { siteId, number: made.number },
    });
    return { status: 201, body: { id, number: made.number } };
  });
}

/** The count, locked, while it can still be changed. @throws NervioError not_found, count_ended */
async function openCount(tx: Tx, actor: Actor, id: string): Promise<{ siteId: string }> {
  const count = await lockCount(tx, id);
  if (!count || !seesSite(actor, count.siteId)) throw new NervioError('not_found');
  if (count.state !== 'open') throw new NervioError('count_ended', { state: count.state });
  return count;
}

/**
 * What was counted of some articles. Counted again, the later number counts.
 * @throws NervioError not_found, count_ended, unknown_sku, duplicate_sku, bad_quantity, quantity_not_whole
 */
export async function addCounted(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: CountedBody,
  key: string,
): Promise<CommandResult<CountLines>> {
  const path = `/api/v1/stock/counts/${id}/lines`;
  const command = { actor, permission: 'stock.write', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const { siteId } = await openCount(tx, actor, id);
    const read = await readLines(
      tx,
      input.lines,
      (line) => line.counted,
      (quantity) => quantity >= 0,
    );
    refuseDuplicates(read);
    const counted = read.map(({ variant, quantity }) => ({ variantId: variant.id, counted: quantity }));
    await saveCounted(tx, { id, siteId, userId: actor.userId }, counted);
    const mine = new Set(counted.map((line) => line.variantId));
    const lines = await listCountLines(tx, id);
    return { status: 200, body: { lines: lines.filter((line) => mine.has(line.variantId)).map(lineOf) } };
  });
}

/**
 * Posts the differences to the ledger: each relative to what was expected when it was counted, so what was sold since then
 * stays sold.
 * @throws NervioError not_found, count_ended
 */
export async function closeCount(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  key: string,
): Promise<CommandResult<Differences>> {
  const path = `/api/v1/stock/counts/${id}/close`;
  const command = { actor, permission: 'stock.write', key, method: 'POST', path, body: null } as const;
  return runCommand(deps, command, async (tx) => {
    const { siteId } = await openCount(tx, actor, id);
    const differing = (await listCountLines(tx, id)).filter((line) => line.counted !== line.expected);
    const changes = differing.map((line): StockChange => ({
      do: 'move',
      siteId,
      variantId: line.variantId,
      kind: 'count',
      quantity: line.counted - line.expected,
      policy: 'record',
    }));
    await applyStock(tx, [{ documentId: id, operationId: null, userId: actor.userId, changes }]);
    await endCount(tx, id, { state: 'closed', userId: actor.userId });
    const differences = differing.map(lineOf);
    await audit(tx, actor, {
      action: 'stock.count_closed',
      entityType: 'stock_count',
      entityId: id,
      after: { siteId, differences: differences.map(({ sku, difference }) => ({ sku, difference })) },
    });
    await reviewLowStock(
      tx,
      differing.map(({ variantId }) => ({ siteId, variantId })),
    );
    return { status: 200, body: { differences } };
  });
}

/** Nothing of it is posted. @throws NervioError not_found, count_ended */
export async function cancelCount(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  key: string,
): Promise<CommandResult<{ id: string; state: 'cancelled' }>> {
  const path = `/api/v1/stock/counts/${id}/cancel`;
  const command = { actor, permission: 'stock.write', key, method: 'POST', path, body: null } as const;
  return runCommand(deps, command, async (tx) => {
    const { siteId } = await openCount(tx, actor, id);
    await endCount(tx, id, { state: 'cancelled', userId: actor.userId });
    await audit(tx, actor, {
      action: 'stock.count_cancelled',
      entityType: 'stock_count',
      entityId: id,
      after: { siteId },
    });
    return { status: 200, body: { id, state: 'cancelled' as const } };
  });
}
