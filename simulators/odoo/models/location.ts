import type { Row } from '../db/table';
import { userError, validationError } from '../faults';
import { stockLocationFields } from '../fields/stock-location';
import type { Env } from '../orm/env';
import type { ModelSpec } from '../orm/model';
import { ancestors, descendants } from '../orm/tree';
import { num } from '../stock/quants';
import { translate } from '../texts';
import type { RpcStruct } from '../wire/values';

export const location: ModelSpec = {
  name: 'stock.location',
  description: 'Inventory Locations',
  fields: stockLocationFields,
  order: 'complete_name, id',
  searchNames: ['complete_name', 'barcode'],
  selections: { usage: ['supplier', 'view', 'internal', 'customer', 'inventory', 'production', 'transit'] },
  notNull: ['name'],
  restrictedBy: [
    ['stock.quant', 'location_id'],
    ['stock.picking', 'location_id'],
    ['stock.location', 'location_id'],
  ],
  children: { child_ids: ['stock.location', 'location_id'], quant_ids: ['stock.quant', 'location_id'] },
  computed: {
    complete_name: completeName,
    parent_path: (env, row) => `${ancestors(env, 'stock.location', row.id).reverse().join('/')}/`,
    warehouse_id: (env, row) => {
      const above = ancestors(env, 'stock.location', row.id);
      return (
        env.db
          .table('stock.warehouse')
          .all()
          .find((one) => above.includes(one['view_location_id'] as number))?.id ?? null
      );
    },
  },
  displayName: completeName,
  defaults: () => ({ active: true, usage: 'internal', company_id: 1, scrap_location: false }),
  beforeCreate: (env, values) => {
    refuseTakenBarcode(env, values, null);
    return values;
  },
  beforeWrite: (env, rows, values) => {
    for (const row of rows) {
      refuseTakenBarcode(env, values, row.id);
      refuseRecursion(env, row, values);
      refuseWithStock(env, row, values);
    }
    return values;
  },
};

/** `WH/Stock/Cámara 1`: the names from the first place below a view down to this one. */
function completeName(env: Env, row: Row): string {
  const parent = env.get('stock.location', row['location_id']);
  const name = String(row['name']);
  return parent && row['usage'] !== 'view' ? `${completeName(env, parent)}/${name}` : name;
}

function refuseTakenBarcode(env: Env, values: RpcStruct, own: number | null): void {
  const barcode = values['barcode'];
  if (typeof barcode !== 'string' || !barcode) return;
  if (env.where('stock.location', 'barcode', barcode).some((row) => row.id !== own)) {
    throw validationError(translate(env, 'barcodeTaken'));
  }
}

function refuseRecursion(env: Env, row: Row, values: RpcStruct): void {
  const parent = values['location_id'];
  if (typeof parent === 'number' && ancestors(env, 'stock.location', parent).includes(row.id)) {
    throw userError(translate(env, 'recursion'));
  }
}

function refuseWithStock(env: Env, row: Row, values: RpcStruct): void {
  const full = descendants(env, 'stock.location', row.id).filter((id) =>
    env.where('stock.quant', 'location_id', id).some((quant) => num(quant['quantity']) > 0),
  );
  if (values['usage'] === 'view' && full.includes(row.id)) throw userError(translate(env, 'usageView'));
  if (values['active'] === false && full.length > 0) {
    const names = full.map((id) => completeName(env, env.must('stock.location', id)));
    throw userError(translate(env, 'archiveNonEmpty', names.sort().join(', ')));
  }
}
