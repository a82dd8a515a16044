import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Clock ticks of a second on Linux (USER_HZ). */
const ticksPerSecond = 100;

/** CPU seconds by part, so far. */
export type CpuTimes = Map<string, number>;

interface Stat {
  parent: number;
  own: number;
  reaped: number;
}

/**
 * CPU time of the parts of the stack, each with its child processes (PostgreSQL has one for each connection), and of this
 * process. Reads /proc; on other systems the map is empty.
 * @param runDir where the supervisor notes the processes that it keeps
 * @param beside others, by name
 */
export function readCpu(runDir: string, beside: Readonly<Record<string, number>> = {}): CpuTimes {
  const times: CpuTimes = new Map();
  const stats = readStats();
  if (stats.size === 0) return times;
  const kept = readdirSync(runDir).filter((name) => name.endsWith('.json'));
  const parts = kept.map(
    (file) => JSON.parse(readFileSync(join(runDir, file), 'utf8')) as { pid: number; name: string },
  );
  for (const [name, pid] of Object.entries(beside)) parts.push({ name, pid });
  for (const { pid, name } of parts) {
    let ticks = (stats.get(pid)?.own ?? 0) + (stats.get(pid)?.reaped ?? 0);
    for (const [child, stat] of stats) if (child !== pid && descends(stats, stat, pid)) ticks += stat.own;
    times.set(name, ticks / ticksPerSecond);
  }
  const { user, system } = process.cpuUsage();
  times.set('load', (user + system) / 1_000_000);
  return times;
}

/** «worker 12 %, postgres 8 %»: share of one core between two readings. */
export function cpuShares(before: CpuTimes, after: CpuTimes, seconds: number): string {
  return [...after]
    .map(([name, time]) => ({ name, share: ((time - (before.get(name) ?? 0)) / seconds) * 100 }))
    .filter(({ share }) => share >= 0.5)
    .sort((a, b) => b.share - a.share)
    .map(({ name, share }) => `${name} ${share.toFixed(0)} %`)
    .join(', ');
}

/** «api 210 µs, postgres 180 µs»: CPU time of each part for one of `count`. */
export function cpuEach(before: CpuTimes, after: CpuTimes, count: number): string {
  return [...after]
    .map(([name, time]) => ({ name, micros: ((time - (before.get(name) ?? 0)) / count) * 1_000_000 }))
    .filter(({ micros }) => micros >= 5)
    .sort((a, b) => b.micros - a.micros)
    .map(({ name, micros }) => `${name} ${micros.toFixed(0)} µs`)
    .join(', ');
}

/** CPU ms between two readings, all parts but the load. */
export function cpuMs(before: CpuTimes, after: CpuTimes): number {
  let sum = 0;
  for (const [name, time] of after) if (name !== 'load') sum += time - (before.get(name) ?? 0);
  return sum * 1000;
}

function readStats(): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  if (process.platform !== 'linux') return stats;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const ticks = (index: number) => Number(fields[index]);
      stats.set(Number(name), { parent: ticks(1), own: ticks(11) + ticks(12), reaped: ticks(13) + ticks(14) });
    } catch {
      continue; // It ended while we looked.
    }
  }
  return stats;
}

function descends(stats: Map<number, Stat>, stat: Stat, ancestor: number): boolean {
  for (let at: Stat | undefined = stat; at; at = stats.get(at.parent)) {
    if (at.parent === ancestor) return true;
    if (at.parent <= 1) return false;
  }
  return false;
}
