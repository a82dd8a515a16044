import type { Row } from '../db/table';
import { stockMoveLineFields } from '../fields/stock-move-line';
import type { Env } from '../orm/env';
import type { ModelSpec } from '../orm/model';
import { isOpen, lineKey, release, reservedOf } from '../stock/lines';
import { addReserved, num } from '../stock/quants';
import { refreshPickingState, refreshStates } from '../stock/states';

const moveOf = (env: Env, line: Row): Row | undefined => env.get('stock.move', line['move_id']);

export const moveLine: ModelSpec = {
  name: 'stock.move.line',
  description: 'Product Moves (Stock Move Line)',
  fields: stockMoveLineFields,
  order: 'result_package_id desc, location_id asc, location_dest_id asc, picking_id asc, id',
  notNull: ['location_id', 'location_dest_id', 'product_uom_id'],
  computed: {
    state: (env, row) => moveOf(env, row)?.['state'] ?? null,
    reserved_qty: (env, row) => (env.version === 16 ? num(row['reserved_uom_qty']) : null),
    quantity_product_uom: (_env, row) => num(row['quantity']),
    reference: (env, row) => moveOf(env, row)?.['reference'] ?? null,
    picking_code: (env, row) =>
      env.get('stock.picking.type', env.get('stock.picking', row['picking_id'])?.['picking_type_id'])?.['code'] ?? null,
    tracking: (env, row) => env.get('product.product', row['product_id'])?.['tracking'] ?? null,
  },
  displayName: (_env, row) => `stock.move.line,${row.id}`,
  defaults: (env) => ({
    company_id: 1,
    date: env.now,
    lot_id: null,
    package_id: null,
    result_package_id: null,
    owner_id: null,
    ...(env.version === 16 ? { qty_done: 0, reserved_uom_qty: 0 } : { quantity: 0, picked: false }),
  }),
  beforeCreate: (env, values) => {
    const product = env.get('product.product', values['product_id'] as number);
    return { product_uom_id: product?.['uom_id'] ?? false, ...values } as typeof values;
  },
  afterCreate: (env, line) => {
    if (line['move_id'] === null || line['move_id'] === undefined) attachMove(env, line);
    if (env.version !== 16) addReserved(env, lineKey(line), reservedOf(env, line));
    refreshAround(env, line);
  },
  beforeWrite: (env, rows, values) => {
    if (env.version === 16 || !('quantity' in values)) return values;
    for (const line of rows) {
      if (isOpen(moveOf(env, line))) addReserved(env, lineKey(line), num(values['quantity']) - reservedOf(env, line));
    }
    return values;
  },
  afterWrite: (env, rows) => rows.forEach((line) => refreshAround(env, line)),
  beforeUnlink: (env, rows) => {
    for (const line of rows) {
      if (isOpen(moveOf(env, line))) release(env, line);
    }
  },
};

function refreshAround(env: Env, line: Row): void {
  const move = moveOf(env, env.must('stock.move.line', line.id));
  if (move) refreshStates(env, [move]);
}

/** A line put straight on a picking gets a move with no demand of its own. */
function attachMove(env: Env, line: Row): void {
  const picking = env.get('stock.picking', line['picking_id']);
  if (!picking) return;
  const product = env.must('product.product', line['product_id']);
  const known = env
    .where('stock.move', 'picking_id', picking.id)
    .find(
      (one) =>
        one['product_id'] === product.id &&
        isOpen(one) &&
        one['package_level_id'] === (line['package_level_id'] ?? null),
    );
  const move =
    known ??
    env.insert('stock.move', {
      name: env.displayName(env.model('product.product'), product),
      picking_id: picking.id,
      picking_type_id: picking['picking_type_id'] ?? null,
      product_id: product.id,
      product_uom: line['product_uom_id'] ?? null,
      product_uom_qty: 0,
      location_id: line['location_id'] ?? null,
      location_dest_id: line['location_dest_id'] ?? null,
      package_level_id: null,
      company_id: picking['company_id'] ?? 1,
      origin: picking['origin'] ?? null,
      reference: picking['name'] ?? null,
      date: env.now,
      sequence: 10,
      priority: '0',
      state: 'draft',
      is_inventory: false,
    });
  env.patch('stock.move.line', line.id, { move_id: move.id });
  refreshPickingState(env, picking.id);
}
