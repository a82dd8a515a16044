import type { FastifyBaseLogger } from 'fastify';
import { Redis } from 'ioredis';
import type { Config } from '../domain/config';
import { createDatabase } from '../store/db';
import { appDatabaseUrl } from '../store/roles';
import { createSecretBox, deriveKey } from '../store/secrets';
import { createRefreshTokens } from './auth/refresh-token';
import { createSessionDirectory } from './auth/sessions';
import type { ApiDeps } from './deps';
import { createHealth } from './health/service';
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
    onError: (err) => log.warn({ err }, 'database connection lost'),
  });
  const health = createHealth({ config, db, redis, log });
  const deps: ApiDeps = {
    config,
    db,
    redis,
    log,
    secrets: createSecretBox(config.secret, config.previousSecret),
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
