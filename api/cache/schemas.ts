import { type Static, Type } from 'typebox';
import { Instant, Nullable } from '../schemas';

export const WarmedUp = Type.Object({
  variants: Type.Integer({ description: 'Levels that Redis knows now: one for each article that a site carries' }),
  ms: Type.Integer(),
});
export type WarmedUp = Static<typeof WarmedUp>;

export const CacheStats = Type.Object({
  redis: Type.Enum(['up', 'down']),
  keys: Type.Integer({ description: 'Levels that Redis knows' }),
  hits: Type.Integer({ description: 'Carts that this process found all of there, since it was started' }),
  misses: Type.Integer(),
  hitRatio: Type.Number({ minimum: 0, maximum: 1 }),
  lastWarmupAt: Nullable(Instant),
  lastReconciliation: Nullable(
    Type.Object({
      at: Instant,
      levels: Type.Integer({ description: 'Levels that were proved against the ledger' }),
      findings: Type.Integer({ description: 'Of these were not so, and were repaired' }),
    }),
  ),
});
export type CacheStats = Static<typeof CacheStats>;
