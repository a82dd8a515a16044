import type { Row } from '../db/table';
import type { Env } from '../orm/env';
import { isOpen, linesOf, reservedOf } from './lines';
import { num, round2 } from './quants';

/** Works out a move's state from what its lines hold back (`_recompute_state`). */
export function refreshMoveState(env: Env, id: number): void {
  const move = env.must('stock.move', id);
  if (!isOpen(move)) return;
  const reserved = round2(linesOf(env, move).reduce((total, line) => total + reservedOf(env, line), 0));
  const demand = num(move['product_uom_qty']);
  // A draft move stays one in 16; in 17+ a line with a quantity lifts it out.
  if (move['state'] === 'draft' && (env.version === 16 || reserved === 0)) return;
  const state = reserved >= demand ? 'assigned' : reserved > 0 ? 'partially_available' : 'confirmed';
  if (state !== move['state']) env.patch('stock.move', id, { state });
}

/** Works out a picking's state from its moves; one without moves keeps its own (draft, or cancel). */
export function refreshPickingState(env: Env, id: number): void {
  const moves = env.where('stock.move', 'picking_id', id);
  if (moves.length === 0) return;
  const state = pickingState(moves);
  if (env.must('stock.picking', id)['state'] !== state) env.patch('stock.picking', id, { state });
}

const RANK: Record<string, number> = { assigned: 4, waiting: 3, partially_available: 2, confirmed: 1 };

/** `_compute_state`: "as soon as possible" makes a half reserved picking `assigned`. */
function pickingState(moves: Row[]): string {
  const states = moves.map((move) => String(move['state']));
  if (states.includes('draft')) return 'draft';
  if (states.every((state) => state === 'cancel')) return 'cancel';
  if (states.every((state) => state === 'done' || state === 'cancel')) return 'done';
  const todo = moves.filter(
    (move) => isOpen(move) && !(move['state'] === 'assigned' && num(move['product_uom_qty']) === 0),
  );
  if (todo.some((move) => move['state'] === 'assigned' || move['state'] === 'partially_available')) return 'assigned';
  const least = todo.sort((a, b) => (RANK[String(b['state'])] ?? 0) - (RANK[String(a['state'])] ?? 0)).pop();
  if (!least) return 'assigned';
  return least['state'] === 'confirmed' && num(least['product_uom_qty']) === 0 ? 'assigned' : String(least['state']);
}

/** Refreshes moves and the pickings that they belong to. */
export function refreshStates(env: Env, moves: Row[]): void {
  const pickings = new Set<number>();
  for (const { id } of moves) {
    refreshMoveState(env, id);
    const picking = env.get('stock.move', id)?.['picking_id'];
    if (typeof picking === 'number') pickings.add(picking);
  }
  for (const id of pickings) refreshPickingState(env, id);
}
