import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { appDatabaseUrl } from '../store/roles';
import { acceptMany, agreement, settleAll } from './checkout/fill';
import { floorFunction } from './checkout/floor-sql';
import { signalParts, startBeside } from './checkout/processes';
import { cartOf, headOf, openShop, uniform } from './checkout/shop';
import { cpuShares, readCpu } from './lib/cpu';
import { benchEnvironment } from './lib/environment';
import { closedLoop, countOf, HttpLoad, offered, perSecond } from './lib/http-load';
import { conditions, note, table } from './lib/report';

/**
 * A backlog of accepted sales until every operation is `synced`, while more arrive (performance: settle, PERF-05). What a sale's
 * workflow settles today are warnings of low stock and receipts by mail; channels do not exist yet.
 */

const behind = ['worker', 'dispatcher'];
const arriving = 300;

async function main(): Promise<void> {
  const env = benchEnvironment();
  const backlog = env.quick ? 1_500 : 50_000;
  const longest = env.quick ? 60 : 200;
  const database = new Client({ connectionString: env.databaseUrl });
  await database.connect();
  await database.query(floorFunction);
  note('filling the shop');
  const shop = await openShop(database, { sites: 5, tills: 200, articles: env.quick ? 500 : 5_000 });
  conditions(env.versions, [
    `settings: one machine for everything, load included; ${backlog} sales of three lines accepted while worker and dispatcher stand still, then ${arriving}/s over HTTP until all are synced; no channels`,
  ]);
  signalParts(env.runDir, behind, 'SIGSTOP');
  await settleAll(database);
  note(`accepting ${backlog} sales`);
  await acceptMany(database, shop, backlog);
  await database.query('ANALYZE');

  const load = new HttpLoad(new URL(env.url), 64);
  const token = await logIn(env.url);
  const pick = uniform(shop.articles.length);
  const send = () => load.post('/api/v1/sales', headOf(token), cartOf(shop, 3, pick));
  const before = readCpu(env.runDir);
  signalParts(env.runDir, behind, 'SIGCONT');
  const began = performance.now();
  const secondsSince = () => (performance.now() - began) / 1000;
  let arrived = 0;
  let failed = 0;
  let left = backlog;
  let slowest = 0;
  const curve: [number, number][] = [[0, backlog]];
  // A second of customers, then a look at what is left.
  while (left > arriving && secondsSince() < longest) {
    const run = await offered(arriving, 1, send);
    arrived += countOf(run, 201);
    failed += run.sent - countOf(run, 201);
    slowest = Math.max(slowest, run.durations.at(95));
    left = await openSales(database);
    curve.push([secondsSince(), left]);
  }
  const wall = secondsSince();
  const shrunk = (backlog - left) / wall;
  const cpu = cpuShares(before, readCpu(env.runDir), wall);
  while ((await openSales(database)) > 0 && secondsSince() < longest + 30) await pause(200);
  const rest = await openSales(database);

  note('peer: a workflow for each sale');
  signalParts(env.runDir, behind, 'SIGSTOP');
  const peer = await startBeside(
    'bench/checkout/floor.js',
    {
      ...env.partEnv,
      FLOOR_TENANT: shop.tenantId,
      FLOOR_USER: shop.userId,
      FLOOR_DATABASE_URL: appDatabaseUrl(env.databaseUrl, env.partEnv['NERVIO_SECRET']!),
      FLOOR_UNDER_WAY: '16',
      FLOOR_BATCH: '1',
      FLOOR_WORKFLOWS: '1',
    },
    '/',
    env.apiOptions,
  );
  const peerLoad = new HttpLoad(peer.url, 64);
  const single = await closedLoop(64, env.quick ? 2 : 8, () =>
    peerLoad.post('/api/v1/sales', headOf(token), cartOf(shop, 3, pick)),
  );
  await peer.stop();
  signalParts(env.runDir, behind, 'SIGCONT');

  const at = (share: number) => curve[Math.min(curve.length - 1, Math.round((curve.length - 1) * share))]!;
  table(
    `settle: a backlog of ${backlog} sales, ${arriving}/s arriving`,
    ['', 'value', 'goal'],
    [
      ['the backlog shrinks by', `${shrunk.toFixed(0)}/s`, `≥ 300/s while ${arriving}/s arrive`],
      ['settled', `${((backlog - left + arrived) / wall).toFixed(0)}/s`, ''],
      ['a workflow for each sale, nothing arriving beside', `${perSecond(single).toFixed(0)}/s`, ''],
      [
        'until the backlog was gone',
        left > arriving ? `not in ${longest} s: ${left} left` : `${wall.toFixed(1)} s`,
        '',
      ],
      ['open when the customers had stopped', String(rest), '0'],
      ['left after ¼, ½, ¾ of the time', [0.25, 0.5, 0.75].map((share) => at(share)[1]).join(', '), ''],
      ['sales that arrived; turned away, refused or failed', `${arrived}, ${failed}`, ''],
      ['slowest second of theirs, P95', `${slowest.toFixed(1)} ms`, ''],
      ['calls to channels', 'none: there are no channels yet', '≤ distinct SKUs / 250'],
      ['CPU (of one core)', cpu, ''],
    ],
  );
  const found = await agreement(database, shop);
  table(
    'settle, afterwards',
    ['levels that are not their ledger', 'oversold', 'tills with a gap', 'deadlocks'],
    [[found.levels, found.oversold, found.tills, found.deadlocks].map(String)],
  );
  if (found.levels + found.oversold + found.tills + found.deadlocks + failed + rest > 0) process.exitCode = 1;
  load.close();
  peerLoad.close();
  await database.end();
}

async function openSales(database: Client): Promise<number> {
  const { rows } = await database.query<{ count: string }>(
    `SELECT count(*) FROM operation WHERE queue = 'sales' AND state IN ('pending', 'syncing', 'waiting')`,
  );
  return Number(rows[0]!.count);
}

async function logIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'caja@demo.test', password: 'nervio-demo' }),
  });
  if (!answer.ok) throw new Error(`log-in failed: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
