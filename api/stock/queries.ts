import { createHash } from 'node:crypto';
import { type Actor, seesCost, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { lineTotal, money } from '../../domain/money';
import { formatQuantity, quantityOf } from '../../domain/quantity';
import { findSkus, type NamedVariant } from '../../store/skus';
import type { Tx } from '../../store/db';
import { findEntry, listEntries as listEntryRecords, listEntryLines, type EntryView } from '../../store/stock-entries';
import { listHistory } from '../../store/stock-history';
import {
  listConsolidated as listConsolidatedRecords,
  listLevels,
  listShortages as listShortageRecords,
  type LevelView,
} from '../../store/stock-levels';
import { listFindings as listFindingRecords } from '../../store/stock-reconciliation';
import { currencyOf } from '../../store/tenants';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { sitesFor } from './lines';
import type {
  BySite,
  ConsolidatedItem,
  EntryDetail,
  EntryItem,
  FindingItem,
  LevelItem,
  MovementItem,
  ShortageItem,
} from './schemas';

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
interface PageQuery {
  cursor?: string;
  limit?: number;
}

const uuid = /^[0-9a-f-]{36}$/;
const sku = /^[^\0]{1,64}$/;
const version = /^\d{1,16}$/;
const instant = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/;

const figuresOf = ({ onHand, held, inTransit }: { onHand: number; held: number; inTransit: number }) => ({
  onHand: formatQuantity(onHand),
  held: formatQuantity(held),
  available: formatQuantity(onHand - held),
  inTransit: formatQuantity(inTransit),
});

const optional = (quantity: number | null): string | null => (quantity === null ? null : formatQuantity(quantity));

const levelOf = (level: LevelView): LevelItem => ({
  siteId: level.siteId,
  site: level.siteName,
  variantId: level.variantId,
  sku: level.sku,
  name: level.name,
  size: level.size,
  colour: level.colour,
  unit: level.unit,
  ...figuresOf(level),
  minStock: optional(level.minStock),
  maxStock: optional(level.maxStock),
  location: level.location,
  version: level.version,
});

/** Levels of the sites that the actor sees, by sku; `low`: only what is at its minimum or below it. */
export async function listStock(
  deps: ApiDeps,
  actor: Actor,
  query: PageQuery & { siteId?: string; sku?: string; q?: string; low?: boolean },
): Promise<Page<LevelItem>> {
  requirePermission(actor, 'stock.read');
  const limit = query.limit ?? 50;
  const [afterSku, siteId] = query.cursor === undefined ? [] : readCursor(query.cursor, [sku, uuid]);
  const levels = await deps.db.withTenant(actor.tenantId, async (tx) => {
    const named = query.sku === undefined ? null : (await findSkus(tx, [query.sku])).get(query.sku);
    if (named === undefined) return [];
    return listLevels(tx, {
      siteIds: sitesFor(actor, query.siteId),
      ...(named !== null && { sku: named.sku }),
      ...(query.q !== undefined && { q: query.q }),
      ...(query.low !== undefined && { low: query.low }),
      ...(afterSku !== undefined && siteId !== undefined && { after: { sku: afterSku, siteId } }),
      limit: limit + 1,
    });
  });
  const page = pageOf(levels, limit, (last) => writeCursor(last.sku, last.siteId));
  return { items: page.items.map(levelOf), nextCursor: page.nextCursor };
}

/** The same question has the same name, whoever asks it and sees the same sites. */
const questionOf = (...parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32);

const sortedSites = (actor: Actor): string[] | null => (actor.siteIds === null ? null : [...actor.siteIds].sort());

/** INV-05, INV-09: what the business has in all the sites that the actor sees, by sku. Kept for a while; `asOf` says since when. */
export async function listConsolidated(
  deps: ApiDeps,
  actor: Actor,
  query: PageQuery & { q?: string },
): Promise<Page<ConsolidatedItem> & { asOf: string }> {
  requirePermission(actor, 'stock.read');
  const limit = query.limit ?? 50;
  const [after] = query.cursor === undefined ? [] : readCursor(query.cursor, [sku]);
  const siteIds = sortedSites(actor);
  const q = query.q?.trim() ?? '';
  const name = questionOf('consolidated', siteIds, q, after ?? null, limit);
  const { value, asOf } = await deps.stockCache.through(actor.tenantId, name, async () => {
    const rows = await deps.db.withTenant(actor.tenantId, (tx) =>
      listConsolidatedRecords(tx, { siteIds, q, ...(after !== undefined && { after }), limit: limit + 1 }),
    );
    const page = pageOf(rows, limit, (last) => writeCursor(last.sku));
    const items = page.items.map(({ onHand, held, inTransit, ...row }) => ({
      ...row,
      ...figuresOf({ onHand, held, inTransit }),
    }));
    return { items, nextCursor: page.nextCursor };
  });
  return { ...value, asOf };
}

/** @throws NervioError not_found */
async function requireVariant(tx: Tx, asked: string): Promise<NamedVariant> {
  const found = (await findSkus(tx, [asked])).get(asked);
  if (!found) throw new NervioError('not_found');
  return found;
}

/** INV-07: an article at each site that the actor sees. Kept like the consolidated list. @throws NervioError not_found */
export async function stockBySite(deps: ApiDeps, actor: Actor, query: { sku: string }): Promise<BySite> {
  requirePermission(actor, 'stock.read');
  const siteIds = sortedSites(actor);
  const name = questionOf('by-site', siteIds, query.sku);
  const { value, asOf } = await deps.stockCache.through(actor.tenantId, name, () =>
    deps.db.withTenant(actor.tenantId, async (tx) => {
      const variant = await requireVariant(tx, query.sku);
      const levels = await listLevels(tx, { siteIds, sku: variant.sku, limit: 1_000 });
      return {
        sku: variant.sku,
        name: variant.name,
        unit: variant.unit,
        size: levels[0]?.size ?? '',
        colour: levels[0]?.colour ?? '',
        items: levels.map((level) => ({ siteId: level.siteId, site: level.siteName, ...figuresOf(level) })),
      };
    }),
  );
  return { ...value, nextCursor: null, asOf };
}

/** INV-01: what happened to an article, newest first, with the balance of its site after each. @throws NervioError not_found */
export async function listMovements(
  deps: ApiDeps,
  actor: Actor,
  asked: string,
  query: PageQuery & { siteId?: string },
): Promise<Page<MovementItem>> {
  requirePermission(actor, 'stock.read');
  const limit = query.limit ?? 50;
  const [at, siteId, lastVersion] =
    query.cursor === undefined ? [] : readCursor(query.cursor, [instant, uuid, version]);
  const { rows, currency } = await deps.db.withTenant(actor.tenantId, async (tx) => {
    const variant = await requireVariant(tx, asked);
    const found = await listHistory(tx, {
      variantId: variant.id,
      siteIds: sitesFor(actor, query.siteId),
      ...(at !== undefined && siteId !== undefined && { after: { at, siteId, version: Number(lastVersion) } }),
      limit: limit + 1,
    });
    return { rows: found, currency: await currencyOf(tx) };
  });
  const amount = (value: number | null) => (value === null ? null : money(value, currency));
  const cost = seesCost(actor) ? amount : () => null;
  const page = pageOf(rows, limit, (last) => writeCursor(last.atText, last.siteId, String(last.version)));
  return {
    items: page.items.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      siteId: row.siteId,
      site: row.siteName,
      kind: row.kind,
      quantity: formatQuantity(row.quantity),
      balance: formatQuantity(row.balance),
      version: row.version,
      reason: row.reason,
      unitCost: cost(row.unitCost),
      unitPrice: amount(row.unitPrice),
      document: row.document,
      user: row.user,
      operationId: row.operationId,
      clientAt: row.clientAt?.toISOString() ?? null,
    })),
    nextCursor: page.nextCursor,
  };
}

