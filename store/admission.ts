import type { Redis } from 'ioredis';
import { quantityOf } from '../domain/quantity';
import type { ChangedLevel, Tx } from './db';

/**
 * What Redis remembers of levels, so that a cart that cannot be served is known before it takes a place in a batch
 * (docs/decisions/042-checkout.md). Each figure is what a level had to give as of a version: a state, never a difference. So
 * nothing has to be given back, a process that dies leaves nothing behind, and words that overtake one another do no harm.
 * It may be empty, old or made up: whoever is `short` by it is asked about in PostgreSQL, and whoever is not is decided there.
 */
export interface Admission {
  /** `unknown`: Redis does not know one of them, or does not answer. `wanted` in thousandths, one for each variant. */
  look(tenantId: string, siteId: string, wanted: ReadonlyMap<string, number>): Promise<Look>;
  /** Levels as a commit left them. */
  changed(tenantId: string, levels: readonly ChangedLevel[]): void;
  /** What Redis says of these is not so. */
  forget(tenantId: string, siteId: string, variantIds: readonly string[]): void;
  /** How often this process found what it asked for since it was started. */
  hits(tenantId: string): Hits;
  /** Resolves when Redis was told of everything so far, or does not answer. */
  settled(): Promise<void>;
}

export type Look = 'enough' | 'short' | 'unknown';

export interface Hits {
  hits: number;
  misses: number;
}

/** Figures outlive two rounds of the upkeep that renews them. */
const ttlMs = 2 * 3_600_000;
/** Thousandths. Of what there is plenty nobody has to be warned: only what runs low is told at each sale. */
const low = 20_000;
const pageSize = 5_000;

/** A hash: variant → `<version>:<thousandths that nobody holds>`. */
const levelsKey = (tenantId: string, siteId: string) => `nervio:avail:${tenantId}:${siteId}`;
const upkeepKey = (tenantId: string) => `nervio:avail:${tenantId}:upkeep`;

