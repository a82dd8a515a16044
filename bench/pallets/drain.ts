import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { median } from '../lib/figures';
import type { NervioClient } from '../lib/nervio';
import { readCalls, timeOf, unionOf } from '../lib/odoo-calls';
import type { Warehouse } from '../lib/warehouse';
import { readTimelines, type Timeline } from './timeline';

export interface DrainRun {
  moves: number;
  /** From the first move that was taken up to the last that was synced, ms. */
  wallMs: number;
  /** Σ duration of calls to Odoo / (limit × wall), %: how full its places were with calls. */
  full: number;
  /** Time with at least one call in progress / wall, %. */
  busy: number;
  movesPerSecond: number;
  spanMs: number;
  /** From a place that came free to its next move being taken up, median and P95, ms. */
  gapMs: number;
  gapP95Ms: number;
}

/** Moves accepted while Odoo is down; then it comes back, the watcher sees it, and they drain through `limit` places. */
export async function drain(
  parts: { nervio: NervioClient; warehouse: Warehouse; database: Client; odooClock: string; odooUrl: string },
  count: number,
  limit: number,
): Promise<DrainRun> {
  const { nervio, warehouse, database, odooUrl } = parts;
  await nervio.logIn();
  await control(odooUrl, { mode: 'down', db: 'demo' });
  await until(async () => (await connectionState(database)) === 'down');
  const ids: string[] = [];
  for (let sent = 0; sent < count; sent++) {
    const { code, destination, from } = warehouse.take();
    ids.push((await nervio.move(destination, [{ code, from }])).operationId);
  }
  await until(async () => (await countOf(database, ids, 'waiting')) === count);
  await control(odooUrl, { mode: 'ok', db: 'demo' });
  await until(async () => (await countOf(database, ids, 'synced')) === count);
  await pause(500);

  const timelines = [...(await readTimelines(database, ids)).values()];
  const times = (code: string) => timelines.map((timeline: Timeline) => timeline.get(code)!);
  const first = Math.min(...times('taken'));
  const last = Math.max(...times('synced'));
  const wallMs = last - first;
  const taken = times('taken').sort((a, b) => a - b);
  const freed = times('synced').sort((a, b) => a - b);
  const gaps = taken.slice(limit).map((at, index) => at - freed[index]!);
  const calls = readCalls(parts.odooClock, first, last);
  return {
    moves: count,
    wallMs,
    full: (timeOf(calls) / (limit * wallMs)) * 100,
    busy: (unionOf(calls) / wallMs) * 100,
    movesPerSecond: count / (wallMs / 1000),
    gapMs: median(gaps),
    gapP95Ms: gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)] ?? NaN,
    spanMs: median(timelines.map((timeline) => timeline.get('synced')! - timeline.get('taken')!)),
  };
}

async function control(odooUrl: string, body: object): Promise<void> {
  const answer = await fetch(`${odooUrl}/_control`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the simulator refused ${JSON.stringify(body)}: ${await answer.text()}`);
}

async function connectionState(database: Client): Promise<string> {
  const { rows } = await database.query<{ state: string }>(
    `SELECT c.state FROM connection c JOIN tenant t ON t.id = c.tenant_id WHERE t.slug = 'demo'`,
  );
  return rows[0]!.state;
}

async function countOf(database: Client, ids: readonly string[], state: string): Promise<number> {
  const { rows } = await database.query<{ count: string }>(
    `SELECT count(*) FROM operation WHERE id = ANY($1::uuid[]) AND state = $2`,
    [ids, state],
  );
  return Number(rows[0]!.count);
}

async function until(holds: () => Promise<boolean>, withinMs = 300_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('the backlog does not drain');
    await pause(250);
  }
}
