import type { FastifyBaseLogger } from 'fastify';
import { Redis } from 'ioredis';
import type { Config } from '../domain/config';
import { tryConnection } from '../activities/connections/try';
import { createOdooClients } from '../activities/odoo-clients';
import { createDatabase } from '../store/db';
import { onHint, publishHint } from '../store/hints';
import { appDatabaseUrl } from '../store/roles';
import { createSecretBox, deriveKey } from '../store/secrets';
import { createRefreshTokens } from './auth/refresh-token';
import { createSessionDirectory } from './auth/sessions';
import type { ApiDeps } from './deps';
import { createCacheHits } from './cache-hits';
import { createHealth } from './health/service';
import { createFeed } from './operations/feed';
import { createPalletReader } from './pallets/reader';
import { createCounter } from './plugins/counter';

/** Opens what the API works with. `close` waits for what is going on. */
export async function createDeps(
  config: Config,
  log: FastifyBaseLogger,
): Promise<{ deps: ApiDeps; close: () => Promise<void> }> {
  const redis = createRedis(config.redisUrl, log);
  const db = createDatabase({
    url: config.database.appUrl ?? appDatabaseUrl(config.database.ownerUrl, config.secret),
    poolMax: config.database.poolMax,
    onHint: (hint) => publishHint(redis, hint),
    onError: (err) => log.warn({ err }, 'database connection lost'),
  });
  const secrets = createSecretBox(config.secret, config.previousSecret);
  const odoo = createOdooClients({ db, secrets });
  const feed = createFeed(db, (err) => log.warn({ err }, 'live feed not read'));
  const subscriber = new Redis(config.redisUrl, { maxRetriesPerRequest: null });
  // Its other connection tells the log that Redis is gone.
  subscriber.on('error', () => undefined);
  onHint(subscriber, 'feed', (tenantId) => feed.hint(tenantId));
  const health = createHealth({ config, db, redis, log });
  const deps: ApiDeps = {
    config,
    db,
    redis,
    log,
    secrets,
    feed,
    pallets: createPalletReader(async ({ tenantId, connectionId }, names, signal) => {
      const client = await odoo.of(tenantId, connectionId);
      return client.odoo.findPackages(names, signal);
    }),
    odooProbe: tryConnection,
    cacheHits: createCacheHits(health.metrics.registry),
    sessions: createSessionDirectory(db, config.session),
    refreshTokens: createRefreshTokens(deriveKey(config.secret, 'refresh-token')),
    accessKey: deriveKey(config.secret, 'access-token'),
    loginFailures: createCounter(redis, 'nervio:login:'),
    health,
    requests: createCounter(redis, 'nervio:requests:'),
  };
  return {
    deps,
    async close() {
      await health.close();
      feed.close();
      odoo.close();
      subscriber.disconnect();
      redis.disconnect();
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
