import type { OperationState } from '../../domain/operation';

export interface PlaceRef {
  id: string;
  name: string;
  barcode: string | null;
}

export interface QueuedPallet {
  code: string;
  /** Where the screen said that it is, at its scan; null = it did not say, so no source check. */
  from: string | null;
  weightKg: number | null;
}

/** A confirmed move as it is kept on the device. `id` is its Idempotency-Key; what is sent never changes. */
export interface QueuedMove {
  id: string;
  /** Order of confirmation on this device, over all tabs. */
  seq: number;
  tenantId: string;
  userId: string;
  userName: string;
  destination: PlaceRef;
  pallets: QueuedPallet[];
  /** Where the person said that they work; left out = they did not need to say. */
  siteId?: string | null;
  scannedAt: string;
  status: 'queued' | 'set_aside' | 'accepted';
  /** Sendings without a final answer so far. */
  attempts: number;
  /** Not before this instant (ms): the back-off. */
  notBefore: number;
  /** A sending went out and its answer did not come: the server may have it. */
  maybeSent: boolean;
  /** Why it is not sent yet, or why it was set aside: a code, the server's sentence, a number to quote. */
  reason: { code: string; detail?: string; instance?: string; pallets?: string[] } | null;
  operation: {
    id: string;
    number: number | null;
    state: OperationState;
    version: number;
    at: string;
    /** Why it needs a person: a code of the error catalogue and the pallets that it names. Left out = not known. */
    error?: { code: string; detail?: string; pallets: string[] };
  } | null;
}

export type NewMove = Pick<
  QueuedMove,
  'id' | 'tenantId' | 'userId' | 'userName' | 'destination' | 'pallets' | 'siteId' | 'scannedAt'
>;

/** Where the queue lives. Every promise resolves only when the change is on disk. */
export interface QueueStorage {
  /** Appends with the next `seq`. An item with that id is there already: nothing is written, and the one that is there is given back. */
  add(move: NewMove): Promise<QueuedMove>;
  /** All items in order of `seq`. */
  list(): Promise<QueuedMove[]>;
  /** Reads and writes one item in one transaction; `null` from the change deletes it. Null when there is no such item. */
  change(id: string, change: (move: QueuedMove) => QueuedMove | null): Promise<QueuedMove | null>;
}

export type SendOutcome =
  /** `at`: when, by the server's clock (ms); left out = it did not say. */
  | { kind: 'accepted'; operationId: string; state: OperationState; at?: number }
  /** A final no for this item: set it aside with its reason and go on with the rest. */
  | { kind: 'refused'; reason: NonNullable<QueuedMove['reason']> }
  /** Not now. `unknown`: the server may have taken it. */
  | { kind: 'later'; code: string; unknown: boolean; afterMs?: number }
  /** The session is not (or no longer) this person's. */
  | { kind: 'unauthenticated' };

export interface QueueSession {
  tenantId: string;
  userId: string;
}

export interface QueueDeps {
  storage: QueueStorage;
  /** Sends one item once. Throwing counts as an answer that was lost. */
  send(move: QueuedMove): Promise<SendOutcome>;
  /** Whose session the server sees now; null = nobody's; 'unreachable' = it did not answer. */
  session(): Promise<QueueSession | null | 'unreachable'>;
  /** Runs alone over all tabs of this device. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** Somebody else waits to run alone (a log-in, a log-out, another tab): the rest is sent after them. */
  contended(): Promise<boolean>;
  now(): number;
  random(): number;
}

export type DrainResult =
  | { stopped: 'empty'; sent: number }
  | { stopped: 'unreachable' | 'unauthenticated'; sent: number }
  | { stopped: 'backing_off'; sent: number; wakeAt: number };

const backOffMs = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Back-off of the n-th failed sending, with a fifth of jitter; the server's Retry-After is a floor. */
export function backOff(attempts: number, random: number, afterMs = 0): number {
  const base = backOffMs[Math.min(attempts, backOffMs.length) - 1] ?? 1_000;
  return Math.max(afterMs, Math.round(base * (0.9 + random * 0.2)));
}

/**
 * Sends what waits, in order, one at a time, each once: the item's id is its idempotency key, so an item whose answer was
 * lost is simply sent again. Only the items of whoever is logged in are sent; a refused one is set aside and does not hold
 * up the rest; a temporary failure holds the order and backs off. Whoever waits for the session is let in between two items;
 * then it is asked anew whose session it is.
 */
