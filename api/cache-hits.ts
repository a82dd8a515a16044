import { Gauge, type Registry } from 'prom-client';

/** OPS-02 `cache_hit_ratio`: of the last scans, the share that was answered without asking Odoo. */
export interface CacheHits {
  count(hit: boolean): void;
}

const window = 1_000;

export function createCacheHits(registry: Registry): CacheHits {
  const last: boolean[] = [];
  new Gauge({
    name: 'cache_hit_ratio',
    help: `Share of the last ${window} pallet scans answered from the cache`,
    registers: [registry],
    collect() {
      this.set(last.length === 0 ? 0 : last.filter(Boolean).length / last.length);
    },
  });
  return {
    count(hit) {
      last.push(hit);
      if (last.length > window) last.shift();
    },
  };
}
