import type { Row } from '../db/table';
import { userError } from '../faults';
import type { Env } from '../orm/env';
import { translate } from '../texts';
import type { RpcValue } from '../wire/values';
import { donePicking } from './done';
import { doneOf, isOpen, linesOf, reservedOf } from './lines';
import { confirmPickings } from './pickings';
import { num, round2 } from './quants';

/**
 * `button_validate`: True when everything is done, or the action of the wizard that asks what to do with the rest.
 * The result alone does not say whether the picking is done: clients have to read its state.
 * @throws fault 2 when there is nothing to move, or nothing reserved
 */
export function buttonValidate(env: Env, pickings: Row[]): RpcValue {
  collide(env, pickings);
  // 18 leaves pickings that are done out of it, which makes a second validation a True without effect.
  const todo = env.version === 18 ? pickings.filter((picking) => picking['state'] !== 'done') : pickings;
  if (todo.length === 0) return true;
  if (env.version !== 16)
    confirmPickings(
      env,
      todo.filter((picking) => picking['state'] === 'draft'),
    );
  sanityCheck(env, todo);
  const called = Array.isArray(env.context['button_validate_picking_ids'])
    ? env
    : env.withContext({ button_validate_picking_ids: todo.map((picking) => picking.id) });
  const wizard = wizardFor(called, todo);
  if (wizard) return wizard;
  const cancelRest = new Set(
    Array.isArray(env.context['picking_ids_not_to_backorder']) ? env.context['picking_ids_not_to_backorder'] : [],
  );
  for (const picking of todo) donePicking(env, picking, cancelRest.has(picking.id));
  return true;
}

/** Two clients validating one picking at the same time: one gets True, the other this fault. */
function collide(env: Env, pickings: Row[]): void {
  const other = pickings.some((picking) => (env.db.doneAt.get(picking.id) ?? 0) > env.arrivedAt);
  if (other && env.version !== 16) throw userError(translate(env, 'splitPackage'));
}

const movesOf = (env: Env, picking: Row): Row[] => env.where('stock.move', 'picking_id', picking.id);
const linesOfPicking = (env: Env, picking: Row): Row[] => env.where('stock.move.line', 'picking_id', picking.id);

function sanityCheck(env: Env, pickings: Row[]): void {
  const empty = pickings.filter((one) => movesOf(env, one).length === 0 && linesOfPicking(env, one).length === 0);
  const unreserved = pickings.filter((one) => nothingReserved(env, one));
  if (pickings.length === 1) {
    if (empty.length > 0) throw userError(translate(env, 'emptyTransfer'));
    if (unreserved.length > 0) throw userError(translate(env, 'unreserved'));
    return;
  }
  const names = (rows: Row[]): string => rows.map((row) => String(row['name'])).join(', ');
  const parts = empty.length > 0 ? [translate(env, 'emptyTransfers', names(empty))] : [];
  if (unreserved.length > 0 && env.version === 16) parts.push(translate(env, 'unreservedTransfers', names(unreserved)));
  if (parts.length > 0) throw userError(parts.join('\n\n'));
}

function nothingReserved(env: Env, picking: Row): boolean {
  if (env.version === 16) {
    return linesOfPicking(env, picking).every((line) => {
      const open = isOpen(env.get('stock.move', line['move_id']));
      return !open || (doneOf(env, line) === 0 && reservedOf(env, line) === 0);
    });
  }
  return movesOf(env, picking)
    .filter(isOpen)
    .every((move) => moveQuantity(env, move) === 0);
}

function moveQuantity(env: Env, move: Row): number {
  return round2(linesOf(env, move).reduce((total, line) => total + reservedOf(env, line), 0));
}

function wizardFor(env: Env, pickings: Row[]): RpcValue | null {
  if (env.version === 16 && !env.context['skip_immediate']) {
    const immediate = pickings.filter((picking) => nothingDone(env, picking));
    if (immediate.length > 0) return action(env, 'Immediate Transfer?', 'stock.immediate.transfer', 672, immediate);
  }
  if (env.version !== 16) pickings.forEach((picking) => pickEverything(env, picking));
  if (env.context['skip_backorder']) return null;
  const partial = pickings.filter((picking) => isPartial(env, picking));
  const view = { 16: 674, 17: 718, 18: 760 }[env.version];
  return partial.length > 0 ? action(env, 'Create Backorder?', 'stock.backorder.confirmation', view, partial) : null;
}

function nothingDone(env: Env, picking: Row): boolean {
  const open = linesOfPicking(env, picking).filter((line) => isOpen(env.get('stock.move', line['move_id'])));
  return open.every((line) => doneOf(env, line) === 0);
}

/** 17 and 18: when nothing was picked by hand, everything that is reserved counts as picked. */
function pickEverything(env: Env, picking: Row): void {
  const lines = movesOf(env, picking)
    .filter(isOpen)
    .flatMap((move) => linesOf(env, move));
  if (lines.some((line) => line['picked'] === true)) return;
  for (const line of lines) env.patch('stock.move.line', line.id, { picked: true });
}

function isPartial(env: Env, picking: Row): boolean {
  return movesOf(env, picking)
    .filter(isOpen)
    .some((move) => {
      const done = linesOf(env, move).reduce((total, line) => total + doneOf(env, line), 0);
      return round2(done) < num(move['product_uom_qty']);
    });
}

function action(env: Env, name: string, model: string, view: number, pickings: Row[]): RpcValue {
  return {
    name,
    type: 'ir.actions.act_window',
    view_mode: 'form',
    res_model: model,
    views: [[view, 'form']],
    view_id: view,
    target: 'new',
    context: {
      ...env.context,
      default_show_transfers: pickings.length > 1,
      default_pick_ids: pickings.map((picking) => [4, picking.id]),
    },
  };
}
