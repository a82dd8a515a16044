import type { Redis } from 'ioredis';
import type { Hint, HintTopic } from './db';

/**
 * Hints on Redis: «look now». Only that; whoever misses one looks again a second later by itself, so Redis may be gone.
 */
const channelOf = (topic: HintTopic) => `nervio:${topic}`;

export function publishHint(redis: Redis, hint: Hint): void {
  if (redis.status !== 'ready') return;
  redis.publish(channelOf(hint.topic), hint.tenantId).catch(() => {
    // A hint that is lost is made good by the next poll.
  });
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
