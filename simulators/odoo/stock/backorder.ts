import type { Row } from '../db/table';
import { userError } from '../faults';
import type { Env } from '../orm/env';
import { translate } from '../texts';
import { linesOf } from './lines';
import { assignMoves } from './moves';
import { nextPickingName } from './names';
import { refreshPickingState } from './states';

/**
 * Puts moves into a new picking that repeats the origin, and says so in both chatters: for that the user needs an
 * e-mail address, or everything is undone.
 * @throws fault 2 for a user without e-mail
 */
export function createBackorder(env: Env, picking: Row, moves: Row[]): void {
  const { id, create_uid, create_date, write_uid, write_date, ...cells } = picking;
  void [create_uid, create_date, write_uid, write_date];
  const name = nextPickingName(env, picking['picking_type_id'] as number);
  const backorder = env.insert('stock.picking', { ...cells, name, backorder_id: id, date_done: null, state: 'draft' });
  for (const move of moves) {
    env.patch('stock.move', move.id, { picking_id: backorder.id });
    if (typeof move['package_level_id'] === 'number') {
      env.patch('stock.package_level', move['package_level_id'], { picking_id: backorder.id });
    }
    for (const line of linesOf(env, move)) env.patch('stock.move.line', line.id, { picking_id: backorder.id });
  }
  if (!env.get('res.users', env.uid)?.['email']) throw userError(translate(env, 'senderEmail'));
  assignMoves(env, moves);
  refreshPickingState(env, backorder.id);
}
