import type { PlaceRef } from './queue';

/**
 * Positions are often called the same in every chamber (A-01-1): such a name gets its parent before it, «Cámara 2 / A-01-1»,
 * from the full name `WH/Stock/Cámara 2/A-01-1`. Names that are the only one of their kind stay as people say them.
 */
export function distinctNames(locations: readonly (PlaceRef & { fullName?: string })[]): PlaceRef[] {
  const count = new Map<string, number>();
  for (const { name } of locations) count.set(name, (count.get(name) ?? 0) + 1);
  return locations.map(({ id, name, barcode, fullName }) => {
    const parent = fullName?.split('/').at(-2)?.trim();
    const repeated = (count.get(name) ?? 0) > 1 && parent;
    return { id, barcode, name: repeated ? `${parent} / ${name}` : name };
  });
}
