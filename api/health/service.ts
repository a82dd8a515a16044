import type { FastifyBaseLogger } from 'fastify';
import type { Redis } from 'ioredis';
import type { Config } from '../../domain/config';
import type { Database } from '../../store/db';
import { mergeExpositions } from './exposition';
import { createApiMetrics, type ApiMetrics } from './metrics';
import { HealthMonitor, monitorDefaults } from './monitor';
import { peersOf, readPeers } from './peers';
import { createProbes, type Readings } from './probes';
import { Readiness } from './readiness';
import { healthReport, type HealthReport } from './report';
import { createTemporalReader, type TemporalReader } from './temporal';

/** How the installation is. One per process of the API. */
export interface HealthService {
  /** Begins to probe every 10 s. Without it, every report asks first. */
  start(): void;
  /** As of the last round of probes. */
  report(): Promise<HealthReport>;
  readonly readiness: Readiness;
  readonly metrics: ApiMetrics;
  /** Our meters and those of the other processes, as one text. */
  exposition(): Promise<string>;
  close(): Promise<void>;
}

export interface HealthDeps {
  config: Config;
  db: Database;
  redis: Redis;
  log: FastifyBaseLogger;
  temporal?: TemporalReader;
}

export function createHealth(deps: HealthDeps): HealthService {
  const { config, db, log } = deps;
  const temporal = deps.temporal ?? createTemporalReader(config.temporal);
  const readings: Readings = { outbox: null, processes: [], queues: [], outside: [] };
  const metrics = createApiMetrics();
  const peers = peersOf(config.metrics.peers);
  const monitor = new HealthMonitor(createProbes({ ...deps, temporal }, readings), {
    ...monitorDefaults,
    onChange: ({ name, state, detail }, before) => {
      const level = state === 'up' ? 'info' : 'warn';
      log[level]({ part: name, state, before, detail }, 'health changed');
    },
  });
  let started = false;

  return {
    metrics,
    readiness: new Readiness(db, config),
    start() {
      started = true;
      monitor.start();
    },
    async report() {
      if (!started || monitor.snapshot().some((part) => part.state === 'unknown')) await monitor.probeNow();
      return healthReport(monitor, readings);
    },
    async exposition() {
      const [{ texts, silent }] = await Promise.all([
        readPeers(peers),
        metrics.refresh(db).catch((err: unknown) => log.warn({ err }, 'sums for the metrics could not be read')),
      ]);
      for (const { process } of peers) metrics.peer(process, !silent.includes(process));
      return mergeExpositions([{ process: 'api', text: await metrics.registry.metrics() }, ...texts]);
    },
    async close() {
      await monitor.stop();
      await temporal.close();
    },
  };
}
