import { formatQuantity, quantityOf } from '../domain/quantity';
import {
  decideStock,
  levelKey,
  makesLevel,
  type LevelRef,
  type StockDecision,
  type StockGroup,
  type StockHold,
  type StockLevel,
  type StockOutcome,
} from '../domain/stock';
import type { Tx } from './db';
import { newId } from './new-id';

/**
 * The ledger: the only file that changes levels, movements and holds (docs/decisions/040-ledger.md). Each text is constant
 * and set-based, so that a batch of a hundred sales costs the statements of one.
 */

/** What the ledger needs of a transaction; whoever brings connections of their own brings this much. */
export type LedgerTx = Pick<Tx, 'tenantId' | 'query' | 'stockChanged'>;

export interface LevelRow {
  site_id: string;
  variant_id: string;
  location_id: string;
  on_hand: string;
  held: string;
  version: string;
  allow_negative: boolean;
  negative_task_id: string | null;
}

export const levelIn = (row: LevelRow): StockLevel => ({
  siteId: row.site_id,
  variantId: row.variant_id,
  locationId: row.location_id,
  onHand: quantityOf(row.on_hand),
  held: quantityOf(row.held),
  version: Number(row.version),
  allowNegative: row.allow_negative,
  shortageId: row.negative_task_id,
});

interface HoldRow {
  id: string;
  site_id: string;
  variant_id: string;
  quantity: string;
  state: string;
}

/** Distinct, in the order of PostgreSQL's uuid, which is the order of locks. */
function sortedRefs(refs: Iterable<LevelRef>): LevelRef[] {
  const byKey = new Map<string, LevelRef>();
  for (const ref of refs) byKey.set(levelKey(ref), ref);
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}

const siteIds = (refs: readonly LevelRef[]): string[] => refs.map((ref) => ref.siteId);
const variantIds = (refs: readonly LevelRef[]): string[] => refs.map((ref) => ref.variantId);

/**
 * Locks the levels (sorted), decides group by group in the given order, writes movements, levels and holds once. In the
 * caller's transaction and once in it: a second call would lock out of order. Two round trips for sales; one more where holds
 * end, where something is brought in, or where a level becomes short.
 * @returns one outcome per group; a group that is short has changed nothing
 */
export async function applyStock(tx: LedgerTx, groups: readonly StockGroup[]): Promise<StockOutcome[]> {
  const { outcomes, decision } = await lockAndDecide(tx, groups);
  if (decision) await writeDecision(tx, decision);
  return outcomes;
}

/**
 * The first half of `applyStock`, for whoever has more to write in the same trip: `writeDecision` has to follow in the same
 * transaction, when there is a decision to write.
 */
export async function lockAndDecide(
  tx: LedgerTx,
  groups: readonly StockGroup[],
): Promise<{ outcomes: StockOutcome[]; decision: Omit<StockDecision, 'outcomes'> | null }> {
  const changes = groups.flatMap((group) => group.changes);
  if (changes.length === 0) return { outcomes: groups.map(() => ({ ok: true })), decision: null };
  const holdIds = [
    ...new Set(
      changes.flatMap((change) =>
        change.do === 'release' ? [change.holdId] : change.do === 'move' ? (change.claims ?? []) : [],
      ),
    ),
  ];
  const refs: LevelRef[] = changes.flatMap((change) => (change.do === 'release' ? [] : [change]));
  // Which level a hold is of never changes; whether it still counts is asked again under the lock.
  if (changes.some((change) => change.do === 'release')) refs.push(...(await readHolds(tx, holdIds)));
  const carried = changes.flatMap((change) => (change.do === 'move' && makesLevel(change) ? [change] : []));
  if (carried.length > 0) await carryVariants(tx, carried);

  const levels = await lockLevels(tx, refs);
  const holds = holdIds.length > 0 ? await readHolds(tx, holdIds) : [];
  const { outcomes, ...decision } = decideStock(levels, holds, groups, newId);
  return { outcomes, decision };
}

