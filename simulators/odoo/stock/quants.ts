import type { Row } from '../db/table';
import type { Env } from '../orm/env';
import { descendants } from '../orm/tree';

/** What makes a quant one: the same four on every movement into or out of it. Null is "without". */
export interface QuantKey {
  product: number;
  location: number;
  lot: number | null;
  pack: number | null;
}

const VIRTUAL = new Set(['supplier', 'customer', 'inventory', 'production']);

/** Rounds to the unit's precision: kg have two decimals. */
export function round2(value: number): number {
  return Math.round((value + Number.EPSILON) * 100) / 100;
}

export const num = (value: unknown): number => (typeof value === 'number' ? value : 0);
export const idOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** True for places that never run short (suppliers, customers, inventory loss): nothing is reserved there. */
export function bypassesReservation(env: Env, location: number): boolean {
  return VIRTUAL.has(String(env.get('stock.location', location)?.['usage']));
}

export function findQuant(env: Env, key: QuantKey): Row | undefined {
  return env
    .where('stock.quant', 'product_id', key.product)
    .find((row) => row['location_id'] === key.location && row['lot_id'] === key.lot && row['package_id'] === key.pack);
}

/** Adds (or with a negative number takes) a quantity, in kg, making the quant where there is none. */
export function addQuantity(env: Env, key: QuantKey, delta: number, inDate?: string): Row {
  const quant = findQuant(env, key);
  if (quant) return env.patch('stock.quant', quant.id, { quantity: round2(num(quant['quantity']) + delta) });
  return env.insert('stock.quant', {
    product_id: key.product,
    location_id: key.location,
    lot_id: key.lot,
    package_id: key.pack,
    owner_id: null,
    company_id: VIRTUAL.has(String(env.get('stock.location', key.location)?.['usage'])) ? null : 1,
    quantity: round2(delta),
    reserved_quantity: 0,
    in_date: inDate ?? env.now,
    inventory_quantity: 0,
    inventory_quantity_set: false,
    inventory_date: `${env.now.slice(0, 4)}-12-31`,
  });
}

/** Changes the reserved part. 17 and 18 reserve even where there is nothing, leaving a quant with quantity 0. */
export function addReserved(env: Env, key: QuantKey, delta: number): void {
  if (delta === 0 || bypassesReservation(env, key.location)) return;
  const quant = findQuant(env, key) ?? (delta > 0 ? addQuantity(env, key, 0) : undefined);
  if (!quant) return;
  const reserved = round2(num(quant['reserved_quantity']) + delta);
  env.patch('stock.quant', quant.id, { reserved_quantity: Math.max(0, reserved) });
}

/** Quants that a move may take from, oldest first, in the location and below it; of one package when given. */
export function gather(env: Env, product: number, location: number, pack: number | null): Row[] {
  const places = new Set(descendants(env, 'stock.location', location));
  const quants =
    pack === null ? env.where('stock.quant', 'product_id', product) : env.where('stock.quant', 'package_id', pack);
  return quants
    .filter((row) => row['product_id'] === product && places.has(row['location_id'] as number))
    .sort((a, b) => String(a['in_date']).localeCompare(String(b['in_date'])) || a.id - b.id);
}

/** Deletes quants that hold and promise nothing (`_unlink_zero_quants`). */
export function dropEmptyQuants(env: Env, quants: Row[]): void {
  for (const { id } of quants) {
    const row = env.get('stock.quant', id);
    if (row && num(row['quantity']) === 0 && num(row['reserved_quantity']) === 0) env.remove('stock.quant', id);
  }
}

/** The package's quants as `quant_ids` shows them: with a quantity or a reservation. */
export function packageQuants(env: Env, pack: number): Row[] {
  return env
    .where('stock.quant', 'package_id', pack)
    .filter((row) => num(row['quantity']) !== 0 || num(row['reserved_quantity']) !== 0);
}

/** Where the package is: the place of its first quant with something in it, or null. */
export function packageLocation(env: Env, pack: number): number | null {
  const quant = packageQuants(env, pack).find((row) => num(row['quantity']) > 0);
  return idOrNull(quant?.['location_id']);
}