export async function drain(deps: QueueDeps): Promise<DrainResult> {
  let sent = 0;
  for (;;) {
    const round = await deps.exclusive(() => sendRound(deps));
    sent += round.sent;
    if (round.stopped !== 'gave_way') return { ...round, sent };
  }
}

async function sendRound(deps: QueueDeps): Promise<DrainResult | { stopped: 'gave_way'; sent: number }> {
  let sent = 0;
  if (!(await deps.storage.list()).some((move) => move.status === 'queued')) return { stopped: 'empty', sent };
  const session = await deps.session();
  if (session === 'unreachable') return { stopped: 'unreachable', sent };
  if (session === null) return { stopped: 'unauthenticated', sent };
  for (;;) {
    const next = (await deps.storage.list()).find((move) => move.status === 'queued' && isOf(move, session));
    if (!next) return { stopped: 'empty', sent };
    if (next.notBefore > deps.now()) return { stopped: 'backing_off', sent, wakeAt: next.notBefore };
    const outcome = await deps.send(next).catch((): SendOutcome => ({ kind: 'later', code: 'network', unknown: true }));
    switch (outcome.kind) {
      case 'accepted':
        await deps.storage.change(next.id, (move) => accepted(move, outcome, outcome.at ?? deps.now()));
        sent += 1;
        break;
      case 'refused':
        await deps.storage.change(next.id, (move) => ({
          ...move,
          status: 'set_aside',
          reason: outcome.reason,
          maybeSent: false,
        }));
        break;
      case 'later': {
        const wakeAt = deps.now() + backOff(next.attempts + 1, deps.random(), outcome.afterMs);
        await deps.storage.change(next.id, (move) => ({
          ...move,
          attempts: move.attempts + 1,
          notBefore: wakeAt,
          maybeSent: move.maybeSent || outcome.unknown,
          reason: { code: outcome.code },
        }));
        return { stopped: 'backing_off', sent, wakeAt };
      }
      case 'unauthenticated':
        return { stopped: 'unauthenticated', sent };
    }
    if (await deps.contended()) return { stopped: 'gave_way', sent };
  }
}

function accepted(move: QueuedMove, answer: { operationId: string; state: OperationState }, at: number): QueuedMove {
  const operation = {
    id: answer.operationId,
    number: null,
    state: answer.state,
    version: 0,
    at: new Date(at).toISOString(),
  };
  return { ...move, status: 'accepted', reason: null, operation, maybeSent: false };
}

export function isOf(move: Pick<QueuedMove, 'tenantId' | 'userId'>, session: QueueSession): boolean {
  return move.tenantId === session.tenantId && move.userId === session.userId;
}

/** Sends a set-aside or backing-off item again at the next chance. It keeps its place in the order and its key. */
export function retryNow(move: QueuedMove): QueuedMove {
  if (move.status === 'accepted') return move;
  return { ...move, status: 'queued', notBefore: 0, reason: null };
}

/**
 * A refusal is stored with its key, so the same content needs a new one: the item leaves, its copy joins at the end, without
 * the pallets that were named. Where that would be all of them, all go again: by now it may be right.
 */
export function again(move: QueuedMove, id: string): NewMove {
  const { tenantId, userId, userName, destination, pallets, scannedAt } = move;
  // A site that the server does not take (any more) would be refused again.
  const siteId = move.reason?.code === 'unknown_site' ? null : (move.siteId ?? null);
  const bad = new Set(move.reason?.pallets ?? []);
  const good = pallets.filter(({ code }) => !bad.has(code));
  return {
    id,
    tenantId,
    userId,
    userName,
    destination,
    pallets: good.length > 0 ? good : pallets,
    ...(siteId !== null && { siteId }),
    scannedAt,
  };
}

/** May it be thrown away without leaving a move behind that nobody sees? */
export function canDiscard(move: QueuedMove): boolean {
  return move.status === 'set_aside' || (move.status === 'queued' && !move.maybeSent);
}

/** What the live feed or a look at the server says of an accepted item; older versions change nothing. */
export function withOperation(
  move: QueuedMove,
  seen: Omit<NonNullable<QueuedMove['operation']>, 'id' | 'number'> & { number: number },
): QueuedMove {
  if (!move.operation || seen.version <= move.operation.version) return move;
  return { ...move, operation: { id: move.operation.id, ...seen } };
}