const entryOf = (actor: Actor, { lines, totalCost, createdAt, ...entry }: EntryView, currency: string): EntryItem => ({
  ...entry,
  createdAt: createdAt.toISOString(),
  lineCount: lines,
  totalCost: seesCost(actor) ? money(totalCost, currency) : null,
});

/** Entries of the sites that the actor sees, the newest first. */
export async function listEntries(
  deps: ApiDeps,
  actor: Actor,
  query: PageQuery & { siteId?: string },
): Promise<Page<EntryItem>> {
  requirePermission(actor, 'stock.read');
  const limit = query.limit ?? 50;
  const [before] = query.cursor === undefined ? [] : readCursor(query.cursor, [/^\d{1,15}$/]);
  const { entries, currency } = await deps.db.withTenant(actor.tenantId, async (tx) => ({
    entries: await listEntryRecords(tx, {
      siteIds: sitesFor(actor, query.siteId),
      ...(before !== undefined && { before: Number(before) }),
      limit: limit + 1,
    }),
    currency: await currencyOf(tx),
  }));
  const page = pageOf(entries, limit, (last) => writeCursor(String(last.number)));
  return { items: page.items.map((entry) => entryOf(actor, entry, currency)), nextCursor: page.nextCursor };
}

/** One entry with its lines. @throws NervioError not_found */
export async function getEntry(deps: ApiDeps, actor: Actor, id: string): Promise<EntryDetail> {
  requirePermission(actor, 'stock.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const entry = await findEntry(tx, id);
    if (!entry || !seesSite(actor, entry.site.id)) throw new NervioError('not_found');
    const currency = await currencyOf(tx);
    const lines = await listEntryLines(tx, id);
    const cost = (minor: number) => (seesCost(actor) ? money(minor, currency) : null);
    return {
      ...entryOf(actor, entry, currency),
      lines: lines.map((line) => ({
        ...line,
        unitCost: cost(line.unitCost),
        total: cost(lineTotal(line.unitCost, quantityOf(line.quantity))),
      })),
    };
  });
}

