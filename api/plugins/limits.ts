import rateLimit, { normalizeIP, type FastifyRateLimitOptions, type FastifyRateLimitStore } from '@fastify/rate-limit';
import fp from 'fastify-plugin';
import { NervioError } from '../../domain/errors';
import type { ApiDeps } from '../deps';
import type { Counter } from './counter';

const windowMs = 60_000;

/** The plugin's store over our counter, which goes on counting in this process while Redis is gone. */
function storeOf(anonymous: Counter, users: Counter): new (options: FastifyRateLimitOptions) => FastifyRateLimitStore {
  return class CounterStore implements FastifyRateLimitStore {
    incr(key: string, done: (error: Error | null, result?: { current: number; ttl: number }) => void): void {
      const counter = key.startsWith('user:') ? users : anonymous;
      counter.hit(key, windowMs).then(
        ({ count, ttlMs }) => done(null, { current: count, ttl: ttlMs }),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    }

    child(): FastifyRateLimitStore {
      return this;
    }
  };
}

/**
 * SEC-01: so many requests a minute per address without a log-in, so many per user with one. Answers with
 * `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10), and 429 with `Retry-After`.
 */
export const limitsPlugin = fp<{ deps: ApiDeps }>(
  async (app, { deps }) => {
    const { anonymousPerMinute, userPerMinute } = deps.config.limits;
    await app.register(rateLimit, {
      global: true,
      store: storeOf(deps.requests, deps.userRequests),
      timeWindow: windowMs,
      enableDraftSpec: true,
      keyGenerator: (request) =>
        request.actor === null ? `ip:${normalizeIP(request.ip)}` : `user:${request.actor.userId}`,
      max: (request) => (request.actor === null ? anonymousPerMinute : userPerMinute),
      allowList: (request) => request.routeOptions.config.unlimited === true,
      errorResponseBuilder: (_, { ttl }) => new NervioError('rate_limited', {}, { retryAfterMs: ttl }),
    });

    app.addHook('onSend', (request, reply, payload, done) => {
      const [limit, left, reset] = ['limit', 'remaining', 'reset'].map((name) => {
        const value = reply.getHeader(`ratelimit-${name}`);
        reply.removeHeader(`ratelimit-${name}`);
        return value;
      });
      if (limit !== undefined) {
        const policy = request.actor === null ? 'anonymous' : 'user';
        reply.header('ratelimit-policy', `"${policy}";q=${String(limit)};w=${windowMs / 1000}`);
        reply.header('ratelimit', `"${policy}";r=${String(left)};t=${String(reset)}`);
      }
      done(null, payload);
    });
  },
  { name: 'limits', dependencies: ['auth'] },
);
