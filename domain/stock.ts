/**
 * The rules of stock, pure: which changes may be made to levels, in which order, and what is written for them. The one way
 * to change a level is store/stock.ts `applyStock`, which brings the locked levels here and writes what comes back.
 */
import { mostQuantity } from './quantity';

export const movementKinds = [
  'entry',
  'sale',
  'void',
  'return',
  'adjustment',
  'count',
  'transfer_out',
  'transfer_in',
  'legacy',
  'channel',
  'opening',
] as const;
export type MovementKind = (typeof movementKinds)[number];

export type HoldPurpose = 'ticket' | 'order';

/** Changes that are made together or not at all: those of one document. */
export interface StockGroup {
  documentId: string;
  operationId: string | null;
  userId: string | null;
  /** When a device did it, as the device's clock says. */
  clientAt?: string | null;
  changes: readonly StockChange[];
}

export interface StockMove {
  do: 'move';
  siteId: string;
  variantId: string;
  kind: MovementKind;
  /** Thousandths, signed: what goes out is below zero. */
  quantity: number;
  /**
   * `refuse`: not more than is available (on hand − held, with its own claims given back) unless the level may go below zero.
   * `record`: it is so, whatever the level says (a count, a loss, goods that come back); a level that it leaves short gets an
   * open shortage.
   */
  policy: 'refuse' | 'record';
  /** Ids of holds that this movement uses up. One that has ended by now gives nothing back. */
  claims?: readonly string[];
  unitCost?: number;
  unitPrice?: number;
  reason?: string;
}

/** Keeps stock for someone; refused like a `refuse` move. */
export interface StockHolding {
  do: 'hold';
  id: string;
  siteId: string;
  variantId: string;
  quantity: number;
  purpose: HoldPurpose;
  ownerId: string;
  /** Counts until it was released, however long ago it expired. Null = has no end. */
  expiresAt: string | null;
}

/** Ends a hold; nothing happens to one that has ended. */
export interface StockRelease {
  do: 'release';
  holdId: string;
  as: 'released' | 'expired';
}

export type StockChange = StockMove | StockHolding | StockRelease;

export interface LevelRef {
  siteId: string;
  variantId: string;
}

export interface ShortLine extends LevelRef {
  /** Of the whole group at this level. */
  wanted: number;
  /** What the group could have had. */
  available: number;
}

export type StockOutcome = { ok: true } | { ok: false; short: ShortLine[] };

/** A level as it stands under its lock. Quantities in thousandths. */
export interface StockLevel extends LevelRef {
  onHand: number;
  held: number;
  /** Rises by one with every change. */
  version: number;
  allowNegative: boolean;
  /** The open shortage, if any. */
  shortageId: string | null;
}

/** A hold that may be claimed or released, as it stands under its level's lock. */
export interface StockHold extends LevelRef {
  id: string;
  quantity: number;
  /** Whether it still counts. */
  open: boolean;
}

export interface MovementRow extends LevelRef {
  version: number;
  kind: MovementKind;
  quantity: number;
  balance: number;
  unitCost: number | null;
  unitPrice: number | null;
  reason: string | null;
  operationId: string | null;
  documentId: string;
  userId: string | null;
  clientAt: string | null;
}

export interface HoldEnd {
  id: string;
  as: 'claimed' | 'released' | 'expired';
}

export interface StockDecision {
  /** One for each group, in their order. */
  outcomes: StockOutcome[];
  /** The levels that were decided on, by `levelKey`. */
  before: ReadonlyMap<string, StockLevel>;
  /** Levels that changed, as they stand afterwards. */
  levels: StockLevel[];
  /** In the order in which they happened. */
  movements: MovementRow[];
  holds: (StockHolding & { userId: string | null })[];
  holdEnds: HoldEnd[];
  shortagesOpened: (LevelRef & { id: string })[];
  /** Ids. */
  shortagesClosed: string[];
}

