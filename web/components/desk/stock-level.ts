import type { Format } from '../../i18n/format';

export type LevelMark = 'short' | 'out' | 'low';

/** What a level needs somebody for: more promised than there is, nothing left, at its minimum or below it. */
export function markOf(level: { onHand: string; available: string; minStock?: string | null }): LevelMark | null {
  if (Number(level.available) < 0) return 'short';
  if (Number(level.onHand) <= 0) return 'out';
  return level.minStock != null && Number(level.onHand) <= Number(level.minStock) ? 'low' : null;
}

/** Least and most that a site should have: «9 – 108», «3,688 – 44,25 kg»; the unit stands once. */
export function limitsOf(
  { minStock, maxStock, unit }: { minStock: string | null; maxStock: string | null; unit: string },
  format: Format,
): string {
  if (minStock === null && maxStock === null) return '–';
  const least = minStock === null ? '' : format.quantity(minStock, maxStock === null ? unit : undefined);
  return `${least} – ${maxStock === null ? '' : format.quantity(maxStock, unit)}`;
}
