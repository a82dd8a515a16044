import type { OperationState } from '../../domain/operation';
import type { PlaceRef, QueuedMove } from './queue';

/** What the server (or this device, earlier) knows of a pallet's place. */
export interface KnownPlace {
  location: PlaceRef | null;
  /** When that was true. */
  asOf: string;
}

export interface ShownPlace {
  location: PlaceRef | null;
  /** Certain enough to be sent as `from`: fresh from the server, or from a move of one's own. */
  certain: boolean;
  /** It is where a move that waits on this device will put it. */
  byOwnMove: boolean;
  asOf: string | null;
}

/** How old an answer may be and still say where a pallet is, not where it was. */
export const certainForMs = 120_000;
const underWay: readonly OperationState[] = ['pending', 'syncing', 'waiting'];

/**
 * Where a pallet is, for a scan at `now` (by the server's clock, as are its answers): what is known, with the moves of this device that came before laid over it.
 * A move that another person has not sent yet, or that was set aside, makes the place uncertain: then the move goes
 * without a source check rather than with a false one.
 */
export function placeOf(
  code: string,
  known: KnownPlace | null,
  moves: readonly QueuedMove[],
  userId: string,
  now: number,
): ShownPlace {
  // An answer from the future is one by a clock that we do not know.
  const fresh = known !== null && Math.abs(now - Date.parse(known.asOf)) <= certainForMs;
  const plain: ShownPlace = {
    location: known?.location ?? null,
    certain: fresh,
    byOwnMove: false,
    asOf: known?.asOf ?? null,
  };
  for (let at = moves.length - 1; at >= 0; at--) {
    const move = moves[at];
    if (!move?.pallets.some((pallet) => pallet.code === code)) continue;
    const moved: ShownPlace = { location: move.destination, certain: true, byOwnMove: true, asOf: move.scannedAt };
    if (move.status === 'queued') return move.userId === userId ? moved : { ...moved, certain: false };
    if (move.status === 'set_aside') return { ...plain, certain: false };
    const operation = move.operation;
    if (!operation || underWay.includes(operation.state)) return moved;
    const answeredLater = known !== null && Date.parse(known.asOf) >= Date.parse(operation.at);
    if (operation.state === 'synced')
      return answeredLater
        ? plain
        : { ...moved, byOwnMove: false, certain: now - Date.parse(operation.at) <= certainForMs };
    if (operation.state === 'cancelled' || operation.state === 'compensated')
      return { ...plain, certain: plain.certain && answeredLater };
    return { ...plain, certain: plain.certain && answeredLater };
  }
  return plain;
}
