import type { Row } from '../db/table';
import { userError } from '../faults';
import type { Env } from '../orm/env';
import { translate } from '../texts';
import { generateMoves, levelMoves, levelState } from './levels';
import { isOpen } from './lines';
import { assignMoves, cancelMoves, confirmMoves, unreserveMoves } from './moves';

const movesOf = (env: Env, pickings: Row[]): Row[] =>
  pickings.flatMap((picking) => env.where('stock.move', 'picking_id', picking.id));

/** `action_confirm`: makes the moves of package levels, confirms drafts, reserves. Without effect on done and cancelled ones. */
export function confirmPickings(env: Env, pickings: Row[]): void {
  for (const picking of pickings) {
    if (picking['state'] === 'done' || picking['state'] === 'cancel') continue;
    for (const level of env.where('stock.package_level', 'picking_id', picking.id)) {
      if (levelState(env, level) === 'draft' && levelMoves(env, level).length === 0) generateMoves(env, level);
    }
  }
  const drafts = movesOf(env, pickings).filter((move) => move['state'] === 'draft');
  confirmMoves(env, drafts);
}

/** `action_assign`: tries to reserve; it does not say whether it could. @throws fault 2 when there is no open move */
export function assignPickings(env: Env, pickings: Row[]): void {
  confirmPickings(
    env,
    pickings.filter((picking) => picking['state'] === 'draft'),
  );
  const open = movesOf(env, pickings).filter((move) => isOpen(move) && move['state'] !== 'draft');
  if (open.length === 0) throw userError(translate(env, 'nothingToCheck'));
  assignMoves(env, open);
}

/** `action_cancel`. @throws fault 2 when one of them is done */
export function cancelPickings(env: Env, pickings: Row[]): void {
  cancelMoves(env, movesOf(env, pickings));
  for (const picking of pickings) {
    if (movesOf(env, [picking]).length === 0) env.patch('stock.picking', picking.id, { state: 'cancel' });
  }
}

/** `do_unreserve`. */
export function unreservePickings(env: Env, pickings: Row[]): void {
  unreserveMoves(env, movesOf(env, pickings));
}
