import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Sql } from './db';

/** How often a process says that it lives, and after how long its row is stale. */
export const beatMs = 5_000;
export const staleMs = 20_000;

export type ProcessRole = 'api' | 'dispatcher' | 'worker';

export interface ProcessRow {
  role: ProcessRole;
  host: string;
  pid: number;
  startedAt: Date;
  beatAt: Date;
}

/** Writes a heartbeat row for this process until stopped; `onError` hears of a beat that could not be written. */
export function startHeartbeat(
  sql: Sql,
  role: ProcessRole,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  const id = randomUUID();
  const startedAt = new Date().toISOString();
  let beating: Promise<unknown> = Promise.resolve();
  const beat = (): void => {
    beating = sql
      .query(
        `WITH written AS (INSERT INTO process (id, role, host, pid, started_at, beat_at)
           VALUES ($1, $2, $3, $4::int, $5::timestamptz, clock_timestamp())
           ON CONFLICT (id) DO UPDATE SET beat_at = clock_timestamp()),
         old AS (DELETE FROM process WHERE beat_at < clock_timestamp() - interval '1 hour') SELECT 1`,
        [id, role, hostname(), process.pid, startedAt],
      )
      .catch(onError);
  };
  beat();
  const timer = setInterval(beat, beatMs);
  return {
    async stop() {
      clearInterval(timer);
      await beating;
      await sql.query(`WITH gone AS (DELETE FROM process WHERE id = $1) SELECT 1`, [id]).catch(onError);
    },
  };
}

/** The processes that gave a sign of life lately. */
export async function listProcesses(sql: Sql): Promise<ProcessRow[]> {
  const rows = await sql.query<{ role: ProcessRole; host: string; pid: number; started_at: Date; beat_at: Date }>(
    `SELECT role, host, pid, started_at, beat_at FROM process
     WHERE beat_at > clock_timestamp() - make_interval(secs => $1::float8 / 1000) ORDER BY role, started_at`,
    [staleMs],
  );
  return rows.map((row) => ({
    role: row.role,
    host: row.host,
    pid: row.pid,
    startedAt: row.started_at,
    beatAt: row.beat_at,
  }));
}
