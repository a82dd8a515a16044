import type { Row } from '../db/table';
import { stockQuantFields } from '../fields/stock-quant';
import type { Env } from '../orm/env';
import type { ModelSpec } from '../orm/model';
import { existing } from '../orm/write';
import { isOpen, lineKey, reservedOf } from '../stock/lines';
import { dropEmptyQuants, findQuant, num, round2 } from '../stock/quants';
import type { RpcStruct, RpcValue } from '../wire/values';
import { inventoryAction, quantsAction } from './quant-actions';

export const quant: ModelSpec = {
  name: 'stock.quant',
  description: 'Quants',
  fields: stockQuantFields,
  notNull: ['product_id', 'location_id'],
  computed: {
    // Not rounded: the double's noise is what clients get (190.70000000000002 beside 190.7).
    available_quantity: (_env, row) => num(row['quantity']) - num(row['reserved_quantity']),
    product_uom_id: (env, row) => env.get('product.product', row['product_id'])?.['uom_id'] ?? null,
    product_tmpl_id: (env, row) => env.get('product.product', row['product_id'])?.['product_tmpl_id'] ?? null,
    tracking: (env, row) => env.get('product.product', row['product_id'])?.['tracking'] ?? null,
    inventory_diff_quantity: (_env, row) => round2(num(row['inventory_quantity']) - num(row['quantity'])),
  },
  displayName: (env, row) => {
    const place = env.get('stock.location', row['location_id']);
    return place ? env.displayName(env.model('stock.location'), place) : `stock.quant,${row.id}`;
  },
  defaults: (env) => ({
    quantity: 0,
    reserved_quantity: 0,
    lot_id: null,
    package_id: null,
    owner_id: null,
    company_id: 1,
    in_date: env.now,
    inventory_date: `${env.now.slice(0, 4)}-12-31`,
  }),
  beforeCreate: (_env, values) =>
    'inventory_quantity' in values ? { ...values, inventory_quantity_set: true } : values,
  methods: {
    action_apply_inventory: {
      on: 'record',
      params: [],
      changes: true,
      run: (env, ids) => applyInventory(env, existing(env, env.model('stock.quant'), ids)),
    },
    action_view_quants: { on: 'model', params: [], changes: true, run: (env) => tidy(env, quantsAction(env.version)) },
    action_view_inventory: {
      on: 'model',
      params: [],
      changes: true,
      run: (env) => tidy(env, inventoryAction(env.version)),
    },
  },
};

/** Python returns None here: over XML-RPC that is a fault although the work is committed. */
function applyInventory(env: Env, rows: Row[]): null {
  for (const row of rows) {
    const counted = num(row['inventory_quantity']);
    const key = {
      product: row['product_id'] as number,
      location: row['location_id'] as number,
      lot: (row['lot_id'] as number | null) ?? null,
      pack: (row['package_id'] as number | null) ?? null,
    };
    const same = findQuant(env, key);
    const target = same && same.id < row.id ? same : row;
    env.patch('stock.quant', target.id, {
      quantity: round2(counted),
      inventory_quantity: 0,
      inventory_quantity_set: false,
    });
    if (target.id !== row.id) env.remove('stock.quant', row.id);
  }
  return null;
}

/**
 * `_quant_tasks`, which opening the stock report runs: empty quants go. In 18 it also corrects reservations that no open
 * move line accounts for ("ghosts"), in 16 and 17 it does not.
 */
function tidy(env: Env, action: RpcStruct): RpcValue {
  if (env.version === 18) cleanReservations(env);
  dropEmptyQuants(env, env.db.table('stock.quant').all());
  return action;
}

function cleanReservations(env: Env): void {
  const held = new Map<number, number>();
  for (const line of env.db.table('stock.move.line').all()) {
    if (!isOpen(env.get('stock.move', line['move_id']))) continue;
    const target = findQuant(env, lineKey(line));
    if (target) held.set(target.id, round2((held.get(target.id) ?? 0) + reservedOf(env, line)));
  }
  for (const row of env.db.table('stock.quant').all()) {
    const right = held.get(row.id) ?? 0;
    if (num(row['reserved_quantity']) !== right) env.patch('stock.quant', row.id, { reserved_quantity: right });
  }
}
