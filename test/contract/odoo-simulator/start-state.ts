import type { Env } from '../../../simulators/odoo/orm/env';
import type { DatabaseSeed } from '../../../simulators/odoo/seed/databases';
import { KG, LOCATION, seedFoundation } from '../../../simulators/odoo/seed/foundation';
import { type Content, seedLocation, seedProduct, seedUser } from '../../../simulators/odoo/seed/parts';
import { addQuantity } from '../../../simulators/odoo/stock/quants';
import type { OdooVersion } from '../../../simulators/odoo/versions';

/**
 * The databases of the recordings as they were when `common-version` was recorded: same ids, names and quantities as far
 * as the recordings show them.
 */

const FRAM = 1;
const ARAN = 2;
const MORA = 3;
const LOT_SINGLE = 1;
const LOT_MIXED = 3;
export const API_KEY = '0000000000000000000000000000000000apikey';

const BUSINESS = { company: 'Frigorífico Ñuble SpA', warehouse: 'Planta Chillán', code: 'WH' };

/** kg on pallets 1 to 25: raspberry, blueberry, and every third one blackberry with raspberry. */
const PALLETS: readonly (number | readonly [mora: number, fram: number])[] = [
  456.7,
  413.3,
  [209.87, 190.7],
  446.2,
  467.6,
  [157.21, 151.45],
  462.8,
  445.8,
  [175.78, 259.52],
  470.3,
  497.1,
  [202.4, 220.3],
  401.1,
  468.9,
  [245.48, 207.55],
  483.8,
  474,
  [157.04, 233.41],
  481.1,
  422.2,
  [153.41, 245.21],
  480.6,
  451.1,
  [246.67, 228.55],
  484.5,
];
const RECEIVED = 5;
const CHAMBER_1 = 17;
const CHAMBER_6 = 22;

export function startState(version: OdooVersion): DatabaseSeed {
  return { version, seed };
}

/** A database of which only the name matters. */
export const otherDatabase: DatabaseSeed = { version: 18, seed: (env) => seedFoundation(env, BUSINESS) };

function seed(env: Env): void {
  seedFoundation(env, BUSINESS);
  seedUser(env, { id: 2, login: 'admin', name: 'Administrator', password: 'admin', groups: 'admin', apiKey: API_KEY });
  seedUser(env, { id: 6, login: 'bodega@demo.cl', name: 'Bodega', password: 'bodega-clave', groups: 'stock' });
  seedUser(env, { id: 7, login: 'lector@demo.cl', name: 'Lector', password: 'lector-clave', groups: 'reader' });
  seedUser(env, {
    id: 8,
    login: 'contador@demo.cl',
    name: 'Contador',
    password: 'contador-clave',
    groups: 'accounting',
  });
  seedUser(env, {
    id: 9,
    login: 'sinmail@demo.cl',
    name: 'Sin correo',
    password: 'sinmail-clave',
    groups: 'stock',
    email: null,
  });
  env.db.reserve('res.partner', 11);
  seedProduct(env, FRAM, 'Frambuesa IQF 10 kg', 'FRAM-IQF-1', '7800011111111', 'lot');
  seedProduct(env, ARAN, 'Arándano IQF', 'ARAN-IQF-2', '7800022222222', 'none');
  seedProduct(env, MORA, 'Mora IQF', 'MORA-IQF-3', '7800033333333', 'none');
  for (const name of ['L2025-017', 'L2025-018', 'L2025-019'])
    env.insert('stock.lot', { name, product_id: FRAM, company_id: 1 });
  seedPlaces(env);
  seedPallets(env);
  seedReceipt(env);
  env.insert('stock.quant.package', { name: 'PACK-VACIO', package_use: 'disposable' });
}

function seedPlaces(env: Env): void {
  for (let n = 1; n <= 6; n += 1)
    seedLocation(env, `Cámara ${n}`, `CAM-0${n}`, LOCATION.stock, { id: CHAMBER_1 + n - 1 });
  for (const chamber of [1, 2]) {
    for (const level of [1, 2]) {
      const parent = CHAMBER_1 + chamber - 1;
      seedLocation(env, `A-01-${level}`, `CAM-0${chamber}-A-01-${level}`, parent, { id: 20 + chamber * 2 + level });
    }
  }
  seedLocation(env, 'Andén de despacho', 'ANDEN', LOCATION.stock, { id: 27 });
  seedLocation(env, 'Cámara 9 (fuera de uso)', 'CAM-09', LOCATION.stock, { id: 28, active: false });
}

function seedPallets(env: Env): void {
  PALLETS.forEach((kg, index) => {
    const pack = env.insert('stock.quant.package', { name: `PACK000${1234 + index}`, package_use: 'disposable' });
    const contents = contentOf(kg, index);
    const location = CHAMBER_1 + (index % 5);
    // Counted one after the other: the first pallet is the oldest, wherever it is moved.
    const counted = `${env.now.slice(0, 20)}${String(index).padStart(6, '0')}`;
    for (const { product, quantity, lot } of contents) {
      addQuantity(env, { product, location, lot: lot ?? null, pack: pack.id }, quantity, counted);
    }
    for (const { product, quantity, lot } of contents) {
      addQuantity(env, { product, location: LOCATION.inventory, lot: lot ?? null, pack: null }, -quantity);
    }
  });
  env.db.reserve('stock.move', 33);
  env.db.reserve('stock.move.line', 34);
}

function contentOf(kg: number | readonly [number, number], index: number): Content[] {
  if (typeof kg !== 'number') {
    return [
      { product: MORA, quantity: kg[0] },
      { product: FRAM, quantity: kg[1], lot: LOT_MIXED },
    ];
  }
  return [index % 3 === 0 ? { product: FRAM, quantity: kg, lot: LOT_SINGLE } : { product: ARAN, quantity: kg }];
}

/** WH/IN/00001: five pallets of 400 kg, received into Cámara 6. */
function seedReceipt(env: Env): void {
  const common = { location_id: LOCATION.vendors, company_id: 1, date: env.now };
  const picking = env.insert('stock.picking', {
    ...common,
    name: 'WH/IN/00001',
    origin: 'RECEP-0001',
    picking_type_id: 1,
    location_dest_id: LOCATION.stock,
    state: 'done',
    priority: '0',
    scheduled_date: env.now,
    date_done: env.now,
  });
  const move = env.insert('stock.move', {
    ...common,
    name: 'Arándano',
    picking_id: picking.id,
    product_id: ARAN,
    product_uom: KG,
    product_uom_qty: 400 * RECEIVED,
    location_dest_id: LOCATION.stock,
    state: 'done',
    sequence: 10,
    reference: 'WH/IN/00001',
  });
  for (let n = 0; n < RECEIVED; n += 1) {
    const pack = env.insert('stock.quant.package', { name: `PACK000${1259 + n}`, package_use: 'disposable' });
    addQuantity(env, { product: ARAN, location: LOCATION.vendors, lot: null, pack: null }, -400);
    addQuantity(env, { product: ARAN, location: CHAMBER_6, lot: null, pack: pack.id }, 400);
    env.insert('stock.move.line', {
      ...common,
      picking_id: picking.id,
      move_id: move.id,
      product_id: ARAN,
      product_uom_id: KG,
      location_dest_id: CHAMBER_6,
      result_package_id: pack.id,
      ...(env.version === 16 ? { qty_done: 400, reserved_uom_qty: 0 } : { quantity: 400, picked: true }),
    });
  }
}
