import { Client } from 'pg';
import { cpuMs, cpuShares, readCpu } from './lib/cpu';
import { benchEnvironment } from './lib/environment';
import { spread } from './lib/figures';
import { NervioClient } from './lib/nervio';
import { conditions, note, table } from './lib/report';
import { fillStored } from './lib/stored';
import { Warehouse } from './lib/warehouse';
import { accept, type AcceptRun } from './pallets/accept';
import { drain, type DrainRun } from './pallets/drain';
import { Floor } from './pallets/floor';
import { idle, type IdleRun } from './pallets/idle';

/** Pallet moves from acceptance to Odoo, against the same calls made by hand (performance: pallets, PERF-02). */

const limit = 4;

async function main(): Promise<void> {
  const env = benchEnvironment();
  const runs = env.quick ? 1 : 3;
  const sizes = env.quick
    ? { idle: 8, slope: 6, everyMs: 2_500, drain: 60, floorDrain: 40, accept: 10 }
    : { idle: 60, slope: 30, everyMs: 1_200, drain: 200, floorDrain: 80, accept: 10 };
  const perSecond = 50;
  const only = (process.env['NERVIO_BENCH_PARTS'] ?? 'idle,drain,slope,accept').split(',');

  const database = new Client({ connectionString: env.databaseUrl });
  await database.connect();
  const warehouse = await Warehouse.open(database, env.odooUrl);
  const floor = await Floor.open(env.odooUrl);
  const nervio = new NervioClient(env.url);
  const parts = { nervio, floor, warehouse, database, odooClock: env.odooClock, odooUrl: env.odooUrl };
  const stored = env.quick ? [100, 1_000, 10_000] : [1_000, 10_000, 100_000];

  conditions(env.versions, [
    `settings: one machine for everything, load included; PostgreSQL with fsync on; Temporal's dev server on a file; Odoo simulator (18) answering as recorded; ${limit} places on the connection; ${runs} runs`,
  ]);
  note('warming up');
  await fillStored(database, stored[0]!);
  await idle(parts, 5, sizes.everyMs);
  await floor.drain(warehouse, 8, limit);

  const idles: IdleRun[] = [];
  const idleCpu: number[] = [];
  for (let run = 1; only.includes('idle') && run <= runs; run++) {
    note(`idle, run ${run}: ${sizes.idle} moves, one each ${sizes.everyMs} ms`);
    const before = readCpu(env.runDir);
    idles.push(await idle(parts, sizes.idle, sizes.everyMs));
    idleCpu.push(cpuMs(before, readCpu(env.runDir)) / sizes.idle);
  }
  if (idles.length > 0) showIdle(idles, idleCpu);

  const drains: (DrainRun & { floorPerSecond: number; cpu: string })[] = [];
  for (let run = 1; only.includes('drain') && run <= runs; run++) {
    note(`drain, run ${run}: floor`);
    const floorMs = await floor.drain(warehouse, sizes.floorDrain, limit);
    note(`drain, run ${run}: ${sizes.drain} moves accepted while Odoo is down`);
    const before = readCpu(env.runDir);
    const result = await drain(parts, sizes.drain, limit);
    const cpu = cpuShares(before, readCpu(env.runDir), result.wallMs / 1000);
    drains.push({ ...result, floorPerSecond: sizes.floorDrain / (floorMs / 1000), cpu });
  }
  if (drains.length > 0) showDrain(drains);

  const slopes: [string, IdleRun][] = idles[0] ? [[`${stored[0]}`, idles[0]]] : [];
  for (const total of only.includes('slope') ? stored.slice(1) : []) {
    note(`slope: ${total} stored operations`);
    await fillStored(database, total);
    slopes.push([String(total), await idle(parts, sizes.slope, sizes.everyMs)]);
  }
  if (slopes.length > 1) showSlope(slopes);

  const accepts: AcceptRun[] = [];
  let acceptCpu = '';
  if (only.includes('accept')) {
    note('acceptance: warming up');
    await accept(nervio, warehouse, perSecond, 4);
  }
  for (let run = 1; only.includes('accept') && run <= runs; run++) {
    note(`acceptance, run ${run}: ${perSecond}/s for ${sizes.accept} s`);
    const before = readCpu(env.runDir);
    accepts.push(await accept(nervio, warehouse, perSecond, sizes.accept));
    acceptCpu = cpuShares(before, readCpu(env.runDir), sizes.accept);
  }
  if (accepts.length > 0) showAccept(accepts, perSecond, acceptCpu);
  floor.close();
  await database.end();
}

