import type { OdooVersion } from '../versions';
import type { RpcStruct } from '../wire/values';

const QUANTS_HELP =
  '\n                <p class="o_view_nocontent_empty_folder">No Stock On Hand</p>\n                <p>This analysis gives you an overview of the current stock level of your products.</p>\n                ';
const INVENTORY_HELP =
  '\n                <p class="o_view_nocontent_smiling_face">\n                    Your stock is currently empty\n                </p>\n                <p>\n                    Press the &#34;New&#34; button to define the quantity for a product in your stock or import quantities from a spreadsheet via the Actions menu <span class="fa fa-cog"/>\n                </p>\n                ';

const QUANT_VIEWS: Record<OdooVersion, { id: number; views: [number, string][] }> = {
  16: {
    id: 270,
    views: [
      [709, 'list'],
      [707, 'form'],
      [710, 'pivot'],
      [711, 'graph'],
    ],
  },
  17: {
    id: 288,
    views: [
      [756, 'list'],
      [753, 'form'],
      [757, 'pivot'],
      [758, 'graph'],
    ],
  },
  18: {
    id: 302,
    views: [
      [796, 'list'],
      [795, 'form'],
      [799, 'pivot'],
      [800, 'graph'],
    ],
  },
};

/** The window action that `stock.quant.action_view_quants` answers with. */
export function quantsAction(version: OdooVersion): RpcStruct {
  const { id, views } = QUANT_VIEWS[version];
  const list = version === 18 ? 'list' : 'tree';
  return {
    name: 'Locations',
    ...(version === 16 ? { view_type: 'tree' } : {}),
    view_mode: `${list},form,pivot,graph`,
    res_model: 'stock.quant',
    type: 'ir.actions.act_window',
    context: { search_default_internal_loc: 1, inventory_mode: true, inventory_report_mode: true },
    domain: [],
    help: QUANTS_HELP,
    id,
    view_id: views[0]?.[0] ?? 0,
    views,
  };
}

/** The window action that `stock.quant.action_view_inventory` answers with. */
export function inventoryAction(version: OdooVersion): RpcStruct {
  const list = version === 18 ? 'list' : 'tree';
  return {
    name: 'Inventory Adjustments',
    view_mode: list,
    res_model: 'stock.quant',
    type: 'ir.actions.act_window',
    context: { inventory_mode: true, no_at_date: true },
    domain: [['location_id.usage', 'in', ['internal', 'transit']]],
    views: [[807, list]],
    help: INVENTORY_HELP,
  };
}
