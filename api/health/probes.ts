import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { liveQueues } from '../../domain/kinds';
import type { Database } from '../../store/db';
import type { ConnectionStats } from '../../store/definer';
import { listProcesses, type ProcessRole, type ProcessRow } from '../../store/processes';
import type { Probe } from './monitor';
import type { QueueReading, TemporalReader } from './temporal';

/** What the probes saw beside the state of each part; as old as the last round. */
export interface Readings {
  outbox: { rows: number; oldestSeconds: number } | null;
  processes: ProcessRow[];
  queues: QueueReading[];
  outside: ConnectionStats[];
}

export const partNames = ['postgres', 'redis', 'temporal', 'dispatcher', 'worker'] as const;

/** Older than this and the hand-over is behind: the dispatcher looks every 500 ms. */
export const outboxLateSeconds = 30;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The parts of an installation, in the order in which people read them. */
export function createProbes(
  { db, redis, temporal }: { db: Database; redis: Redis; temporal: TemporalReader },
  readings: Readings,
): Probe[] {
  const runs = async (role: ProcessRole): Promise<boolean> => {
    readings.processes = await listProcesses(db.installation);
    return readings.processes.some((process) => process.role === role);
  };

  return [
    {
      name: 'postgres',
      async run() {
        const latencyMs = await db.ping();
        readings.outside = await db.definer.connectionStats();
        return { state: 'up', latencyMs };
      },
    },
    {
      name: 'redis',
      async run(signal) {
        // It may be about to connect: at the start, or when it comes back.
        if (redis.status !== 'ready') await once(redis, 'ready', { signal });
        return { state: 'up', latencyMs: await timed(() => redis.ping()) };
      },
    },
    {
      name: 'temporal',
      async run(signal) {
        return { state: 'up', latencyMs: await timed(() => temporal.ping(signal)) };
      },
    },
    {
      name: 'dispatcher',
      async run() {
        readings.outbox = await db.definer.outboxStats();
        if (!(await runs('dispatcher'))) return { state: 'down', latencyMs: null, detail: 'no_process' };
        const late = readings.outbox.oldestSeconds > outboxLateSeconds;
        return late ? { state: 'degraded', latencyMs: null, detail: 'outbox_late' } : { state: 'up', latencyMs: null };
      },
    },
    {
      name: 'worker',
      async run(signal) {
        if (!(await runs('worker'))) {
          readings.queues = readings.queues.map((queue) => ({ ...queue, pollers: 0 }));
          return { state: 'down', latencyMs: null, detail: 'no_process' };
        }
        readings.queues = await Promise.all(liveQueues.map((queue) => temporal.queue(queue, signal)));
        const idle = readings.queues.some((queue) => queue.pollers === 0);
        return idle ? { state: 'degraded', latencyMs: null, detail: 'no_pollers' } : { state: 'up', latencyMs: null };
      },
    },
  ];
}
