import type { Redis } from 'ioredis';

/** Counts hits per key in a window that starts with the first hit. */
export interface Counter {
  hit(key: string, windowMs: number): Promise<{ count: number; ttlMs: number }>;
  clear(key: string): Promise<void>;
}

const script = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
local ttl = redis.call('PTTL', KEYS[1])
if ttl < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]); ttl = tonumber(ARGV[1]) end
return { count, ttl }`;

/** In this process only: what is left when Redis is gone, so that limits weaken (per replica) but never vanish. */
export function createLocalCounter(maxKeys = 50_000): Counter {
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
      window.count += 1;
      return Promise.resolve({ count: window.count, ttlMs: window.endsAt - now });
    },
    clear(key) {
      windows.delete(key);
      return Promise.resolve();
    },
  };
}

/** In Redis, so that all replicas count together; in this process while Redis does not answer. */
export function createCounter(redis: Redis, prefix: string): Counter {
  const local = createLocalCounter();
  return {
    async hit(key, windowMs) {
      if (redis.status !== 'ready') return local.hit(key, windowMs);
      try {
        const [count, ttlMs] = (await redis.eval(script, 1, prefix + key, windowMs)) as [number, number];
        return { count, ttlMs };
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
