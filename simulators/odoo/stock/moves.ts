import type { Row } from '../db/table';
import { userError } from '../faults';
import type { Env } from '../orm/env';
import { translate } from '../texts';
import { isOpen, linesOf, promised, release, reservedOf, setReserved } from './lines';
import { addReserved, bypassesReservation, gather, idOrNull, num, round2 } from './quants';
import { refreshStates } from './states';

/** Confirms draft moves and, as the operation type reserves at confirmation, reserves for them. */
export function confirmMoves(env: Env, moves: Row[]): void {
  const drafts = moves.filter((move) => move['state'] === 'draft');
  for (const move of drafts) env.patch('stock.move', move.id, { state: 'confirmed' });
  assignMoves(env, drafts);
}

/** Reserves what can be had for open moves. Says nothing when there is nothing to be had. */
export function assignMoves(env: Env, moves: Row[]): void {
  for (const { id } of moves) {
    const move = env.must('stock.move', id);
    if (isOpen(move) && move['state'] !== 'draft') reserve(env, move);
  }
  refreshStates(env, moves);
}

function reserve(env: Env, move: Row): void {
  const held = linesOf(env, move).reduce((total, line) => total + reservedOf(env, line), 0);
  let need = round2(num(move['product_uom_qty']) - held);
  if (need <= 0) return;
  const location = move['location_id'] as number;
  if (bypassesReservation(env, location)) {
    if (linesOf(env, move).length === 0) addLine(env, move, { location, lot: null, pack: null }, need);
    return;
  }
  const level = env.get('stock.package_level', move['package_level_id']);
  for (const quant of gather(env, move['product_id'] as number, location, idOrNull(level?.['package_id']))) {
    const free = round2(num(quant['quantity']) - num(quant['reserved_quantity']));
    const take = Math.min(free, need);
    if (take <= 0) continue;
    const source = {
      location: quant['location_id'] as number,
      lot: idOrNull(quant['lot_id']),
      pack: idOrNull(quant['package_id']),
    };
    addLine(env, move, source, take);
    need = round2(need - take);
    if (need <= 0) return;
  }
}

interface Source {
  location: number;
  lot: number | null;
  pack: number | null;
}

/** Reserves on the line that already takes from there, or on a new one. */
function addLine(env: Env, move: Row, source: Source, quantity: number): void {
  const product = move['product_id'] as number;
  const line = linesOf(env, move).find(
    (one) =>
      one['location_id'] === source.location && one['lot_id'] === source.lot && one['package_id'] === source.pack,
  );
  if (line) {
    setReserved(env, line, round2(reservedOf(env, line) + quantity));
    return;
  }
  const level = env.get('stock.package_level', move['package_level_id']);
  addReserved(env, { product, ...source }, quantity);
  env.insert('stock.move.line', {
    move_id: move.id,
    picking_id: move['picking_id'] ?? null,
    product_id: product,
    product_uom_id: move['product_uom'] ?? null,
    company_id: move['company_id'] ?? 1,
    location_id: source.location,
    location_dest_id: move['location_dest_id'] ?? null,
    lot_id: source.lot,
    package_id: source.pack,
    result_package_id: level ? source.pack : null,
    package_level_id: level?.id ?? null,
    owner_id: null,
    date: env.now,
    ...promised(env, quantity),
  });
}

/** Gives back everything that the moves hold. */
export function unreserveMoves(env: Env, moves: Row[]): void {
  for (const move of moves) {
    if (!isOpen(move)) continue;
    for (const line of linesOf(env, move)) release(env, line);
  }
  refreshStates(env, moves);
}

/** Cancels moves and gives back what they held. @throws fault 2 when one of them is done */
export function cancelMoves(env: Env, moves: Row[]): void {
  if (moves.some((move) => move['state'] === 'done')) throw userError(translate(env, 'cancelDone'));
  for (const move of moves) {
    if (move['state'] === 'cancel') continue;
    for (const line of linesOf(env, move)) {
      release(env, line);
      env.remove('stock.move.line', line.id);
    }
    env.patch('stock.move', move.id, { state: 'cancel' });
  }
  refreshStates(env, moves);
}
