import type { SeenPallet } from '../offline/db';
import type { PlaceRef } from '../offline/queue';
import type { Scan } from '../scan/scanner';

export type Resolved =
  { kind: 'location'; location: PlaceRef } | { kind: 'pallet'; code: string; known: SeenPallet | null };

/** What this device knows, by code, whatever its case. */
export interface Catalogue {
  locations: ReadonlyMap<string, PlaceRef>;
  pallets: ReadonlyMap<string, SeenPallet>;
}

export const foldCode = (code: string): string => code.trim().toUpperCase();

/** Characters that printed codes have. What a wrong keyboard layout makes of a dash is not among them. */
const clean = /^[A-Za-z0-9._/ -]+$/;

const distinct = (...codes: (string | undefined)[]): string[] => [
  ...new Set(codes.map((code) => code?.trim() ?? '').filter((code) => code !== '')),
];

/**
 * What a scan means: a chamber of the catalogue, else a pallet. Of the two readings (as the layout typed it, as a US
 * keyboard would have) the one that is known wins; else the one that looks like a printed code. Caps lock does not matter.
 */
export function resolve(scan: Scan, catalogue: Catalogue): Resolved {
  const own = distinct(scan.text, scan.physical);
  const joined = distinct(scan.joined?.text, scan.joined?.physical);
  const readings = [...own, ...joined];
  for (const code of readings) {
    const location = catalogue.locations.get(foldCode(code));
    if (location) return { kind: 'location', location };
  }
  for (const code of readings) {
    const known = catalogue.pallets.get(foldCode(code));
    if (known) return { kind: 'pallet', code: known.code, known };
  }
  // A code that stalled within is whole only when joined: then that is what looks like the pallets that are known.
  const likely = joined.length > 0 && !own.some((code) => looksLikePallet(code, catalogue.pallets)) ? joined : own;
  const best = likely.find((code) => clean.test(code)) ?? likely[0] ?? '';
  // All small letters is caps lock or a hurried hand: printed codes are in capitals.
  const code = best === best.toLowerCase() ? best.toUpperCase() : best;
  return { kind: 'pallet', code, known: null };
}

const shape = (code: string): string => foldCode(code).replace(/\d/g, '9').replace(/\p{L}/gu, 'A');

/** Without the server: may this be a pallet that the device has never seen? Yes when it is written like those that it has. */
export function looksLikePallet(code: string, pallets: Catalogue['pallets']): boolean {
  if (pallets.size === 0 || pallets.has(foldCode(code))) return true;
  const wanted = shape(code);
  for (const known of pallets.keys()) if (shape(known) === wanted) return true;
  return false;
}
