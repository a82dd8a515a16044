import type { Env } from '../orm/env';
import type { OdooVersion } from '../versions';

/** What every database has, under the ids of a fresh Odoo: company, warehouse, operation types, standard locations. */

export interface Business {
  company: string;
  warehouse: string;
  code: string;
}

export const KG = 12;
export const LOCATION = { vendors: 4, customers: 5, warehouse: 7, stock: 8, inventory: 14 } as const;

/** The id of "Internal Transfers" differs: 18 has two more operation types before it. */
export const internalType = (version: OdooVersion): number => (version === 18 ? 7 : 5);

type LocationSeed = [
  id: number,
  name: string,
  usage: string,
  parent: number | null,
  barcode: string | null,
  active: boolean,
];

export function seedFoundation(env: Env, business: Business): void {
  const { version } = env;
  env.insert(
    'res.partner',
    { name: business.company, active: true, ref: null, comment: null, color: 0, parent_id: null },
    1,
  );
  env.insert('res.company', { name: business.company, partner_id: 1, active: true }, 1);
  env.insert(
    'res.users',
    {
      login: '__system__',
      name: 'OdooBot',
      email: null,
      active: false,
      lang: 'en_US',
      company_id: 1,
      company_ids: [1],
    },
    1,
  );
  env.insert('res.lang', { name: 'English (US)', code: 'en_US', active: true });
  env.insert('uom.uom', { name: 'kg', rounding: 0.01, active: true }, KG);
  seedModules(env);
  seedLocations(env, business.code);
  env.insert(
    'stock.warehouse',
    {
      name: business.warehouse,
      code: business.code,
      active: true,
      company_id: 1,
      view_location_id: LOCATION.warehouse,
      lot_stock_id: LOCATION.stock,
      in_type_id: 1,
      out_type_id: 2,
      int_type_id: internalType(version),
    },
    1,
  );
  seedTypes(env);
}

function seedModules(env: Env): void {
  const minor = { 16: ['1.2', '1.1', '1.1'], 17: ['1.2', '1.1', '1.1'], 18: ['1.3', '1.1', '1.1'] }[env.version];
  ['account', 'stock', 'stock_account'].forEach((name, index) => {
    env.insert('ir.module.module', { name, latest_version: `${env.version}.0.${minor[index]}`, state: 'installed' });
  });
}

function seedLocations(env: Env, code: string): void {
  // 16 and 17 put a dash into the barcodes of the standard locations, 18 does not.
  const barcode = (name: string): string => (env.version === 18 ? `${code}${name}` : `${code}-${name}`);
  const seeds: LocationSeed[] = [
    [1, 'Physical Locations', 'view', null, null, true],
    [2, 'Partners', 'view', null, null, true],
    [3, 'Virtual Locations', 'view', null, null, true],
    [4, 'Vendors', 'supplier', 2, null, true],
    [5, 'Customers', 'customer', 2, null, true],
    [6, 'Inter-company transit', 'transit', 1, null, false],
    [7, code, 'view', 1, null, true],
    [8, 'Stock', 'internal', 7, barcode('STOCK'), true],
    [9, 'Input', 'internal', 7, barcode('INPUT'), false],
    [10, 'Quality Control', 'internal', 7, barcode('QUALITY'), false],
    [11, 'Output', 'internal', 7, barcode('OUTPUT'), false],
    [12, 'Packing Zone', 'internal', 7, barcode('PACKING'), false],
    [14, 'Inventory adjustment', 'inventory', 3, null, true],
    [15, 'Production', 'production', 3, null, true],
    [16, 'Scrap', 'inventory', 3, null, true],
  ];
  for (const [id, name, usage, parent, code_, active] of seeds) {
    env.insert(
      'stock.location',
      {
        name,
        usage,
        location_id: parent,
        barcode: code_,
        active,
        company_id: id > 6 ? 1 : null,
        scrap_location: id === 16,
      },
      id,
    );
  }
}

function seedTypes(env: Env): void {
  const type = (id: number, name: string, code: string, sequence: string, from: number, to: number): void => {
    env.insert(
      'stock.picking.type',
      {
        name,
        code,
        sequence: id,
        sequence_code: sequence,
        active: true,
        warehouse_id: 1,
        company_id: 1,
        default_location_src_id: from,
        default_location_dest_id: to,
        create_backorder: 'ask',
        reservation_method: 'at_confirm',
        show_entire_packs: false,
      },
      id,
    );
  };
  type(1, 'Receipts', 'incoming', 'IN', LOCATION.vendors, LOCATION.stock);
  type(2, 'Delivery Orders', 'outgoing', 'OUT', LOCATION.stock, LOCATION.customers);
  type(internalType(env.version), 'Internal Transfers', 'internal', 'INT', LOCATION.stock, LOCATION.stock);
}
