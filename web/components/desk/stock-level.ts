export type LevelMark = 'short' | 'out' | 'low';

/** What a level needs somebody for: more promised than there is, nothing left, at its minimum or below it. */
export function markOf(level: { onHand: string; available: string; minStock?: string | null }): LevelMark | null {
  if (Number(level.available) < 0) return 'short';
  if (Number(level.onHand) <= 0) return 'out';
  return level.minStock != null && Number(level.onHand) <= Number(level.minStock) ? 'low' : null;
}
