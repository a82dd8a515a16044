import type { Redis } from 'ioredis';
import type { Hint, HintTopic } from './db';

/**
 * Hints on Redis: «look now». Only that; whoever misses one looks again a second later by itself, so Redis may be gone.
 */
const channelOf = (topic: HintTopic) => `nervio:${topic}`;

/** After a hint the next of its kind waits so long: a till's afternoon has hundreds of commits a second, and one hint stands for all. */
const pauseMs = 10;

/** Publishes hints: the first at once, those that follow close upon it together, `pauseMs` later. */
export function createHints(redis: Pick<Redis, 'status' | 'publish'>): (hint: Hint) => void {
  /** Those that were published just now; true = another has come since. */
  const lately = new Map<string, boolean>();
  const publish = (hint: Hint, key: string): void => {
    lately.set(key, false);
    setTimeout(() => {
      const again = lately.get(key) === true;
      lately.delete(key);
      if (again) publish(hint, key);
    }, pauseMs);
    if (redis.status !== 'ready') return;
    redis.publish(channelOf(hint.topic), hint.tenantId).catch(() => {
      // A hint that is lost is made good by the next poll.
    });
  };
  return (hint) => {
    const key = `${hint.topic} ${hint.tenantId}`;
    if (lately.has(key)) lately.set(key, true);
    else publish(hint, key);
  };
}

/** `redis` must be a connection of its own: a subscriber can do nothing else. Returns how to stop. */
export function onHint(redis: Redis, topic: HintTopic, listener: (tenantId: string) => void): () => void {
  const channel = channelOf(topic);
  const onMessage = (from: string, tenantId: string): void => {
    if (from === channel) listener(tenantId);
  };
  redis.on('message', onMessage);
  redis.subscribe(channel).catch(() => {
    // ioredis subscribes again when the connection comes back.
  });
  return () => redis.off('message', onMessage);
}