/** Of two words about a level the later commit's stays, however they arrive. ARGV: ttl, then variant, version, available. */
const tell = `
for i = 2, #ARGV, 3 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  local version = known and tonumber(string.match(known, '^%d+')) or -1
  if version < tonumber(ARGV[i + 1]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. ':' .. ARGV[i + 2])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

const figureOf = (version: string | number, available: number): string => `${version}:${available}`;
const availableIn = (figure: string): number => Number(figure.slice(figure.indexOf(':') + 1));

export function createAdmission(redis: Redis): Admission {
  const counts = new Map<string, Hits>();
  /** Levels that Redis has as low: it hears when they no longer are. */
  const toldLow = new Set<string>();
  const untold = new Map<string, Map<string, ChangedLevel>>();
  const telling = new Map<string, Promise<void>>();

  const countsOf = (tenantId: string): Hits => {
    let own = counts.get(tenantId);
    if (own === undefined) counts.set(tenantId, (own = { hits: 0, misses: 0 }));
    return own;
  };

  const flush = (key: string): void => {
    const levels = untold.get(key);
    if (levels === undefined || telling.has(key)) return;
    untold.delete(key);
    if (redis.status !== 'ready') return;
    const words = [...levels.values()].flatMap(({ variantId, version, onHand, held }) => [
      variantId,
      version,
      onHand - held,
    ]);
    const told = redis.eval(tell, 1, key, ttlMs, ...words).then(
      () => undefined,
      () => {
        // What Redis did not hear it says wrongly until the next word or the next upkeep; PostgreSQL decides.
      },
    );
    telling.set(
      key,
      told.then(() => {
        telling.delete(key);
        flush(key);
      }),
    );
  };

  return {
    async look(tenantId, siteId, wanted) {
      const count = countsOf(tenantId);
      const figures = await readFigures(redis, levelsKey(tenantId, siteId), [...wanted.keys()]);
      if (figures === null || figures.some((figure) => figure === null)) {
        count.misses++;
        return 'unknown';
      }
      count.hits++;
      const amounts = [...wanted.values()];
      return figures.some((figure, index) => availableIn(figure!) < amounts[index]!) ? 'short' : 'enough';
    },
    changed(tenantId, levels) {
      const keys = new Set<string>();
      for (const level of levels) {
        const name = `${level.siteId}/${level.variantId}`;
        const isLow = level.onHand - level.held < low;
        if (!isLow && !toldLow.has(name)) continue;
        if (isLow) toldLow.add(name);
        else toldLow.delete(name);
        const key = levelsKey(tenantId, level.siteId);
        let waiting = untold.get(key);
        if (waiting === undefined) untold.set(key, (waiting = new Map<string, ChangedLevel>()));
        const before = waiting.get(level.variantId);
        if (before === undefined || before.version < level.version) waiting.set(level.variantId, level);
        keys.add(key);
      }
      for (const key of keys) flush(key);
    },
    forget(tenantId, siteId, variantIds) {
      if (redis.status !== 'ready' || variantIds.length === 0) return;
      redis.hdel(levelsKey(tenantId, siteId), ...variantIds).catch(() => {
        // Asked again, and found wrong again.
      });
    },
    hits: (tenantId) => ({ ...countsOf(tenantId) }),
    async settled() {
      while (telling.size > 0) await Promise.all(telling.values());
    },
  };
}

async function readFigures(redis: Redis, key: string, variantIds: string[]): Promise<(string | null)[] | null> {
  if (redis.status !== 'ready') return null;
  try {
    return await redis.hmget(key, ...variantIds);
  } catch {
    // As if it knew nothing.
    return null;
  }
}

/**
 * Makes Redis say of each level what PostgreSQL says, and nothing of what is gone. A commit between the question and the answer may
 * be missed; its figure is then an old one, as any may be.
 * @returns how many levels
 */
export async function warmAdmission(redis: Redis, tx: Pick<Tx, 'tenantId' | 'query'>): Promise<number> {
  const { tenantId } = tx;
  const began = Date.now();
  const making = new Map<string, string>();
  let levels = 0;
  let after = { siteId: '00000000-0000-0000-0000-000000000000', variantId: '00000000-0000-0000-0000-000000000000' };
  for (let full = true; full;) {
    const rows = await tx.query<{ site_id: string; variant_id: string; available: string; version: string }>(
      `SELECT l.site_id::text, l.variant_id::text, (l.on_hand - l.held)::text AS available, l.version::text FROM stock_level l
       WHERE l.tenant_id = $1::uuid AND (l.site_id, l.variant_id) > ($2::uuid, $3::uuid) AND NOT l.allow_negative
       ORDER BY l.site_id, l.variant_id LIMIT $4::int`,
      [tenantId, after.siteId, after.variantId, pageSize],
    );
    const bySite = new Map<string, string[]>();
    for (const row of rows) {
      let fields = bySite.get(row.site_id);
      if (fields === undefined) bySite.set(row.site_id, (fields = []));
      fields.push(row.variant_id, figureOf(row.version, quantityOf(row.available)));
    }
    for (const [siteId, fields] of bySite) {
      const key = levelsKey(tenantId, siteId);
      const fresh = `${key}:making:${began}`;
      if (!making.has(key)) making.set(key, fresh);
      await redis.hset(fresh, ...fields);
      await redis.pexpire(fresh, ttlMs);
    }
    const last = rows.at(-1);
    if (last) after = { siteId: last.site_id, variantId: last.variant_id };
    levels += rows.length;
    full = rows.length === pageSize;
  }
  const sites = await tx.query<{ id: string }>('SELECT s.id::text FROM site s WHERE s.tenant_id = $1::uuid', [
    tenantId,
  ]);
  for (const { id } of sites) {
    const key = levelsKey(tenantId, id);
    const fresh = making.get(key);
    if (fresh === undefined) await redis.del(key);
    else await redis.rename(fresh, key);
  }
  await redis.hset(upkeepKey(tenantId), 'warmed', new Date().toISOString());
  return levels;
}

export interface Reconciled {
  at: string;
  levels: number;
  findings: number;
}

/** For the screen: when the ledger was proved last, and what came of it. */
export async function noteReconciled(redis: Redis, tenantId: string, reconciled: Reconciled): Promise<void> {
  await redis.hset(upkeepKey(tenantId), 'reconciled', JSON.stringify(reconciled));
}

export interface AdmissionUpkeep {
  /** Levels that Redis knows. */
  keys: number;
  /** ISO 8601; null = not since Redis lost its memory. */
  warmedAt: string | null;
  reconciled: Reconciled | null;
}

/** Null when Redis does not answer. */
export async function readUpkeep(
  redis: Redis,
  tenantId: string,
  siteIds: readonly string[],
): Promise<AdmissionUpkeep | null> {
  if (redis.status !== 'ready') return null;
  try {
    const [[warmedAt, reconciled], ...lengths] = await Promise.all([
      redis.hmget(upkeepKey(tenantId), 'warmed', 'reconciled'),
      ...siteIds.map((siteId) => redis.hlen(levelsKey(tenantId, siteId))),
    ]);
    return {
      keys: lengths.reduce((sum, length) => sum + length, 0),
      warmedAt: warmedAt ?? null,
      reconciled: reconciled == null ? null : (JSON.parse(reconciled) as Reconciled),
    };
  } catch {
    return null;
  }
}
