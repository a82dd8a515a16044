import type { Redis } from 'ioredis';

export interface Hit {
  /** Hits of the window so far, this one included. */
  count: number;
  ttlMs: number;
}

/** Counts hits per key in a window that starts with the first hit. */
export interface Counter {
  hit(key: string, windowMs: number): Promise<Hit>;
  clear(key: string): Promise<void>;
}

/** Whose hits may turn out to be none. */
export interface RevocableCounter extends Counter {
  hit(key: string, windowMs: number): Promise<Hit & { takeBack(): Promise<void> }>;
}

const script = `
local count = redis.call('INCRBY', KEYS[1], ARGV[2])
if count == tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
local ttl = redis.call('PTTL', KEYS[1])
if ttl < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]); ttl = tonumber(ARGV[1]) end
return { count, ttl }`;

const takeBackScript = `
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end`;

/** In this process only: what is left when Redis is gone, so that limits weaken (per replica) but never vanish. */
export function createLocalCounter(maxKeys = 50_000): RevocableCounter {
  const windows = new Map<string, { count: number; endsAt: number }>();
  return {
    hit(key, windowMs) {
      const now = Date.now();
      let window = windows.get(key);
      if (window === undefined || window.endsAt <= now) {
        window = { count: 0, endsAt: now + windowMs };
        windows.delete(key);
        // The oldest go first; a flood of new keys cannot fill the memory.
        if (windows.size >= maxKeys) windows.delete(windows.keys().next().value ?? '');
        windows.set(key, window);
      }
      const mine = window;
      mine.count += 1;
      const takeBack = (): Promise<void> => {
        mine.count -= 1;
        return Promise.resolve();
      };
      return Promise.resolve({ count: mine.count, ttlMs: mine.endsAt - now, takeBack });
    },
    clear(key) {
      windows.delete(key);
      return Promise.resolve();
    },
  };
}

/** In Redis, so that all replicas count together; in this process while Redis does not answer. */
export function createCounter(redis: Redis, prefix: string): RevocableCounter {
  const local = createLocalCounter();
  return {
    async hit(key, windowMs) {
      if (redis.status !== 'ready') return local.hit(key, windowMs);
      try {
        const [count, ttlMs] = (await redis.eval(script, 1, prefix + key, windowMs, 1)) as [number, number];
        const takeBack = async (): Promise<void> => {
          // A count that cannot be lowered ends with its window.
          if (redis.status === 'ready') await redis.eval(takeBackScript, 1, prefix + key).catch(() => 0);
        };
        return { count, ttlMs, takeBack };
      } catch {
        // Redis said nothing useful; refusing everybody because a cache is gone would be the bigger harm.
        return local.hit(key, windowMs);
      }
    },
    async clear(key) {
      await local.clear(key);
      // A count that cannot be dropped ends with its window.
      if (redis.status === 'ready') await redis.del(prefix + key).catch(() => 0);
    },
  };
}

interface Told {
  /** All hits of the window, as far as is known. */
  count: number;
  endsAt: number;
  /** Of these, those that Redis has not heard of. */
  untold: number;
}

/** So late may a hit of another process be known here. */
const tellMs = 50;

/**
 * As `createCounter` for those who come often: each first hit of a window asks Redis, the others count here at once, and Redis hears
 * of them together. Several processes may let through what came within `tellMs` too much.
 */
export function createBulkCounter(redis: Redis, prefix: string, maxKeys = 50_000): Counter {
  const strict = createCounter(redis, prefix);
  const windows = new Map<string, Told>();
  const untold = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const tellOne = async (key: string, window: Told): Promise<void> => {
    const hits = window.untold;
    window.untold = 0;
    if (redis.status !== 'ready') return;
    const [count, ttlMs] = (await redis.eval(script, 1, prefix + key, window.endsAt - Date.now(), hits)) as [
      number,
      number,
    ];
    window.count = count + window.untold;
    window.endsAt = Date.now() + ttlMs;
  };
  const tell = (): void => {
    timer = undefined;
    for (const key of untold) {
      const window = windows.get(key);
      if (window === undefined || window.endsAt <= Date.now()) continue;
      tellOne(key, window).catch(() => {
        // This process goes on counting by itself.
      });
    }
    untold.clear();
  };

  return {
    async hit(key, windowMs) {
      const now = Date.now();
      const window = windows.get(key);
      if (window !== undefined && window.endsAt > now) {
        window.count++;
        window.untold++;
        untold.add(key);
        timer ??= setTimeout(tell, tellMs).unref();
        return { count: window.count, ttlMs: window.endsAt - now };
      }
      const first = await strict.hit(key, windowMs);
      windows.delete(key);
      // The oldest go first.
      if (windows.size >= maxKeys) windows.delete(windows.keys().next().value ?? '');
      windows.set(key, { count: first.count, endsAt: now + first.ttlMs, untold: 0 });
      return first;
    },
    async clear(key) {
      windows.delete(key);
      await strict.clear(key);
    },
  };
}
