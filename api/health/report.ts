import type { ConnectionStats } from '../../store/definer';
import type { HealthMonitor, Part } from './monitor';
import type { Readings } from './probes';
import type { QueueReading } from './temporal';

export type OverallState = 'up' | 'degraded' | 'down';

/** The outside systems of one kind together; whose they are is not said here. */
export interface OutsideHealth extends Omit<ConnectionStats, 'unread'> {
  state: OverallState | 'unknown';
}

export interface HealthReport {
  /** Of our own parts; an outside system that is down degrades it at most. */
  status: OverallState;
  at: Date;
  parts: Part[];
  /** Ours by role: how many run, since when the oldest. */
  processes: { role: string; running: number; since: Date }[];
  queues: QueueReading[];
  outbox: Readings['outbox'];
  outside: OutsideHealth[];
}

function outsideState({ total, up, down, toMend }: ConnectionStats): OutsideHealth['state'] {
  if (down + toMend === total) return 'down';
  if (down + toMend > 0) return 'degraded';
  return up > 0 ? 'up' : 'unknown';
}

/** The state of the whole: down when a part of ours is, degraded when anything is not as it should be. */
export function overall(
  parts: readonly Pick<Part, 'state'>[],
  outside: readonly Pick<OutsideHealth, 'state'>[],
): OverallState {
  if (parts.some((part) => part.state === 'down' || part.state === 'unknown')) return 'down';
  const impaired = parts.some((part) => part.state === 'degraded');
  return impaired || outside.some(({ state }) => state === 'down' || state === 'degraded') ? 'degraded' : 'up';
}

function processesOf({ processes }: Readings): HealthReport['processes'] {
  const roles = [...new Set(processes.map(({ role }) => role))];
  return roles.map((role) => {
    const alike = processes.filter((process) => process.role === role);
    const since = new Date(Math.min(...alike.map(({ startedAt }) => startedAt.getTime())));
    return { role, running: alike.length, since };
  });
}

export function healthReport(monitor: HealthMonitor, readings: Readings): HealthReport {
  const parts = monitor.snapshot();
  const outside = readings.outside.map(({ unread: _, ...stats }) => ({
    ...stats,
    state: outsideState({ ...stats, unread: 0 }),
  }));
  return {
    status: overall(parts, outside),
    at: new Date(),
    parts,
    processes: processesOf(readings),
    queues: readings.queues,
    outbox: readings.outbox,
    outside,
  };
}

/** Dates leave as text: the schemas say so. */
export function healthView(report: HealthReport) {
  return {
    ...report,
    at: report.at.toISOString(),
    parts: report.parts.map(({ since, probedAt, ...part }) => ({
      ...part,
      since: since.toISOString(),
      probedAt: probedAt?.toISOString() ?? null,
    })),
    processes: report.processes.map(({ since, ...process }) => ({ ...process, since: since.toISOString() })),
    outside: report.outside.map(({ since, probedAt, ...system }) => ({
      ...system,
      since: since.toISOString(),
      probedAt: probedAt?.toISOString() ?? null,
    })),
  };
}
