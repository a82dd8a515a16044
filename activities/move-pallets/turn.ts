import type { Database } from '../../store/db';
import type { OdooClients } from '../odoo-clients';
import type { Tell } from '../heartbeat';
import { atHand, Fenced, type MoveRun } from './ownership';
import { openMove, transferMove, type OpenMove, type TransferEnd } from './transfer';

/** How long a turn lasts: then its workflow ends, and the dispatcher gives the place anew. */
export interface TurnLimits {
  moves: number;
  ms: number;
}

/** Half a minute's work for a place. Its last move must still fit into the activity's time (profiles: write). */
export const turnLimits: TurnLimits = { moves: 100, ms: 60_000 };

/** How the last move of the turn ended, and which operations were moved before it on the same place. */
export type TurnEnd = TransferEnd & { moved?: string[] };

/**
 * Moves the operation that the run has at hand, and then, as long as somebody is in line and `mayGoOn` holds, the next ones: the
 * place of a settled move goes on to the next in the settling transaction (decisions/009), with no step of Temporal
 * between. The first that does not simply end well ends the turn: the workflow sees to it, and it stays at hand.
 */
export async function takeTurn(
  deps: { db: Database; odoo: OdooClients; limits?: TurnLimits },
  run: MoveRun,
  signal: AbortSignal,
  tell: Tell,
  mayGoOn: () => boolean,
): Promise<TurnEnd> {
  const limits = deps.limits ?? turnLimits;
  const began = performance.now();
  const moved: string[] = [];
  const goesOn = () => moved.length + 1 < limits.moves && performance.now() - began < limits.ms && mayGoOn();
  const open = () => deps.db.withTenant(run.tenantId, async (tx) => openMove(tx, await atHand(tx, run)));

  let hand: OpenMove = await open();
  for (;;) {
    const { operation } = hand;
    tell({ operationId: operation.id, moved: moved.length });
    try {
      const end = await transferMove(deps, hand, signal, goesOn);
      if (end.end !== 'went_on') return moved.length === 0 ? end : { ...end, moved };
      moved.push(operation.id);
      hand = end.to;
    } catch (error) {
      if (!(error instanceof Fenced)) throw error;
      // Another try of this turn, thought to be dead, was faster: it settled this one, and the run may have gone on.
      hand = await open();
    }
  }
}