function showIdle(runs: IdleRun[], cpu: number[]): void {
  const of = (pick: (run: IdleRun) => number, unit = 'ms') =>
    spread(
      runs.map((run) => pick(run)),
      unit,
    );
  table(
    `pallets, idle: ${runs[0]!.moves} moves a run, one at a time; median of ${runs.length} runs (least … most)`,
    ['', 'P50', 'P95', 'goal'],
    [
      ['accepted → synced', of((run) => run.spanP50), of((run) => run.spanP95), ''],
      ['floor: the same calls by hand', of((run) => run.floorMs), '', ''],
      ['own share (less the floor)', of((run) => run.ownP50), of((run) => run.ownP95), '≤ 150 ms P95'],
      ['own share (less its own calls)', of((run) => run.clockedP50), of((run) => run.clockedP95), ''],
      ['request → «synced» on the live feed', of((run) => run.seenP50), of((run) => run.seenP95), ''],
      ['calls to Odoo for a move', of((run) => run.callsPerMove, ''), '', ''],
      ['their time', of((run) => run.odooMs), '', ''],
      ['CPU of all parts, floor included', spread(cpu, 'ms for a move'), '', ''],
    ],
  );
  table(
    'where a move’s time goes (medians)',
    ['stretch', 'ms'],
    [...runs[0]!.stretches.keys()].map((name) => [name, of((run) => run.stretches.get(name) ?? NaN, '')]),
  );
}

function showDrain(runs: (DrainRun & { floorPerSecond: number; cpu: string })[]): void {
  const of = (pick: (run: (typeof runs)[number]) => number, unit = '') =>
    spread(
      runs.map((run) => pick(run)),
      unit,
    );
  table(
    `pallets, drain: ${runs[0]!.moves} moves accepted while Odoo is down, ${limit} places; median of ${runs.length} runs (least … most)`,
    ['', 'value', 'goal'],
    [
      ['wall time, first taken → last synced', of((run) => run.wallMs / 1000, 's'), ''],
      ['moves/s', of((run) => run.movesPerSecond), ''],
      ['floor: the same calls by hand, 4 at once, moves/s', of((run) => run.floorPerSecond), ''],
      ['of the floor’s pace', of((run) => (run.movesPerSecond / run.floorPerSecond) * 100, '%'), '≥ 90 %'],
      ['at least one call in progress / wall', of((run) => run.busy, '%'), '≥ 90 %'],
      ['Σ call time / (4 × wall)', of((run) => run.full, '%'), '≥ 90 %'],
      ['one move, taken → synced', of((run) => run.spanMs, 'ms'), ''],
      ['place free → its next move taken, P50', of((run) => run.gapMs, 'ms'), ''],
      ['place free → its next move taken, P95', of((run) => run.gapP95Ms, 'ms'), ''],
      ['CPU (of one core, last run)', runs.at(-1)!.cpu, ''],
    ],
  );
}

function showSlope(rows: [string, IdleRun][]): void {
  table(
    'pallets, slope: the idle run with more stored operations',
    ['stored', 'own share P50', 'own share P95', 'floor', 'accepted → taken', 'taken → checked', 'validated → synced'],
    rows.map(([stored, run]) => [
      stored,
      ...[run.ownP50, run.ownP95, run.floorMs].map((value) => spread([value], 'ms')),
      ...['accepted → taken', 'taken → checked', 'validated → synced'].map((name) =>
        spread([run.stretches.get(name) ?? NaN], 'ms'),
      ),
    ]),
  );
}

function showAccept(runs: AcceptRun[], perSecond: number, cpu: string): void {
  const of = (pick: (run: AcceptRun) => number) =>
    spread(
      runs.map((run) => pick(run)),
      'ms',
    );
  table(
    `POST /pallet-moves at ${perSecond}/s, ${runs[0]!.sent} a run, while the moves are worked off; median of ${runs.length} runs`,
    ['P50', 'P95', 'P99', 'failed', 'goal', 'CPU (of one core, last run)'],
    [
      [
        of((run) => run.p50),
        of((run) => run.p95),
        of((run) => run.p99),
        String(runs.reduce((sum, run) => sum + run.failed, 0)),
        'P95 < 200 ms',
        cpu,
      ],
    ],
  );
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