/** Ids are compared as PostgreSQL prints them. */
export const levelKey = ({ siteId, variantId }: LevelRef): string =>
  `${siteId.toLowerCase()}/${variantId.toLowerCase()}`;

export const availableOf = (level: Pick<StockLevel, 'onHand' | 'held'>): number => level.onHand - level.held;

/** What may stand only with an open shortage: owed stock, or more promised than there is. */
export function isShort(level: Pick<StockLevel, 'onHand' | 'held' | 'allowNegative'>): boolean {
  return !level.allowNegative && (level.onHand < 0 || level.held > Math.max(level.onHand, 0));
}

/** The level that a change asks for to be made when it is missing: only what is brought or found makes one. */
export function makesLevel(change: StockChange): boolean {
  return change.do === 'move' && (change.policy === 'record' || change.quantity > 0);
}

/** What a group does while it is not decided: seen by itself, by others only when all of it goes. */
class Draft {
  readonly levels = new Map<string, StockLevel>();
  readonly ended = new Set<string>();
  readonly movements: MovementRow[] = [];
  readonly holds: StockDecision['holds'] = [];
  readonly holdEnds: HoldEnd[] = [];
  /** By level: what `refuse` moves and holds want, and what there was for them when the first of them did not fit. */
  readonly wanted = new Map<string, { ref: LevelRef; total: number; available: number | null }>();

  constructor(
    private readonly standing: ReadonlyMap<string, StockLevel>,
    private readonly openHolds: ReadonlyMap<string, StockHold>,
    private readonly group: StockGroup,
  ) {}

  apply(change: StockChange): void {
    switch (change.do) {
      case 'move':
        return this.move(change);
      case 'hold':
        return this.hold(change);
      case 'release':
        return this.release(change);
    }
  }

  short(): ShortLine[] {
    return [...this.wanted.values()].flatMap(({ ref: { siteId, variantId }, total, available }) =>
      available === null ? [] : [{ siteId, variantId, wanted: total, available: Math.max(available, 0) }],
    );
  }

  private level(ref: LevelRef): StockLevel | null {
    const key = levelKey(ref);
    const drafted = this.levels.get(key);
    if (drafted) return drafted;
    const standing = this.standing.get(key);
    if (!standing) return null;
    const copy = { ...standing };
    this.levels.set(key, copy);
    return copy;
  }

  private move(move: StockMove): void {
    requireQuantity(move.quantity);
    const level = this.level(move);
    if (!level) {
      if (makesLevel(move)) throw new RangeError(`No level for variant ${move.variantId} at site ${move.siteId}`);
      this.want(move, -move.quantity, null);
      return;
    }
    for (const id of move.claims ?? []) this.claim(id, level);
    if (move.policy === 'refuse' && move.quantity < 0) this.want(move, -move.quantity, level);
    level.onHand += move.quantity;
    level.version++;
    this.movements.push({
      siteId: level.siteId,
      variantId: level.variantId,
      version: level.version,
      kind: move.kind,
      quantity: move.quantity,
      balance: level.onHand,
      unitCost: move.unitCost ?? null,
      unitPrice: move.unitPrice ?? null,
      reason: move.reason ?? null,
      operationId: this.group.operationId,
      documentId: this.group.documentId,
      userId: this.group.userId,
      clientAt: this.group.clientAt ?? null,
    });
  }

  private hold(holding: StockHolding): void {
    requireQuantity(holding.quantity);
    if (holding.quantity < 0) throw new RangeError('A hold is above zero');
    const level = this.level(holding);
    this.want(holding, holding.quantity, level);
    if (!level) return;
    level.held += holding.quantity;
    level.version++;
    this.holds.push({ ...holding, userId: this.group.userId });
  }

  private release({ holdId, as }: StockRelease): void {
    const hold = this.openHold(holdId);
    const level = hold && this.level(hold);
    if (!level) return;
    this.end(hold, level, as);
    level.version++;
  }

