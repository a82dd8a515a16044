import type { Row } from '../db/table';
import type { Env } from '../orm/env';
import type { ModelSpec } from '../orm/model';
import { existing } from '../orm/write';
import { addQuantity, dropEmptyQuants, idOrNull, num } from '../stock/quants';
import type { RpcValue } from '../wire/values';
import { quantsAction } from './quant-actions';

/** Moves quants without a picking (17 and 18); all that is left of it is a move with the message as reference. */
export const quantRelocate: ModelSpec = {
  name: 'stock.quant.relocate',
  description: 'Stock Quantity Relocation',
  versions: [17, 18],
  fields: `
quant_ids|many2many||stock.quant|Quants|
dest_location_id|many2one||stock.location|Destination|
dest_package_id|many2one||stock.quant.package|Destination Package|
message|text|||Reason for relocation|
`,
  methods: {
    action_relocate_quants: {
      on: 'record',
      params: [],
      changes: true,
      run: (env, ids) => {
        for (const wizard of existing(env, env.model('stock.quant.relocate'), ids)) relocate(env, wizard);
        return env.version === 18
          ? {
              ...quantsAction(18),
              context: {
                always_show_loc: 1,
                search_default_internal_loc: 1,
                inventory_mode: true,
                inventory_report_mode: true,
              },
            }
          : serverAction();
      },
    },
  },
};

function relocate(env: Env, wizard: Row): void {
  const destination = wizard['dest_location_id'] as number;
  const touched: Row[] = [];
  for (const quant of existing(env, env.model('stock.quant'), wizard['quant_ids'] as number[])) {
    const quantity = num(quant['quantity']);
    const key = {
      product: quant['product_id'] as number,
      location: quant['location_id'] as number,
      lot: idOrNull(quant['lot_id']),
      pack: idOrNull(quant['package_id']),
    };
    const message = String(wizard['message'] ?? 'Quantity Relocated');
    const product = env.must('product.product', key.product);
    env.insert('stock.move', {
      name: message,
      reference: message,
      picking_id: null,
      origin: null,
      product_id: key.product,
      product_uom: product['uom_id'] ?? null,
      product_uom_qty: quantity,
      location_id: key.location,
      location_dest_id: destination,
      company_id: 1,
      state: 'done',
      is_inventory: true,
      date: env.now,
      sequence: 10,
      priority: '0',
      package_level_id: null,
    });
    touched.push(addQuantity(env, key, -quantity));
    addQuantity(env, { ...key, location: destination }, quantity, String(quant['in_date']));
  }
  dropEmptyQuants(env, touched);
}

/** What 17 answers: the stock report's server action. */
function serverAction(): RpcValue {
  return {
    id: 287,
    name: 'Inventory',
    type: 'ir.actions.server',
    xml_id: 'stock.action_view_quants',
    help: false,
    binding_model_id: false,
    binding_type: 'action',
    binding_view_types: 'list,form',
    display_name: 'Inventory',
    model_name: 'stock.quant',
    groups_id: [33],
  };
}
