import type { Client } from 'pg';

/** When each line of an operation's timeline was written, epoch ms, by its code (the first of each). */
export type Timeline = Map<string, number>;

export async function readTimelines(database: Client, operationIds: readonly string[]): Promise<Map<string, Timeline>> {
  const { rows } = await database.query<{ operation_id: string; code: string; ms: string }>(
    `SELECT operation_id, code, min(extract(epoch FROM at) * 1000)::text AS ms FROM operation_event
     WHERE operation_id = ANY($1::uuid[]) GROUP BY operation_id, code`,
    [operationIds],
  );
  const timelines = new Map<string, Timeline>();
  for (const { operation_id, code, ms } of rows) {
    const timeline = timelines.get(operation_id) ?? new Map<string, number>();
    timeline.set(code, Number(ms));
    timelines.set(operation_id, timeline);
  }
  return timelines;
}

/** From one line to another, ms; NaN when either is missing. */
export const between = (timeline: Timeline | undefined, from: string, to: string): number =>
  (timeline?.get(to) ?? NaN) - (timeline?.get(from) ?? NaN);
