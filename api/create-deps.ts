import type { FastifyBaseLogger } from 'fastify';
import { Redis } from 'ioredis';
import type { Config } from '../domain/config';
import { tryConnection } from '../activities/connections/try';
import { createOdooClients } from '../activities/odoo-clients';
import { createAdmission } from '../store/admission';
import { createDatabase, type DatabaseOptions } from '../store/db';
import { createHotPath } from '../store/hot-path';
import { createHints, onHint } from '../store/hints';
import { openObjects } from '../store/objects';
import { createOperationMetrics } from '../store/operation-metrics';
import { appUrlOf } from '../store/roles';
import { createStockCache } from '../store/stock-cache';
import { createSecretBox, deriveKey } from '../store/secrets';
import { createRefreshTokens } from './auth/refresh-token';
import { createSessionDirectory } from './auth/sessions';
import type { ApiDeps } from './deps';
import { createCacheHits } from './cache-hits';
import { createHealth } from './health/service';
import { createFeed } from './operations/feed';
import { createPalletReader } from './pallets/reader';
import { createBulkCounter, createCounter } from './plugins/counter';
import { createCheckout } from './sales/checkout';

/** Opens what the API works with. `close` waits for what is going on. */
export async function createDeps(
  config: Config,
  log: FastifyBaseLogger,
): Promise<{ deps: ApiDeps; close: () => Promise<void> }> {
  const redis = createRedis(config.redisUrl, log);
  const stockCache = createStockCache(redis);
  const admission = createAdmission(redis);
  const mode = config.checkout.admission;
  const usesRedis = mode === 'redis' || mode === 'always';
  const database: DatabaseOptions = {
    url: appUrlOf(config),
    onHint: createHints(redis),
    onEnded: (operation) => ends.ended(operation),
    onStock(tenantId, levels) {
      stockCache.changed(tenantId);
      if (usesRedis) admission.changed(tenantId, levels);
    },
    onError: (err) => log.warn({ err }, 'database connection lost'),
  };
  const db = createDatabase({ ...database, poolMax: config.database.poolMax });
  const hotPath = createHotPath({ ...database, poolMax: config.database.checkoutPoolMax });
  const checkout = createCheckout({ hotPath, admission, mode, log, answerMs: config.http.handlerTimeoutMs });
  const secrets = createSecretBox(config.secret, config.previousSecret);
  const odoo = createOdooClients({ db, secrets });
  const feed = createFeed(db, (err) => log.warn({ err }, 'live feed not read'));
  const subscriber = new Redis(config.redisUrl, { maxRetriesPerRequest: null });
  // Its other connection tells the log that Redis is gone.
  subscriber.on('error', () => undefined);
  onHint(subscriber, 'feed', (tenantId) => feed.hint(tenantId));
  const health = createHealth({ config, db, redis, log });
  const ends = createOperationMetrics(health.metrics.registry);
  const deps: ApiDeps = {
    config,
    db,
    redis,
    log,
    stockCache,
    admission,
    secrets,
    objects: openObjects(config.objects),
    feed,
    pallets: createPalletReader(async ({ tenantId, connectionId }, names, signal) => {
      const client = await odoo.of(tenantId, connectionId);
      return client.odoo.findPackages(names, signal);
    }),
    probe: tryConnection,
    cacheHits: createCacheHits(health.metrics.registry),
    sessions: createSessionDirectory(hotPath, config.session),
    refreshTokens: createRefreshTokens(deriveKey(config.secret, 'refresh-token')),
    accessKey: deriveKey(config.secret, 'access-token'),
    loginFailures: createCounter(redis, 'nervio:login:'),
    health,
    checkout,
    requests: createCounter(redis, 'nervio:requests:'),
    userRequests: createBulkCounter(redis, 'nervio:requests:'),
  };
  return {
    deps,
    async close() {
      await health.close();
      feed.close();
      odoo.close();
      subscriber.disconnect();
      redis.disconnect();
      await checkout.idle();
      await hotPath.close();
      await db.close();
    },
  };
}

/** Redis is a help, never a need: a command fails at once instead of waiting for it to come back. */
export function createRedis(url: string, log: FastifyBaseLogger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 2_000,
    commandTimeout: 500,
    retryStrategy: (attempt) => Math.min(attempt * 200, 2_000),
  });
  let told = false;
  redis.on('error', (err) => {
    if (!told) log.warn({ err }, 'Redis does not answer');
    told = true;
  });
  redis.on('ready', () => {
    told = false;
  });
  return redis;
}
