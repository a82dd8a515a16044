import type { Env } from '../orm/env';
import { createRecord } from '../orm/write';
import { confirmPickings } from '../stock/pickings';
import { type Business, internalType, LOCATION, seedFoundation } from './foundation';
import { type Content, seedLocation, seedPallet, seedProduct, seedUser, type UserSeed } from './parts';

export interface Chamber {
  name: string;
  barcode: string;
  /** Names of rack positions in it; their barcode is `<chamber>-<position>`. */
  positions?: readonly string[];
}

/** A cold store with frozen fruit on pallets: what the demo databases are made of. */
export interface ColdStore {
  business: Business;
  users: readonly UserSeed[];
  chambers: readonly Chamber[];
  /** Places without pallets at first: tunnel, dock. */
  places: readonly Chamber[];
  archived: Chamber;
  view: Chamber;
  /** Pallets that every flow may use, `<prefix><7 digits>`. */
  pallets: { prefix: string; first: number; count: number };
  /** The first of the numbers for pallets with something wrong about them. */
  oddities: number;
}

const PRODUCTS = [
  [1, 'Frambuesa IQF 10 kg', 'FRAM-IQF-1', '7800011111111'],
  [2, 'Arándano IQF 10 kg', 'ARAN-IQF-2', '7800022222222'],
  [3, 'Mora IQF 10 kg', 'MORA-IQF-3', '7800033333333'],
  [4, 'Frutilla IQF 10 kg', 'FRUT-IQF-4', '7800044444444'],
  [5, 'Cereza IQF 10 kg', 'CERE-IQF-5', '7800055555555'],
] as const;
const LOTS_PER_PRODUCT = 4;

export function seedColdStore(env: Env, store: ColdStore): void {
  seedFoundation(env, store.business);
  for (const user of store.users) seedUser(env, user);
  for (const [id, name, code, barcode] of PRODUCTS) {
    seedProduct(env, id, name, code, barcode, 'lot');
    for (let n = 1; n <= LOTS_PER_PRODUCT; n += 1) {
      env.insert('stock.lot', { name: `L2026-${String(id * 10 + n).padStart(3, '0')}`, product_id: id, company_id: 1 });
    }
  }
  const homes = store.chambers.map((chamber) => seedChamber(env, chamber));
  for (const place of store.places) seedChamber(env, place);
  seedLocation(env, store.archived.name, store.archived.barcode, LOCATION.stock, { active: false });
  seedLocation(env, store.view.name, store.view.barcode, LOCATION.stock, { usage: 'view' });
  seedPallets(env, store, homes);
  seedOddities(env, store, homes);
}

function seedChamber(env: Env, chamber: Chamber): number {
  const id = seedLocation(env, chamber.name, chamber.barcode, LOCATION.stock);
  for (const position of chamber.positions ?? []) seedLocation(env, position, `${chamber.barcode}-${position}`, id);
  return id;
}

const code = (store: ColdStore, number: number): string => `${store.pallets.prefix}${String(number).padStart(7, '0')}`;

/** One product and lot per pallet. The first weighs 456.7 kg; the others between 380 and 520 kg, always the same. */
function content(index: number): Content {
  const product = (index % PRODUCTS.length) + 1;
  const lot = (product - 1) * LOTS_PER_PRODUCT + (Math.floor(index / PRODUCTS.length) % LOTS_PER_PRODUCT) + 1;
  return { product, lot, quantity: index === 0 ? 456.7 : 380 + ((index * 7919) % 14000) / 100 };
}

function seedPallets(env: Env, store: ColdStore, homes: readonly number[]): void {
  for (let index = 0; index < store.pallets.count; index += 1) {
    const home = homes[index % homes.length] as number;
    seedPallet(env, code(store, store.pallets.first + index), home, [content(index)]);
  }
}

/** Pallets that a flow must refuse or cope with, each under its own number. */
function seedOddities(env: Env, store: ColdStore, homes: readonly number[]): void {
  const [home = LOCATION.stock, other = LOCATION.stock] = homes;
  const name = (offset: number): string => code(store, store.oddities + offset);
  seedPallet(env, name(0), home, []); // Empty.
  const reserved = seedPallet(env, name(1), home, [content(11)]); // Promised to a transfer of somebody else.
  const picking = createRecord(env, env.model('stock.picking'), {
    picking_type_id: internalType(env.version),
    location_id: home,
    location_dest_id: other,
    origin: 'Despacho manual',
    package_level_ids: [[0, 0, { package_id: reserved.id, location_dest_id: other, company_id: 1 }]],
  });
  confirmPickings(env, [picking]);
  seedPallet(env, name(2), home, [content(12)]); // The same code twice.
  seedPallet(env, name(2), other, [content(13)]);
  seedPallet(env, name(3), LOCATION.customers, [content(14)]); // Shipped to a customer.
  seedPallet(env, name(4), home, [content(15), content(16)]); // Two products on one pallet.
  seedPallet(env, name(5), LOCATION.stock, [content(17)]); // Directly in WH/Stock, in no chamber.
}
