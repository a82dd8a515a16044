import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Database } from '../store/db';
import { ensureSchedules, schedules } from './schedules';
import { registerSearchAttributes } from './search-attributes';
import { ensureWatchers } from './watchers';

const everyMs = 30_000;

/** What Temporal has to know before it can serve us: search attributes, schedules, a watcher for each connection. */
export async function prepareTemporal(client: Client, db: Database): Promise<void> {
  await registerSearchAttributes(client);
  await ensureSchedules(client);
  await ensureWatchers(client, await db.definer.listConnections());
}

/** Prepares a Temporal that has forgotten everything: its database was lost, or its namespace made anew. */
export async function prepareIfForgotten(client: Client, db: Database): Promise<boolean> {
  try {
    for (const { scheduleId } of schedules) await client.schedule.getHandle(scheduleId).describe();
    return false;
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
  await prepareTemporal(client, db);
  return true;
}

/** Looks again and again for as long as the worker lives. Returns how to stop. */
export function startUpkeep(client: Client, db: Database, log: Logger): () => void {
  const look = (): void => {
    prepareIfForgotten(client, db).then(
      (forgotten) => {
        if (forgotten) log.warn('Temporal had forgotten the schedules; they are there again');
      },
      (error: unknown) => log.debug({ err: error }, 'Temporal was not asked about its schedules'),
    );
  };
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
}
