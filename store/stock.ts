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
  on_hand: string;
  held: string;
  version: string;
  allow_negative: boolean;
  negative_task_id: string | null;
}

type ChangedRow = Pick<LevelRow, 'site_id' | 'variant_id' | 'on_hand' | 'held' | 'version'>;

export const levelIn = (row: LevelRow): StockLevel => ({
  siteId: row.site_id,
  variantId: row.variant_id,
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

/**
 * As `lockAndDecide`, on levels that were only read: `writeDecision` locks them and says when they are no longer enough for it.
 * Nothing that ends a hold.
 */
export function decideRead(
  levels: readonly StockLevel[],
  groups: readonly StockGroup[],
): { outcomes: StockOutcome[]; decision: Omit<StockDecision, 'outcomes'> } {
  const { outcomes, ...decision } = decideStock(levels, [], groups, newId);
  return { outcomes, decision };
}

/** How `stock_level l` stands. */
export const levelState = `l.on_hand::text, l.held::text, l.version::text, l.allow_negative, l.negative_task_id::text`;
const levelColumns = `l.site_id::text, l.variant_id::text, ${levelState}`;

const asked = `unnest($2::uuid[], $3::uuid[]) AS k (site_id, variant_id)
     JOIN stock_level l ON l.tenant_id = $1::uuid AND l.site_id = k.site_id AND l.variant_id = k.variant_id`;

/** One order of locks for everybody. */
const locked = 'ORDER BY l.site_id, l.variant_id FOR NO KEY UPDATE OF l';

/** Those that there are, as of the last commit. */
export async function readLevels(tx: Pick<Tx, 'tenantId' | 'query'>, refs: readonly LevelRef[]): Promise<StockLevel[]> {
  if (refs.length === 0) return [];
  const rows = await tx.query<LevelRow>(`SELECT ${levelColumns} FROM ${asked}`, [
    tx.tenantId,
    siteIds(refs),
    variantIds(refs),
  ]);
  return rows.map(levelIn);
}

/** Those that there are, each locked. */
export async function lockLevels(tx: LedgerTx, wanted: readonly LevelRef[]): Promise<StockLevel[]> {
  const refs = sortedRefs(wanted);
  if (refs.length === 0) return [];
  const rows = await tx.query<LevelRow>(`SELECT ${levelColumns} FROM ${asked} ${locked}`, [
    tx.tenantId,
    siteIds(refs),
    variantIds(refs),
  ]);
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

/** Of a decision on levels that were only read: one of them has less by now than it takes. Nothing may be committed. */
export const isOvertaken = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === '40001';

/**
 * Everything of a decision. What it takes from a level and adds to it is written onto the level as it stands: under a lock that
 * is what was decided on; without, there may be more or less by now.
 * @param how `read`: the levels are locked here, and have to hold what is taken from them
 * @throws isOvertaken with `read`: a level has too little by now
 */
export async function writeDecision(
  tx: LedgerTx,
  decision: Omit<StockDecision, 'outcomes'>,
  how: 'locked' | 'read' = 'locked',
): Promise<void> {
  const { before, levels, movements, holds, holdEnds, shortagesOpened, shortagesClosed } = decision;
  if (levels.length === 0) return;
  const was = (ref: LevelRef): StockLevel => before.get(levelKey(ref))!;
  const [movedFrom, changedFrom] = [movements.map(was), levels.map(was)];
  const lock =
    how === 'read'
      ? tx.query(`SELECT count(*) FROM (SELECT FROM ${asked} ${locked}) AS mine`, [
          tx.tenantId,
          siteIds(levels),
          variantIds(levels),
        ])
      : null;
  // A statement of its own behind the lock: it sees what whoever had the lock before has committed.
  const write = tx.query<ChangedRow>(
    `WITH moved AS (
       INSERT INTO stock_movement (tenant_id, id, site_id, variant_id, location_id, version, kind, quantity, balance,
         unit_cost, unit_price, reason, operation_id, document_id, user_id, client_at)
       SELECT $1::uuid, m.id, m.site_id, m.variant_id, l.location_id, l.version + m.place, m.kind, m.quantity, l.on_hand + m.moved,
         m.unit_cost, m.unit_price, m.reason, m.operation_id, m.document_id, m.user_id, m.client_at
       FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int8[], $6::text[], $7::numeric[], $8::numeric[], $9::int8[],
           $10::int8[], $11::text[], $12::uuid[], $13::uuid[], $14::uuid[], $15::timestamptz[])
         AS m (id, site_id, variant_id, place, kind, quantity, moved, unit_cost, unit_price, reason, operation_id, document_id,
           user_id, client_at)
       JOIN stock_level l ON l.tenant_id = $1::uuid AND l.site_id = m.site_id AND l.variant_id = m.variant_id
     )
     UPDATE stock_level l SET
       on_hand = CASE WHEN $22::boolean OR l.allow_negative OR l.on_hand + k.moved >= l.held + k.kept THEN l.on_hand + k.moved
         ELSE level_overtaken() END,
       held = l.held + k.kept, version = l.version + k.changes,
       negative_task_id = CASE WHEN $22::boolean THEN k.shortage_id ELSE l.negative_task_id END, updated_at = clock_timestamp()
     FROM unnest($16::uuid[], $17::uuid[], $18::numeric[], $19::numeric[], $20::int8[], $21::uuid[])
       AS k (site_id, variant_id, moved, kept, changes, shortage_id)
     WHERE l.tenant_id = $1::uuid AND l.site_id = k.site_id AND l.variant_id = k.variant_id
     RETURNING l.site_id::text, l.variant_id::text, l.on_hand::text, l.held::text, l.version::text`,
    [
      tx.tenantId,
      movements.map(() => newId()),
      siteIds(movements),
      variantIds(movements),
      movements.map((row, index) => String(row.version - movedFrom[index]!.version)),
      movements.map((row) => row.kind),
      movements.map((row) => formatQuantity(row.quantity)),
      movements.map((row, index) => formatQuantity(row.balance - movedFrom[index]!.onHand)),
      movements.map((row) => textOf(row.unitCost)),
      movements.map((row) => textOf(row.unitPrice)),
      movements.map((row) => row.reason),
      movements.map((row) => row.operationId),
      movements.map((row) => row.documentId),
      movements.map((row) => row.userId),
      movements.map((row) => row.clientAt),
      siteIds(levels),
      variantIds(levels),
      levels.map((level, index) => formatQuantity(level.onHand - changedFrom[index]!.onHand)),
      levels.map((level, index) => formatQuantity(level.held - changedFrom[index]!.held)),
      levels.map((level, index) => String(level.version - changedFrom[index]!.version)),
      levels.map((level) => level.shortageId),
      how === 'locked',
    ],
  );
  const [changed] = await Promise.all([write, lock]);
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
  tx.stockChanged(
    changed.map((row) => ({
      siteId: row.site_id,
      variantId: row.variant_id,
      onHand: quantityOf(row.on_hand),
      held: quantityOf(row.held),
      version: Number(row.version),
    })),
  );
}

const textOf = (amount: number | null): string | null => (amount === null ? null : String(amount));
