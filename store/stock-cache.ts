import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * Answers about stock, kept in Redis for a while. Each lies under the epoch of its business: a random word that every commit
 * that changes stock replaces. Who reads asks for the epoch first and the database after it, so an answer that was read while
 * a sale was being committed lies under a word that nobody asks for any more. Words are random and never counted: a Redis that
 * lost its memory, or got an old one back, cannot come to the same word for other contents by counting.
 *
 * What Redis was not told yet (it did not answer) this process does not ask it for either. When a connection comes back, the
 * epochs of the last minutes are replaced once more: the Redis behind it may have lost them. What is left is a process that
 * died between its commit and its word: then an answer is `asOf` its time, and older than `ttlMs` it is never given.
 */
export interface StockCache {
  /** The kept answer, or `read`, which is kept. `name` tells one question of a business from another. */
  through<T>(tenantId: string, name: string, read: () => Promise<T>): Promise<Kept<T>>;
  /** Stock of the business has changed and is committed. */
  changed(tenantId: string): void;
  /** Resolves when Redis was told of everything so far, or does not answer. */
  settled(): Promise<void>;
}

export interface Kept<T> {
  value: T;
  /** When it was read from the database: before the question, so never later than what it shows. ISO 8601. */
  asOf: string;
}

/** INV-09. */
const ttlMs = 300_000;
/** Words outlive every answer under them. */
const epochSeconds = 3_600;

const epochKey = (tenantId: string) => `nervio:stock:${tenantId}:epoch`;
const answerKey = (tenantId: string, epoch: string, name: string) => `nervio:stock:${tenantId}:${epoch}:${name}`;

/** Nobody asks for what was kept so far. Rejects when Redis does not answer. */
export async function forgetKept(redis: Redis, tenantId: string): Promise<void> {
  await redis.set(epochKey(tenantId), randomUUID(), 'EX', epochSeconds);
}

export function createStockCache(redis: Redis): StockCache {
  /** Businesses whose last change Redis may not know. */
  const untold = new Set<string>();
  /** The word under way for each; changes meanwhile need another one. */
  const telling = new Map<string, Promise<void>>();
  /** When each was told last, for as long as answers live. */
  const told = new Map<string, number>();

  const tell = (tenantId: string): void => {
    if (telling.has(tenantId) || redis.status !== 'ready') return;
    untold.delete(tenantId);
    const word = forgetKept(redis, tenantId).then(
      () => {
        told.set(tenantId, Date.now());
        return true;
      },
      () => {
        // Said again with the next question, change or connection.
        untold.add(tenantId);
        return false;
      },
    );
    telling.set(
      tenantId,
      word.then((heard) => {
        telling.delete(tenantId);
        if (heard && untold.has(tenantId)) tell(tenantId);
      }),
    );
  };

  redis.on('ready', () => {
    const since = Date.now() - ttlMs;
    for (const [tenantId, at] of told) {
      if (at >= since) untold.add(tenantId);
      else told.delete(tenantId);
    }
    for (const tenantId of untold) tell(tenantId);
  });

  const epochOf = async (tenantId: string): Promise<string | null> => {
    const key = epochKey(tenantId);
    const known = await redis.get(key);
    if (known !== null) return known;
    await redis.set(key, randomUUID(), 'EX', epochSeconds, 'NX');
    return redis.get(key);
  };

  /** Where the answer to a question lies now, and the answer if there is one that may be given. Null without Redis. */
  const lookUp = async <T>(tenantId: string, name: string): Promise<{ key: string; answer: Kept<T> | null } | null> => {
    try {
      // One connection, in order: the word of an own commit is there before this question.
      const epoch = await epochOf(tenantId);
      if (epoch === null) return null;
      const key = answerKey(tenantId, epoch, name);
      const text = await redis.get(key);
      const answer = text === null ? null : (JSON.parse(text) as Kept<T>);
      const age = answer ? Date.now() - Date.parse(answer.asOf) : Infinity;
      return { key, answer: age >= 0 && age < ttlMs ? answer : null };
    } catch {
      // Without Redis the database answers, as always.
      return null;
    }
  };

  return {
    async through<T>(tenantId: string, name: string, read: () => Promise<T>) {
      if (untold.has(tenantId)) tell(tenantId);
      const known = untold.has(tenantId) || redis.status !== 'ready' ? null : await lookUp<T>(tenantId, name);
      if (known?.answer && !untold.has(tenantId)) return known.answer;
      const asOf = new Date().toISOString();
      const answer = { value: await read(), asOf };
      if (known) {
        redis.set(known.key, JSON.stringify(answer), 'PX', ttlMs).catch(() => {
          // Not kept; the next question reads again.
        });
      }
      return answer;
    },
    changed(tenantId) {
      untold.add(tenantId);
      tell(tenantId);
    },
    async settled() {
      while (telling.size > 0) await Promise.all(telling.values());
    },
  };
}
