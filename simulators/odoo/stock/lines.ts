import type { Cell, Row } from '../db/table';
import type { Env } from '../orm/env';
import { addReserved, idOrNull, num, type QuantKey } from './quants';

/** Move lines hide the biggest difference between versions: 16 has reserved_uom_qty and qty_done, 17+ quantity and picked. */

export const isOpen = (row: Row | undefined): boolean => row?.['state'] !== 'done' && row?.['state'] !== 'cancel';

export function lineKey(line: Row): QuantKey {
  return {
    product: line['product_id'] as number,
    location: line['location_id'] as number,
    lot: idOrNull(line['lot_id']),
    pack: idOrNull(line['package_id']),
  };
}

/** The quantity that an open line holds back. */
export function reservedOf(env: Env, line: Row): number {
  return num(env.version === 16 ? line['reserved_uom_qty'] : line['quantity']);
}

/** The quantity that validating will move. */
export function doneOf(env: Env, line: Row): number {
  if (env.version === 16) return num(line['qty_done']);
  return line['picked'] === true ? num(line['quantity']) : 0;
}

/** Cells that make a line promise `quantity` without being done yet. */
export function promised(env: Env, quantity: number): Record<string, Cell> {
  return env.version === 16 ? { reserved_uom_qty: quantity, qty_done: 0 } : { quantity, picked: false };
}

/** Cells that mark a line as carried out in full. */
export function carriedOut(env: Env, quantity: number): Record<string, Cell> {
  return env.version === 16 ? { qty_done: quantity } : { quantity, picked: true };
}

export function linesOf(env: Env, move: Row): Row[] {
  return env.where('stock.move.line', 'move_id', move.id);
}

/** Sets what a line holds back and keeps the quant's reserved quantity with it. */
export function setReserved(env: Env, line: Row, quantity: number): void {
  addReserved(env, lineKey(line), quantity - reservedOf(env, line));
  env.patch('stock.move.line', line.id, env.version === 16 ? { reserved_uom_qty: quantity } : { quantity });
}

/** Gives back what the line holds and deletes it; in 16 a line with a done quantity stays. */
export function release(env: Env, line: Row): void {
  addReserved(env, lineKey(line), -reservedOf(env, line));
  if (env.version === 16 && num(line['qty_done']) > 0) env.patch('stock.move.line', line.id, { reserved_uom_qty: 0 });
  else env.remove('stock.move.line', line.id);
}
