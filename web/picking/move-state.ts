import type { OperationState } from '../../domain/operation';
import type { QueuedMove } from '../offline/queue';

/** A move's state in the words that operations have everywhere; never «synced» before the server says so. */
export function shownState(move: QueuedMove, sending: boolean): OperationState {
  switch (move.status) {
    case 'accepted':
      return move.operation?.state ?? 'pending';
    case 'set_aside':
      return 'needs_attention';
    case 'queued':
      return sending ? 'syncing' : 'pending';
  }
}