/**
 * A level for each (site, variant) that lacks one: the site carries the variant from now on. Pairs of which the business has
 * no such site or variant are left out. Holds the site against a change of «may go below zero» meanwhile.
 */
export async function carryVariants(tx: LedgerTx, pairs: readonly LevelRef[]): Promise<void> {
  if (pairs.length === 0) return;
  const refs = sortedRefs(pairs);
  await tx.query(
    `INSERT INTO stock_level (tenant_id, site_id, variant_id, size_id, colour_id, location_id, allow_negative)
     SELECT s.tenant_id, s.id, v.id, v.size_id, v.colour_id, u.location_id, s.allow_negative
     FROM unnest($2::uuid[], $3::uuid[]) AS k (site_id, variant_id)
     JOIN site s ON s.tenant_id = $1::uuid AND s.id = k.site_id
     JOIN site_setup u ON u.tenant_id = s.tenant_id AND u.site_id = s.id
     JOIN variant v ON v.tenant_id = s.tenant_id AND v.id = k.variant_id
     WHERE NOT EXISTS (SELECT FROM stock_level l WHERE l.tenant_id = s.tenant_id AND l.site_id = s.id AND l.variant_id = v.id)
     ORDER BY s.id, v.id FOR SHARE OF s
     ON CONFLICT (tenant_id, site_id, variant_id) DO NOTHING`,
    [tx.tenantId, siteIds(refs), variantIds(refs)],
  );
}

/** As `lockAndDecide`, where the levels are locked already (`levelLock`) and no hold ends. */
export function decideLocked(
  levels: readonly StockLevel[],
  groups: readonly StockGroup[],
): { outcomes: StockOutcome[]; decision: Omit<StockDecision, 'outcomes'> } {
  const { outcomes, ...decision } = decideStock(levels, [], groups, newId);
  return { outcomes, decision };
}

/** Of `stock_level l`. */
export const levelColumns = `l.site_id::text, l.variant_id::text, l.location_id::text, l.on_hand::text, l.held::text, l.version::text,
  l.allow_negative, l.negative_task_id::text`;

/** Ends a question that locks each level it tells of, in one order for everybody. */
export const levelLock = 'ORDER BY l.site_id, l.variant_id FOR NO KEY UPDATE OF l';

/** Those that there are, each locked, in one order for everybody. */
export async function lockLevels(tx: LedgerTx, wanted: readonly LevelRef[]): Promise<StockLevel[]> {
  const refs = sortedRefs(wanted);
  if (refs.length === 0) return [];
  const rows = await tx.query<LevelRow>(
    `SELECT ${levelColumns} FROM unnest($2::uuid[], $3::uuid[]) AS k (site_id, variant_id)
     JOIN stock_level l ON l.tenant_id = $1::uuid AND l.site_id = k.site_id AND l.variant_id = k.variant_id
     ${levelLock}`,
    [tx.tenantId, siteIds(refs), variantIds(refs)],
  );
  return rows.map(levelIn);
}

/**
 * A statement of its own after the levels are locked: beside the locked row it would read the holds as they were before the
 * wait, and oversell.
 */
async function readHolds(tx: LedgerTx, ids: readonly string[]): Promise<StockHold[]> {
  const rows = await tx.query<HoldRow>(
    `SELECT h.id::text, h.site_id::text, h.variant_id::text, h.quantity::text, h.state
     FROM stock_hold h WHERE h.tenant_id = $1::uuid AND h.id = ANY ($2::uuid[])`,
    [tx.tenantId, ids],
  );
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    variantId: row.variant_id,
    quantity: quantityOf(row.quantity),
    open: row.state === 'held',
  }));
}