/** What is promised or sold beyond what there is, the newest first. */
export async function listShortages(
  deps: ApiDeps,
  actor: Actor,
  query: PageQuery & { siteId?: string },
): Promise<Page<ShortageItem>> {
  requirePermission(actor, 'stock.read');
  const limit = query.limit ?? 50;
  const [before] = query.cursor === undefined ? [] : readCursor(query.cursor, [uuid]);
  const rows = await deps.db.withTenant(actor.tenantId, (tx) =>
    listShortageRecords(tx, {
      siteIds: sitesFor(actor, query.siteId),
      ...(before !== undefined && { before }),
      limit: limit + 1,
    }),
  );
  const page = pageOf(rows, limit, (last) => writeCursor(last.id));
  return {
    items: page.items.map(({ siteName, openedAt, onHand, held, ...row }) => ({
      ...row,
      site: siteName,
      onHand: formatQuantity(onHand),
      held: formatQuantity(held),
      available: formatQuantity(onHand - held),
      openedAt: openedAt.toISOString(),
    })),
    nextCursor: page.nextCursor,
  };
}

/** INV-04: what the reconciliation found, the newest first. */
export async function listFindings(
  deps: ApiDeps,
  actor: Actor,
  query: PageQuery & { siteId?: string },
): Promise<Page<FindingItem>> {
  requirePermission(actor, 'stock.read');
  const limit = query.limit ?? 50;
  const [at, id] = query.cursor === undefined ? [] : readCursor(query.cursor, [instant, uuid]);
  const rows = await deps.db.withTenant(actor.tenantId, (tx) =>
    listFindingRecords(tx, {
      siteIds: sitesFor(actor, query.siteId),
      ...(at !== undefined && id !== undefined && { before: { at, id } }),
      limit: limit + 1,
    }),
  );
  const page = pageOf(rows, limit, (last) => writeCursor(last.atText, last.id));
  return {
    items: page.items.map((row) => ({
      id: row.id,
      siteId: row.siteId,
      site: row.siteName,
      sku: row.sku,
      name: row.name,
      kind: row.kind,
      expected: formatQuantity(row.expected),
      found: formatQuantity(row.found),
      at: row.at.toISOString(),
      repairedAt: row.repairedAt?.toISOString() ?? null,
    })),
    nextCursor: page.nextCursor,
  };
}
