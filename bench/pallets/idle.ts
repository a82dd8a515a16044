import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { durationsOf, median } from '../lib/figures';
import type { NervioClient } from '../lib/nervio';
import { readCalls, timeOf } from '../lib/odoo-calls';
import { now, openLoop } from '../lib/open-loop';
import type { Warehouse } from '../lib/warehouse';
import type { Floor } from './floor';
import { between, readTimelines } from './timeline';

export interface IdleRun {
  moves: number;
  floorMs: number;
  spanP50: number;
  spanP95: number;
  /** Own share: accepted → synced less the floor's median of the same run. */
  ownP50: number;
  ownP95: number;
  /** The same less the calls to Odoo that really ran meanwhile, as the worker's clock saw them. */
  clockedP50: number;
  clockedP95: number;
  callsPerMove: number;
  odooMs: number;
  /** From the intended time of the request until the live feed said «synced». */
  seenP50: number;
  seenP95: number;
  /** Medians of the stretches between lines of the timeline, ms. */
  stretches: Map<string, number>;
}

/** The stretches of a move's life without and with Odoo, in order. */
const stretches = [
  ['accepted', 'taken'],
  ['taken', 'checked'],
  ['checked', 'transfer_creating'],
  ['transfer_creating', 'transfer_created'],
  ['transfer_created', 'validated'],
  ['validated', 'synced'],
] as const;

/**
 * One move at a time at a low fixed rate; between two of them the floor makes the same calls, so that both see the same
 * machine.
 */
export async function idle(
  parts: { nervio: NervioClient; floor: Floor; warehouse: Warehouse; database: Client; odooClock: string },
  count: number,
  everyMs: number,
): Promise<IdleRun> {
  const { nervio, floor, warehouse, database } = parts;
  await nervio.logIn();
  await nervio.listen();
  const floors: number[] = [];
  const results = await openLoop(count, everyMs, async (_, intended) => {
    const { code, destination, from } = warehouse.take();
    const { operationId } = await nervio.move(destination, [{ code, from }]);
    const seen = await nervio.synced(operationId);
    floors.push(await floor.move(warehouse.take()));
    return { operationId, seenMs: seen - intended };
  });
  nervio.stop();
  const done = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  await pause(500); // The worker writes its calls down five times a second.

  const timelines = await readTimelines(
    database,
    done.map((move) => move.operationId),
  );
  const calls = readCalls(parts.odooClock, 0, now());
  const floorMs = median(floors);
  const spans: number[] = [];
  const clocked: number[] = [];
  const odoo: number[] = [];
  const counts: number[] = [];
  for (const { operationId } of done) {
    const timeline = timelines.get(operationId)!;
    const within = calls.filter(
      (call) => call.from >= timeline.get('accepted')! && call.to <= timeline.get('synced')! + 1,
    );
    const span = between(timeline, 'accepted', 'synced');
    spans.push(span);
    clocked.push(span - timeOf(within));
    odoo.push(timeOf(within));
    counts.push(within.length);
  }
  const span = durationsOf(spans);
  const own = durationsOf(spans.map((value) => value - floorMs));
  const clock = durationsOf(clocked);
  const seen = durationsOf(done.map((move) => move.seenMs));
  return {
    moves: done.length,
    floorMs,
    spanP50: span.at(50),
    spanP95: span.at(95),
    ownP50: own.at(50),
    ownP95: own.at(95),
    clockedP50: clock.at(50),
    clockedP95: clock.at(95),
    callsPerMove: median(counts),
    odooMs: median(odoo),
    seenP50: seen.at(50),
    seenP95: seen.at(95),
    stretches: new Map(
      stretches.map(([from, to]) => [
        `${from} → ${to}`,
        median([...timelines.values()].map((timeline) => between(timeline, from, to))),
      ]),
    ),
  };
}
