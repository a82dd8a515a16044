import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSWORD } from './postgres.mjs';
import { freePort } from './ports.mjs';
import { installRedis } from './install-redis.mjs';
import { postgresSpec, redisSpec } from './servers.mjs';
import { Supervisor } from './supervisor.mjs';

/**
 * A PostgreSQL (durable as in earnest: fsync on) and a Redis of their own on free ports and in a folder that goes with them, for
 * tests and benchmarks.
 * @returns {Promise<{env: Record<string, string>, stop: () => Promise<void>}>} environment for the tests; `stop` removes everything
 */
export async function throwawayServers() {
  const dir = mkdtempSync(join(tmpdir(), 'nervio-test-'));
  chmodSync(dir, 0o755); // As root PostgreSQL runs as another user, who must be able to walk in.
  const supervisor = new Supervisor({ logs: join(dir, 'logs'), run: join(dir, 'run') });
  const stop = async () => {
    await supervisor.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const redis = await installRedis();
    const ports = { postgres: await freePort(), redis: await freePort() };
    const url = `postgres://postgres:${PASSWORD}@127.0.0.1:${ports.postgres}/postgres`;
    await Promise.all([
      supervisor.start(postgresSpec(join(dir, 'postgres'), ports.postgres, url)),
      supervisor.start(redisSpec(redis, join(dir, 'redis'), ports.redis)),
    ]);
    return { env: { NERVIO_TEST_DATABASE_URL: url, NERVIO_TEST_REDIS_URL: `redis://127.0.0.1:${ports.redis}` }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
