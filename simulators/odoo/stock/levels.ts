import type { Row } from '../db/table';
import type { Env } from '../orm/env';
import { carriedOut, doneOf, isOpen, lineKey, reservedOf } from './lines';
import { addReserved, idOrNull, num, packageLocation, packageQuants, round2 } from './quants';
import { refreshStates } from './states';

export const levelMoves = (env: Env, level: Row): Row[] => env.where('stock.move', 'package_level_id', level.id);
export const levelLines = (env: Env, level: Row): Row[] => env.where('stock.move.line', 'package_level_id', level.id);

/** `_compute_state` of stock.package_level. */
export function levelState(env: Env, level: Row): string {
  const moves = levelMoves(env, level);
  const lines = levelLines(env, level);
  if (moves.length === 0 && lines.length === 0) return 'draft';
  if (lines.length === 0)
    return moves.some(isOpen) ? 'confirmed' : moves.every((one) => one['state'] === 'cancel') ? 'cancel' : 'done';
  const states = lines.map((line) => env.get('stock.move', line['move_id'])?.['state']);
  if (states.every((state) => state === 'done')) return 'done';
  if (states.every((state) => state === 'cancel')) return 'cancel';
  return coversPackage(env, level, lines, (line) => Math.max(reservedOf(env, line), doneOf(env, line)))
    ? 'assigned'
    : 'draft';
}

/** Where the level takes its package from: the package's own place until the move is over. */
export function levelLocation(env: Env, level: Row): number | null {
  const state = levelState(env, level);
  const pack = level['package_id'] as number;
  if (state !== 'done' && packageLocation(env, pack) !== null) return packageLocation(env, pack);
  const first = levelLines(env, level)[0] ?? levelMoves(env, level)[0];
  return idOrNull(first?.['location_id'] ?? env.get('stock.picking', level['picking_id'])?.['location_id']);
}

export function levelIsDone(env: Env, level: Row): boolean {
  const lines = levelLines(env, level);
  if (lines.length === 0) return false;
  if (levelState(env, level) === 'done') return true;
  return coversPackage(env, level, lines, (line) => doneOf(env, line));
}

/** True when the lines take exactly what is in the package (`_check_move_lines_map_quant_package`). */
function coversPackage(env: Env, level: Row, lines: Row[], quantity: (line: Row) => number): boolean {
  const left = new Map<string, number>();
  const key = (row: Row): string => `${String(row['product_id'])},${String(row['lot_id'])}`;
  for (const quant of packageQuants(env, level['package_id'] as number)) {
    left.set(key(quant), round2((left.get(key(quant)) ?? 0) + num(quant['quantity'])));
  }
  for (const line of lines) left.set(key(line), round2((left.get(key(line)) ?? 0) - quantity(line)));
  return left.size > 0 && [...left.values()].every((rest) => rest === 0);
}

/** One move per quant of the package (`_generate_moves`); an empty package gives none. */
export function generateMoves(env: Env, level: Row): Row[] {
  const picking = env.must('stock.picking', level['picking_id']);
  return packageQuants(env, level['package_id'] as number).map((quant) => {
    const product = env.must('product.product', quant['product_id']);
    return env.insert('stock.move', {
      name: env.displayName(env.model('product.product'), product),
      picking_id: picking.id,
      picking_type_id: picking['picking_type_id'] ?? null,
      package_level_id: level.id,
      product_id: product.id,
      product_uom: product['uom_id'] ?? null,
      product_uom_qty: num(quant['quantity']),
      location_id: levelLocation(env, level),
      location_dest_id: level['location_dest_id'] ?? null,
      company_id: level['company_id'] ?? 1,
      origin: picking['origin'] ?? null,
      reference: picking['name'] ?? null,
      date: env.now,
      sequence: 10,
      priority: '0',
      state: 'draft',
      picked: false,
      is_inventory: false,
    });
  });
}

/**
 * Writes `is_done`. Setting it on a level that holds nothing makes the lines all the same, from where the package is
 * now: that is how a pallet is moved by force.
 */
export function setLevelDone(env: Env, level: Row, isDone: boolean): void {
  if (!isDone) {
    for (const line of levelLines(env, level)) {
      env.patch('stock.move.line', line.id, env.version === 16 ? { qty_done: 0 } : { picked: false });
    }
    return;
  }
  const moves = levelMoves(env, level);
  for (const quant of packageQuants(env, level['package_id'] as number)) {
    const line = levelLines(env, level).find(
      (one) => one['product_id'] === quant['product_id'] && one['lot_id'] === quant['lot_id'],
    );
    const quantity = num(quant['quantity']);
    if (line) {
      if (env.version !== 16) addReserved(env, lineKey(line), quantity - reservedOf(env, line));
      env.patch('stock.move.line', line.id, carriedOut(env, quantity));
    } else {
      forceLine(env, level, moves, quant);
    }
  }
  refreshStates(env, moves);
}

function forceLine(env: Env, level: Row, moves: Row[], quant: Row): void {
  const line = env.insert('stock.move.line', {
    move_id: moves.find((move) => move['product_id'] === quant['product_id'])?.id ?? null,
    picking_id: level['picking_id'] ?? null,
    package_level_id: level.id,
    product_id: quant['product_id'] ?? null,
    product_uom_id: env.get('product.product', quant['product_id'])?.['uom_id'] ?? null,
    company_id: level['company_id'] ?? 1,
    location_id: levelLocation(env, level),
    location_dest_id: level['location_dest_id'] ?? null,
    lot_id: quant['lot_id'] ?? null,
    package_id: level['package_id'] ?? null,
    result_package_id: level['package_id'] ?? null,
    owner_id: null,
    date: env.now,
    reserved_uom_qty: 0,
    ...carriedOut(env, num(quant['quantity'])),
  });
  if (env.version !== 16) addReserved(env, lineKey(line), reservedOf(env, line));
}
