import type { Row } from '../db/table';
import { userError } from '../faults';
import type { Env } from '../orm/env';
import { translate } from '../texts';
import { createBackorder } from './backorder';
import { doneOf, isOpen, lineKey, linesOf, release, reservedOf, setReserved } from './lines';
import { cancelMoves } from './moves';
import {
  addQuantity,
  addReserved,
  bypassesReservation,
  dropEmptyQuants,
  findQuant,
  num,
  packageQuants,
  round2,
} from './quants';
import { refreshPickingState, refreshStates } from './states';

/**
 * Carries out a picking: moves the quantities of its done lines; what is not done goes to a backorder, or is
 * cancelled when `cancelRest`.
 * @throws fault 2 when a package would end up in two places
 */
export function donePicking(env: Env, picking: Row, cancelRest: boolean): void {
  const moves = env.where('stock.move', 'picking_id', picking.id).filter(isOpen);
  const rest: Row[] = [];
  const touched: Row[] = [];
  for (const move of moves) {
    const lines = linesOf(env, move);
    const done = lines.filter((line) => doneOf(env, line) > 0);
    if (done.length === 0) {
      rest.push(move);
      continue;
    }
    rest.push(...splitRest(env, move, done, lines));
    for (const line of done) touched.push(...carryOut(env, line));
    env.patch('stock.move', move.id, { state: 'done', date: env.now, ...(env.version === 16 ? {} : { picked: true }) });
  }
  refusePackagesInTwoPlaces(env, moves);
  dropEmptyQuants(env, touched);
  if (rest.length > 0 && cancelRest) cancelMoves(env, rest);
  else if (rest.length > 0) createBackorder(env, picking, rest);
  env.patch('stock.picking', picking.id, { date_done: env.now, priority: '0' });
  refreshPickingState(env, picking.id);
  env.db.doneAt.set(picking.id, env.db.commits + 1);
}

/** Splits off what stays undone of a move as a move of its own, with the undone lines. */
function splitRest(env: Env, move: Row, done: Row[], lines: Row[]): Row[] {
  const quantity = round2(done.reduce((total, line) => total + doneOf(env, line), 0));
  const open = lines.filter((line) => !done.includes(line));
  const missing = round2(num(move['product_uom_qty']) - quantity);
  if (missing <= 0) {
    for (const line of open) release(env, line);
    if (missing < 0) env.patch('stock.move', move.id, { product_uom_qty: quantity });
    return [];
  }
  const { id, create_uid, create_date, write_uid, write_date, ...cells } = move;
  void [id, create_uid, create_date, write_uid, write_date];
  const rest = env.insert('stock.move', { ...cells, product_uom_qty: missing, state: 'confirmed' });
  env.patch('stock.move', move.id, { product_uom_qty: quantity });
  for (const line of open) env.patch('stock.move.line', line.id, { move_id: rest.id });
  refreshStates(env, [rest]);
  return [env.must('stock.move', rest.id)];
}

/** Moves one line's quantity, and returns the quants that it touched. */
function carryOut(env: Env, line: Row): Row[] {
  const quantity = doneOf(env, line);
  const from = lineKey(line);
  const held = reservedOf(env, line);
  const inDate = findQuant(env, from)?.['in_date'];
  addReserved(env, from, -held);
  const source = addQuantity(env, from, -quantity);
  freeOthers(env, line, source);
  const result = typeof line['result_package_id'] === 'number' ? line['result_package_id'] : null;
  const to = { ...from, location: line['location_dest_id'] as number, pack: result };
  const target = addQuantity(env, to, quantity, typeof inDate === 'string' ? inDate : undefined);
  env.patch('stock.move.line', line.id, {
    date: env.now,
    ...(env.version === 16 ? { reserved_uom_qty: 0 } : { picked: true }),
  });
  return [source, target];
}

/** Takes back from other moves what a line without a reservation of its own has carried away (`_free_reservation`). */
function freeOthers(env: Env, line: Row, source: Row): void {
  if (bypassesReservation(env, source['location_id'] as number)) return;
  const key = lineKey(line);
  const others = env.where('stock.move.line', 'package_id', key.pack).filter((other) => {
    const theirs = lineKey(other);
    const same = theirs.product === key.product && theirs.location === key.location && theirs.lot === key.lot;
    return (
      same && other.id !== line.id && isOpen(env.get('stock.move', other['move_id'])) && reservedOf(env, other) > 0
    );
  });
  for (const other of others) {
    const quant = env.must('stock.quant', source.id);
    const short = round2(num(quant['reserved_quantity']) - Math.max(0, num(quant['quantity'])));
    if (short <= 0) return;
    const keep = round2(Math.max(0, reservedOf(env, other) - short));
    if (keep > 0) setReserved(env, other, keep);
    else release(env, other);
    const move = env.get('stock.move', other['move_id']);
    if (move) refreshStates(env, [move]);
  }
}

function refusePackagesInTwoPlaces(env: Env, moves: Row[]): void {
  const packs = new Set(moves.flatMap((move) => linesOf(env, move).map((line) => line['result_package_id'])));
  for (const pack of packs) {
    if (typeof pack !== 'number') continue;
    const places = new Set(packageQuants(env, pack).map((quant) => quant['location_id']));
    if (places.size > 1) throw userError(translate(env, 'splitPackage'));
  }
}
