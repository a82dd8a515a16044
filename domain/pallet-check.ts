import type { ErrorCode } from './errors';

/** What is wrong with a pallet of a move, before anything is created. Each is a code of domain/errors.ts. */
export type PalletProblem = Extract<
  ErrorCode,
  | 'unknown_pallet'
  | 'ambiguous_pallet'
  | 'empty_pallet'
  | 'split_pallet'
  | 'reserved_elsewhere'
  | 'moved_since_scan'
  | 'superseded_scan'
  | 'same_location'
>;

/** A package as Odoo holds it; place ids are Odoo's. */
export interface FoundPackage {
  id: number;
  name: string;
  locationId: number | null;
  quants: { quantity: number; reservedQuantity: number; locationId: number; uom: string }[];
}

export interface CheckedPallet {
  code: string;
  packageId: number | null;
  /** Where it is now in Odoo. */
  locationId: number | null;
  weightKg: number | null;
  problem: PalletProblem | null;
}

/** Odoo's sums carry noise in the last digits. */
const tolerance = 0.005;

/** kg on the pallet, from the quants that are counted in kg; null when it holds something counted otherwise. */
export function weightOf(quants: FoundPackage['quants']): number | null {
  if (quants.length === 0 || quants.some((quant) => quant.uom.toLowerCase() !== 'kg')) return null;
  return Math.round(quants.reduce((sum, quant) => sum + quant.quantity, 0) * 1000) / 1000;
}

/**
 * Checks one scanned pallet against what Odoo holds under its code.
 * `expected`: where it was scanned (Odoo's id), or null when the scan did not say.
 */
export function checkPallet(
  code: string,
  found: FoundPackage[],
  wanted: { expected: number | null; destination: number },
): CheckedPallet {
  const only = found[0];
  const state = (problem: PalletProblem | null, at: number | null = null): CheckedPallet => ({
    code,
    packageId: only?.id ?? null,
    locationId: at,
    weightKg: only && found.length === 1 ? weightOf(only.quants) : null,
    problem,
  });
  if (!only) return state('unknown_pallet');
  if (found.length > 1) return state('ambiguous_pallet');
  const held = only.quants.filter((quant) => Math.abs(quant.quantity) > tolerance);
  const places = new Set(held.map((quant) => quant.locationId));
  // The goods were read after the package: when somebody moved it in between, they know where it is.
  const at = places.size === 1 ? held[0]!.locationId : (only.locationId ?? held[0]?.locationId ?? null);
  if (held.length === 0 || at === null) return state('empty_pallet', at);
  if (places.size > 1) return state('split_pallet', at);
  if (wanted.expected !== null && wanted.expected !== at) return state('moved_since_scan', at);
  if (at === wanted.destination) return state('same_location', at);
  if (held.some((quant) => quant.reservedQuantity > tolerance)) return state('reserved_elsewhere', at);
  return state(null, at);
}
