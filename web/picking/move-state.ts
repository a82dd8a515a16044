import type { OperationState } from '../../domain/operation';
import type { QueuedMove } from '../offline/queue';

/** A move that stands still until a person does something: it was refused, or Odoo could not take it. */
export function asksForAttention(move: QueuedMove): boolean {
  return move.status === 'set_aside' || move.operation?.state === 'needs_attention';
}

/** Sent, and kept by the server until Odoo answers. */
export function waitsForOdoo(move: QueuedMove): boolean {
  return move.status === 'accepted' && move.operation?.state === 'waiting';
}

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
