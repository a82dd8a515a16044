import type { Cell, Row } from '../db/table';
import type { Env } from '../orm/env';
import { addQuantity } from '../stock/quants';
import { KG, LOCATION } from './foundation';

/** Helpers that seeds are written with. */

export const GROUPS = {
  admin:
    'base.group_user base.group_system stock.group_stock_manager stock.group_stock_user account.group_account_manager account.group_account_invoice account.group_account_readonly',
  stock: 'base.group_user stock.group_stock_user',
  accounting: 'base.group_user account.group_account_invoice account.group_account_readonly',
  reader: 'base.group_user',
} as const;

export interface UserSeed {
  id: number;
  login: string;
  name: string;
  password: string;
  groups: keyof typeof GROUPS;
  email?: string | null;
  apiKey?: string;
}

export function seedUser(env: Env, user: UserSeed): void {
  const partner = env.insert('res.partner', {
    name: user.name,
    email: user.email ?? null,
    active: true,
    parent_id: null,
  });
  env.insert(
    'res.users',
    {
      login: user.login,
      name: user.name,
      secret: user.password,
      email: user.email === undefined ? user.login : user.email,
      lang: 'en_US',
      tz: null,
      active: true,
      company_id: 1,
      company_ids: [1],
      partner_id: partner.id,
      group_codes: GROUPS[user.groups],
    },
    user.id,
  );
  if (user.apiKey) env.insert('res.users.apikeys', { user_id: user.id, key: user.apiKey, active: true });
}

export function seedProduct(
  env: Env,
  id: number,
  name: string,
  code: string,
  barcode: string,
  tracking: 'lot' | 'none',
): void {
  const kind: Record<string, Cell> =
    env.version === 18 ? { type: 'consu', is_storable: true } : { type: 'product', detailed_type: 'product' };
  env.insert(
    'product.product',
    {
      name,
      default_code: code,
      barcode,
      uom_id: KG,
      uom_po_id: KG,
      tracking,
      active: true,
      list_price: 1,
      standard_price: 0,
      weight: 1,
      company_id: null,
      ...kind,
    },
    id,
  );
}

export function seedLocation(
  env: Env,
  name: string,
  barcode: string | null,
  parent: number,
  extra: { id?: number; active?: boolean; usage?: string } = {},
): number {
  const { id, active = true, usage = 'internal' } = extra;
  return env.insert(
    'stock.location',
    { name, barcode, usage, active, location_id: parent, company_id: 1, scrap_location: false },
    id,
  ).id;
}

export interface Content {
  product: number;
  quantity: number;
  lot?: number;
}

/** A pallet with what is on it, as an inventory count would have left it. */
export function seedPallet(env: Env, name: string, location: number, contents: readonly Content[], id?: number): Row {
  const pack = env.insert(
    'stock.quant.package',
    { name, package_use: 'disposable', pack_date: env.now.slice(0, 10) },
    id,
  );
  for (const { product, quantity, lot } of contents) {
    addQuantity(env, { product, location, lot: lot ?? null, pack: pack.id }, quantity);
    addQuantity(env, { product, location: LOCATION.inventory, lot: lot ?? null, pack: null }, -quantity);
  }
  return pack;
}
