import { Redis } from 'ioredis';
import pino, { type Logger } from 'pino';
import type { Config } from '../domain/config';
import { readConfig } from '../store/configuration';
import { createDatabase, type Database } from '../store/db';
import { publishHint } from '../store/hints';
import { startHeartbeat, type ProcessRole } from '../store/processes';
import { appDatabaseUrl } from '../store/roles';

/** What the worker and the dispatcher have in common: configuration, log, database, Redis, heartbeat, orderly end. */
export interface ProcessParts {
  config: Config;
  log: Logger;
  db: Database;
  redis: Redis;
  close(): Promise<void>;
}

export function openProcess(role: ProcessRole, config: Config): ProcessParts {
  const log = pino({ level: config.logLevel, base: { role, pid: process.pid } });
  const redis = new Redis(config.redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  redis.on('error', (error: Error) => log.debug({ err: error }, 'redis'));
  const db = createDatabase({
    url: config.database.appUrl ?? appDatabaseUrl(config.database.ownerUrl, config.secret),
    poolMax: config.database.poolMax,
    onHint: (hint) => publishHint(redis, hint),
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const heartbeat = startHeartbeat(db.installation, role, (error) => log.warn({ err: error }, 'heartbeat not written'));
  return {
    config,
    log,
    db,
    redis,
    async close() {
      await heartbeat.stop();
      redis.disconnect();
      await db.close();
    },
  };
}

/**
 * Runs a process until SIGTERM (or SIGINT, unless a supervisor stops us in order). `run` resolves with how to stop it.
 * A failure at the start is one clear line and exit code 1.
 */
export function runProcess(name: ProcessRole, run: (config: Config) => Promise<{ stop(): Promise<void> }>): void {
  const fail = (error: unknown): never => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${name}: ${text}\n`);
    process.exit(1);
  };
  const start = async (): Promise<void> => {
    const config = readConfig();
    const running = await run(config);
    let stopping = false;
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      running.stop().then(() => process.exit(0), fail);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', () => {
      if (!config.supervised) stop();
    });
  };
  start().catch(fail);
}
