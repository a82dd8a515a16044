import { pythonError } from '../faults';
import { hasGroup } from '../orm/access';
import type { ModelSpec } from '../orm/model';
import { round2, num } from '../stock/quants';

/** Models around stock, with the fields that its flows read. */

export const users: ModelSpec = {
  name: 'res.users',
  description: 'User',
  order: 'name, login',
  fields: `
name|char|*||Name|
login|char|*||Login|
password|char|||Password|
email|char|||Email|
lang|selection|||Language|
tz|selection|||Timezone|
active|boolean|||Active|
partner_id|many2one|*|res.partner|Related Partner|
company_id|many2one|*|res.company|Company|
company_ids|many2many||res.company|Companies|
`,
  // A password can be written, never read.
  computed: { password: () => '' },
  settable: ['password'],
  defaults: () => ({ active: true, company_id: 1, company_ids: [1], lang: 'en_US', group_codes: '' }),
  methods: {
    has_group: {
      on: 'model',
      params: ['group_ext_id', 'second?'],
      changes: false,
      run: (env, _ids, args) => {
        // 18 made it a record method: [uid], group. The old form misses its argument there.
        if (env.version !== 18) return hasGroup(env, String(args['group_ext_id']));
        if (args['second'] !== undefined) return hasGroup(env, String(args['second']));
        throw pythonError('TypeError', "Users.has_group() missing 1 required positional argument: 'group_ext_id'");
      },
    },
    context_get: {
      on: 'model',
      params: [],
      changes: false,
      run: (env) => ({ lang: env.lang, tz: false, uid: env.uid }),
    },
  },
};

export const partner: ModelSpec = {
  name: 'res.partner',
  description: 'Contact',
  order: 'name, id',
  fields: `
name|char|||Name|
ref|char|||Reference|
comment|html|||Notes|
street2|char|||Street2|
email|char|||Email|
vat|char|||Tax ID|
parent_id|many2one||res.partner|Related Company|
child_ids|one2many||res.partner|Contact|
color|integer|||Color Index|
credit_limit|float|||Credit Limit|
active|boolean|||Active|
partner_latitude|float|||Geo Latitude|
`,
  children: { child_ids: ['res.partner', 'parent_id'] },
  defaults: () => ({ active: true }),
};

export const company: ModelSpec = {
  name: 'res.company',
  description: 'Companies',
  order: 'name',
  fields: `
name|char|*||Company Name|
partner_id|many2one|*|res.partner|Partner|
active|boolean|||Active|
`,
  defaults: () => ({ active: true }),
};

export const warehouse: ModelSpec = {
  name: 'stock.warehouse',
  description: 'Warehouse',
  fields: `
name|char|*||Warehouse|
code|char|*||Short Name|
active|boolean|||Active|
company_id|many2one|*|res.company|Company|
view_location_id|many2one|*|stock.location|View Location|
lot_stock_id|many2one|*|stock.location|Location Stock|
int_type_id|many2one||stock.picking.type|Internal Type|
in_type_id|many2one||stock.picking.type|In Type|
out_type_id|many2one||stock.picking.type|Out Type|
`,
  defaults: () => ({ active: true }),
};

/** `Internal Transfers` in Spanish, as the language packs of the recorded servers have it. */
const SPANISH_INTERNAL = { 16: 'Transferencias internas', 17: 'Traslados internos', 18: 'Traslados internos' };

export const pickingType: ModelSpec = {
  name: 'stock.picking.type',
  description: 'Picking Type',
  order: 'sequence, id',
  fields: `
name|char|*||Operation Type|
sequence|integer|||Sequence|
code|selection|*||Type of Operation|
sequence_code|char|*||Sequence Prefix|
active|boolean|||Active|
warehouse_id|many2one||stock.warehouse|Warehouse|
company_id|many2one|*|res.company|Company|
default_location_src_id|many2one||stock.location|Default Source Location|
default_location_dest_id|many2one||stock.location|Default Destination Location|
create_backorder|selection|*||Create Backorder|
reservation_method|selection|*||Reservation Method|
show_entire_packs|boolean|||Move Entire Packages|
barcode|char|||Barcode|
`,
  computed: {
    name: (env, row) =>
      env.context['lang'] === 'es_CL' && row['name'] === 'Internal Transfers'
        ? SPANISH_INTERNAL[env.version]
        : (row['name'] ?? null),
  },
  displayName: (env, row) =>
    `${String(env.get('stock.warehouse', row['warehouse_id'])?.['name'])}: ${String(row['name'])}`,
  defaults: () => ({ active: true }),
};

export const lot: ModelSpec = {
  name: 'stock.lot',
  description: 'Lot/Serial',
  order: 'name, id',
  fields: `
name|char|*||Lot/Serial Number|
product_id|many2one|*|product.product|Product|
company_id|many2one||res.company|Company|
`,
};

export const uom: ModelSpec = {
  name: 'uom.uom',
  description: 'Product Unit of Measure',
  fields: `
name|char|*||Unit of Measure|
rounding|float|*||Rounding Precision|
active|boolean|||Active|
`,
  defaults: () => ({ active: true }),
};

export const product: ModelSpec = {
  name: 'product.product',
  description: 'Product Variant',
  order: 'default_code, name, id',
  searchNames: ['name', 'default_code', 'barcode'],
  fields: `
name|char|*||Name|
default_code|char|||Internal Reference|
barcode|char|||Barcode|
uom_id|many2one|*|uom.uom|Unit of Measure|
uom_po_id|many2one|*|uom.uom|Purchase UoM|
tracking|selection|*||Tracking|
type|selection|*||Product Type|
detailed_type|selection|*||Product Type|16 17
is_storable|boolean|||Track Inventory|18
active|boolean|||Active|
list_price|float|||Sales Price|
standard_price|float|||Cost|
weight|float|||Weight|
qty_available|float|||Quantity On Hand|
product_tmpl_id|many2one|*|product.template|Product Template|
company_id|many2one||res.company|Company|
`,
  computed: {
    qty_available: (env, row) =>
      round2(
        env
          .where('stock.quant', 'product_id', row.id)
          .filter((quant) => env.get('stock.location', quant['location_id'])?.['usage'] === 'internal')
          .reduce((total, quant) => total + num(quant['quantity']), 0),
      ),
  },
  displayName: (_env, row) => (row['default_code'] ? `[${String(row['default_code'])}] ` : '') + String(row['name']),
  defaults: () => ({ active: true, list_price: 1, standard_price: 0, type: 'consu', tracking: 'none' }),
};

export const installedModule: ModelSpec = {
  name: 'ir.module.module',
  description: 'Module',
  order: 'name',
  fields: `
name|char|*||Technical Name|
latest_version|char|||Installed Version|
state|selection|||Status|
`,
};

export const configParameter: ModelSpec = {
  name: 'ir.config_parameter',
  description: 'System Parameter',
  order: 'key',
  fields: `
key|char|*||Key|
value|text|*||Value|
`,
};

export const language: ModelSpec = {
  name: 'res.lang',
  description: 'Languages',
  order: 'name',
  fields: `
name|char|*||Name|
code|char|*||Locale Code|
active|boolean|||Active|
`,
  defaults: () => ({ active: true }),
};