  private claim(id: string, level: StockLevel): void {
    const hold = this.openHold(id);
    if (!hold) return;
    if (levelKey(hold) !== levelKey(level)) throw new RangeError(`Hold ${id} is of another level`);
    this.end(hold, level, 'claimed');
  }

  private openHold(id: string): StockHold | null {
    const hold = this.openHolds.get(id.toLowerCase());
    return hold?.open && !this.ended.has(hold.id) ? hold : null;
  }

  private end(hold: StockHold, level: StockLevel, as: HoldEnd['as']): void {
    this.ended.add(hold.id);
    level.held -= hold.quantity;
    this.holdEnds.push({ id: hold.id, as });
  }

  /** Counts what is wanted, and remembers what there was for it when it is too much. */
  private want(ref: LevelRef, quantity: number, level: StockLevel | null): void {
    const key = levelKey(ref);
    const want = this.wanted.get(key) ?? { ref, total: 0, available: null };
    const available = level ? availableOf(level) : 0;
    const fits = level !== null && (level.allowNegative || available >= quantity);
    if (!fits) want.available ??= available + want.total;
    want.total += quantity;
    this.wanted.set(key, want);
  }
}

function requireQuantity(quantity: number): void {
  if (quantity === 0 || !Number.isSafeInteger(quantity) || Math.abs(quantity) > mostQuantity) {
    throw new RangeError(`Not a quantity of stock: ${quantity}`);
  }
}

/**
 * Decides group by group in the given order, each on what those before it left. A level that is missing has nothing for who
 * wants something.
 * @param levels those that the groups touch and that there are
 * @param holds those that the groups claim or release
 * @param newId for shortages
 * @throws RangeError a zero or absurd quantity, a claim of another level's hold, a level that nobody made: mistakes of the caller
 */
export function decideStock(
  levels: readonly StockLevel[],
  holds: readonly StockHold[],
  groups: readonly StockGroup[],
  newId: () => string,
): StockDecision {
  const before = new Map(levels.map((level) => [levelKey(level), level]));
  const standing = new Map(before);
  const openHolds = new Map(holds.map((hold) => [hold.id, hold]));
  const changed = new Map<string, StockLevel>();
  const decision: StockDecision = {
    outcomes: [],
    before,
    levels: [],
    movements: [],
    holds: [],
    holdEnds: [],
    shortagesOpened: [],
    shortagesClosed: [],
  };
  for (const group of groups) {
    const draft = new Draft(standing, openHolds, group);
    for (const change of group.changes) draft.apply(change);
    const short = draft.short();
    decision.outcomes.push(short.length > 0 ? { ok: false, short } : { ok: true });
    if (short.length > 0) continue;
    for (const [key, level] of draft.levels) {
      if (standing.get(key)!.version === level.version) continue;
      standing.set(key, level);
      changed.set(key, level);
    }
    for (const id of draft.ended) openHolds.set(id, { ...openHolds.get(id)!, open: false });
    // A hold made here can be claimed or released by a later group of the same batch.
    for (const { id, siteId, variantId, quantity } of draft.holds) {
      openHolds.set(id.toLowerCase(), { id: id.toLowerCase(), siteId, variantId, quantity, open: true });
    }
    decision.movements.push(...draft.movements);
    decision.holds.push(...draft.holds);
    decision.holdEnds.push(...draft.holdEnds);
  }
  for (const level of changed.values()) {
    decision.levels.push(settleShortage(level, newId, decision));
  }
  return decision;
}

/** A level that was left short gets an open shortage; one that has enough again ends its own. */
export function settleShortage(
  level: StockLevel,
  newId: () => string,
  into: Pick<StockDecision, 'shortagesOpened' | 'shortagesClosed'>,
): StockLevel {
  const short = isShort(level);
  if (short === (level.shortageId !== null)) return level;
  if (!short) {
    into.shortagesClosed.push(level.shortageId!);
    return { ...level, shortageId: null };
  }
  const id = newId();
  into.shortagesOpened.push({ id, siteId: level.siteId, variantId: level.variantId });
  return { ...level, shortageId: id };
}
