import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../domain/config';
import { readConfig } from '../store/configuration';
import { createDatabase, type Database } from '../store/db';
import { createHints } from '../store/hints';
import { createLog } from '../store/log';
import { createOperationMetrics, type OperationMetrics } from '../store/operation-metrics';
import { createRegistry } from '../store/process-metrics';
import { startHeartbeat, type ProcessRole } from '../store/processes';
import { appUrlOf } from '../store/roles';
import { createStockCache } from '../store/stock-cache';

/** What the worker and the dispatcher have in common: configuration, log, database, Redis, heartbeat, orderly end. */
export interface ProcessParts {
  config: Config;
  log: Logger;
  db: Database;
  redis: Redis;
  /** Of the process, and of what ends in it. */
  registry: Registry;
  metrics: OperationMetrics;
  close(): Promise<void>;
}

export function openProcess(role: ProcessRole, config: Config): ProcessParts {
  const log = createLog(config, role);
  const redis = new Redis(config.redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  redis.on('error', (error: Error) => log.debug({ err: error }, 'redis'));
  const registry = createRegistry();
  const metrics = createOperationMetrics(registry);
  const stockCache = createStockCache(redis);
  const db = createDatabase({
    url: appUrlOf(config),
    poolMax: config.database.poolMax,
    onHint: createHints(redis),
    onEnded: (operation) => metrics.ended(operation),
    onStock: (tenantId) => stockCache.changed(tenantId),
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const heartbeat = startHeartbeat(db.installation, role, (error) => log.warn({ err: error }, 'heartbeat not written'));
  return {
    config,
    log,
    db,
    redis,
    registry,
    metrics,
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
    const stack = error instanceof Error ? error.stack : undefined;
    process.stderr.write(`${JSON.stringify({ level: 60, role: name, msg: String(error), stack })}\n`);
    process.exit(1);
  };
  const start = async (): Promise<void> => {
    const config = readConfig();
    let running: { stop(): Promise<void> } | null = null;
    let stopping = false;
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      // Still starting: there is nothing yet that an end in order would save.
      if (running === null) process.exit(0);
      running.stop().then(() => process.exit(0), fail);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', () => {
      if (!config.supervised) stop();
    });
    running = await run(config);
  };
  start().catch(fail);
}