/** Everything of a decision, under the locks of its levels. */
export async function writeDecision(tx: LedgerTx, decision: Omit<StockDecision, 'outcomes'>): Promise<void> {
  const { levels, movements, holds, holdEnds, shortagesOpened, shortagesClosed } = decision;
  if (levels.length === 0) return;
  await tx.query(
    `WITH moved AS (
       INSERT INTO stock_movement (tenant_id, id, site_id, variant_id, location_id, version, kind, quantity, balance,
         unit_cost, unit_price, reason, operation_id, document_id, user_id, client_at)
       SELECT $1::uuid, m.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int8[], $7::text[], $8::numeric[],
         $9::numeric[], $10::int8[], $11::int8[], $12::text[], $13::uuid[], $14::uuid[], $15::uuid[], $16::timestamptz[]) AS m
     )
     UPDATE stock_level l SET on_hand = k.on_hand, held = k.held, version = k.version, negative_task_id = k.shortage_id,
       updated_at = clock_timestamp()
     FROM unnest($17::uuid[], $18::uuid[], $19::numeric[], $20::numeric[], $21::int8[], $22::uuid[])
       AS k (site_id, variant_id, on_hand, held, version, shortage_id)
     WHERE l.tenant_id = $1::uuid AND l.site_id = k.site_id AND l.variant_id = k.variant_id`,
    [
      tx.tenantId,
      movements.map(() => newId()),
      siteIds(movements),
      variantIds(movements),
      movements.map((row) => row.locationId),
      movements.map((row) => String(row.version)),
      movements.map((row) => row.kind),
      movements.map((row) => formatQuantity(row.quantity)),
      movements.map((row) => formatQuantity(row.balance)),
      movements.map((row) => textOf(row.unitCost)),
      movements.map((row) => textOf(row.unitPrice)),
      movements.map((row) => row.reason),
      movements.map((row) => row.operationId),
      movements.map((row) => row.documentId),
      movements.map((row) => row.userId),
      movements.map((row) => row.clientAt),
      siteIds(levels),
      variantIds(levels),
      levels.map((level) => formatQuantity(level.onHand)),
      levels.map((level) => formatQuantity(level.held)),
      levels.map((level) => String(level.version)),
      levels.map((level) => level.shortageId),
    ],
  );
  if (holds.length > 0) {
    await tx.query(
      `INSERT INTO stock_hold (tenant_id, id, site_id, variant_id, quantity, purpose, owner_id, expires_at, created_by)
       SELECT $1::uuid, h.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::numeric[], $6::text[], $7::uuid[],
         $8::timestamptz[], $9::uuid[]) AS h`,
      [
        tx.tenantId,
        holds.map((hold) => hold.id),
        siteIds(holds),
        variantIds(holds),
        holds.map((hold) => formatQuantity(hold.quantity)),
        holds.map((hold) => hold.purpose),
        holds.map((hold) => hold.ownerId),
        holds.map((hold) => hold.expiresAt),
        holds.map((hold) => hold.userId),
      ],
    );
  }
  if (holdEnds.length > 0) {
    await tx.query(
      `UPDATE stock_hold h SET state = k.state, ended_at = clock_timestamp()
       FROM unnest($2::uuid[], $3::text[]) AS k (id, state) WHERE h.tenant_id = $1::uuid AND h.id = k.id`,
      [tx.tenantId, holdEnds.map((end) => end.id), holdEnds.map((end) => end.as)],
    );
  }
  if (shortagesOpened.length > 0) {
    await tx.query(
      `INSERT INTO stock_shortage (tenant_id, id, site_id, variant_id)
       SELECT $1::uuid, s.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS s`,
      [tx.tenantId, shortagesOpened.map((row) => row.id), siteIds(shortagesOpened), variantIds(shortagesOpened)],
    );
  }
  if (shortagesClosed.length > 0) {
    await tx.query(
      'UPDATE stock_shortage SET closed_at = clock_timestamp() WHERE tenant_id = $1::uuid AND id = ANY ($2::uuid[])',
      [tx.tenantId, shortagesClosed],
    );
  }
  tx.stockChanged(levels);
}

const textOf = (amount: number | null): string | null => (amount === null ? null : String(amount));
