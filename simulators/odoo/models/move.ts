import type { Row } from '../db/table';
import { stockMoveFields } from '../fields/stock-move';
import type { Env } from '../orm/env';
import type { ModelSpec } from '../orm/model';
import { doneOf, linesOf, reservedOf } from '../stock/lines';
import { cancelMoves } from '../stock/moves';
import { round2 } from '../stock/quants';
import type { RpcValue } from '../wire/values';

const MOVE = 'stock.move';
const total = (env: Env, row: Row, of: (env: Env, line: Row) => number): number =>
  round2(linesOf(env, row).reduce((sum, line) => sum + of(env, line), 0));

export const move: ModelSpec = {
  name: MOVE,
  description: 'Stock Move',
  fields: stockMoveFields,
  order: 'sequence, id',
  notNull: ['product_id', 'location_id', 'location_dest_id'],
  selections: { state: ['draft', 'waiting', 'confirmed', 'partially_available', 'assigned', 'done', 'cancel'] },
  children: { move_line_ids: ['stock.move.line', 'move_id'] },
  computed: {
    product_qty: (_env, row) => row['product_uom_qty'] ?? null,
    quantity: (env, row) => total(env, row, reservedOf),
    quantity_done: (env, row) => total(env, row, doneOf),
    reserved_availability: (env, row) => (row['state'] === 'done' ? 0 : total(env, row, reservedOf)),
    picked: (env, row) => row['state'] === 'done' || linesOf(env, row).some((line) => line['picked'] === true),
  },
  displayName: (env, row) => {
    const from = env.get('stock.location', row['location_id']);
    const to = env.get('stock.location', row['location_dest_id']);
    const names = [from, to].map((place) => (place ? env.displayName(env.model('stock.location'), place) : '?'));
    return `${names[0]}>${names[1]}`;
  },
  defaults: (env) => ({
    state: 'draft',
    sequence: 10,
    company_id: 1,
    priority: '0',
    date: env.now,
    is_inventory: false,
    product_uom_qty: 0,
  }),
  beforeCreate: (env, values) => {
    const picking = env.get('stock.picking', values['picking_id'] as number);
    const filled = {
      reference: picking?.['name'] ?? values['name'] ?? null,
      picking_type_id: picking?.['picking_type_id'] ?? null,
      origin: picking?.['origin'] ?? null,
      location_id: picking?.['location_id'] ?? null,
      location_dest_id: picking?.['location_dest_id'] ?? null,
      ...values,
    };
    // 16 drops lines that come nested in a move, and later reserves whatever is oldest in the place.
    if (env.version === 16 && picking) delete (filled as Record<string, RpcValue>)['move_line_ids'];
    return filled as Record<string, RpcValue>;
  },
  beforeUnlink: (env, rows) => cancelMoves(env, rows),
};
