import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { Client } from 'pg';
import { rootDir } from '../store/root';
import { launchArguments, logIn, phone, desktop, scanCodes, untilOfflineReady } from '../test/support/browser';
import { eventually } from '../test/support/eventually';
import { benchEnvironment, type BenchEnvironment } from './lib/environment';
import { durationsOf, spread } from './lib/figures';
import { NervioClient } from './lib/nervio';
import { openLoop } from './lib/open-loop';
import { floorPage, watchScans, watchStates } from './lib/page-scripts';
import { conditions, note, table } from './lib/report';
import { Warehouse } from './lib/warehouse';

/** What a person sees, in a real Chromium (performance: screen, PERF-03). */

/** Scans the codes one after another. Returns ms from the scanner's Enter to the painted line, for each. */
async function scanAll(page: Page, codes: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const code of codes) {
    const quoted = JSON.stringify(code);
    await page.evaluate(`benchExpect(${quoted})`);
    await scanCodes(page, [code]);
    // By `evaluate`: a predicate within the page would need what its CSP refuses.
    const seen = await eventually(
      () => page.evaluate<number | undefined>(`benchSeen[${quoted}]`),
      (ms) => ms !== undefined,
    );
    times.push(seen!);
  }
  return times;
}

/** The least that shows a line for a scan: React and an empty list. */
async function floorServer(): Promise<{ server: Server; url: string }> {
  const script = (name: string) => readFileSync(join(rootDir, 'node_modules', name));
  const files: Record<string, { type: string; body: Buffer | string }> = {
    '/react.js': { type: 'text/javascript', body: script('react/umd/react.production.min.js') },
    '/react-dom.js': { type: 'text/javascript', body: script('react-dom/umd/react-dom.production.min.js') },
    '/': {
      type: 'text/html',
      body: floorPage,
    },
  };
  const server = createServer((request, response) => {
    const file = files[request.url ?? '/'];
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' });
    response.end(file?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}/` };
}

async function newPage(browser: Browser, viewport: { width: number; height: number }, baseURL: string): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    baseURL,
    viewport,
    locale: 'es-CL',
    timezoneId: 'America/Santiago',
  });
  return context.newPage();
}

interface ScanRun {
  floor: number[];
  up: number[];
  down: number[];
}

async function scans(browser: Browser, env: BenchEnvironment, floorUrl: string, count: number): Promise<ScanRun> {
  const codes = Array.from({ length: count }, (_, index) => `PACK000${1234 + index}`);
  const bare = await newPage(browser, phone, floorUrl);
  await bare.addInitScript(watchScans);
  await bare.goto(floorUrl);
  const floor = await scanAll(bare, codes);
  await bare.context().close();

  const page = await newPage(browser, phone, env.url);
  // Before the app's own code: its scanner takes the keys away from whoever listens later.
  await page.addInitScript(watchScans);
  await logIn(page, { email: 'bodega@demo.test' }, 'nervio-demo');
  await untilOfflineReady(page);
  await scanCodes(page, ['ANDEN']);
  await page.locator('[data-step="pallets"]').waitFor();
  const up = await scanAll(page, codes);
  for (const code of codes) await page.locator(`[data-code="${code}"] button`).click();
  await page.context().setOffline(true);
  const down = await scanAll(page, codes);
  await page.context().close();
  return { floor, up, down };
}

interface ChangeRun {
  /** Changes of a row that is on the screen already. */
  changes: number[];
  /** Until the row of a new operation is there. */
  news: number[];
}

/** Another screen shows the list of operations while moves are accepted and worked off. */
async function changes(
  browser: Browser,
  env: BenchEnvironment,
  nervio: NervioClient,
  warehouse: Warehouse,
  database: Client,
  count: number,
): Promise<ChangeRun> {
  const page = await newPage(browser, desktop, env.url);
  await logIn(page, { email: 'encargada@demo.test' }, 'nervio-demo');
  await page.goto('/operations');
  await page.getByRole('table').or(page.getByRole('heading')).first().waitFor();
  await page.evaluate(watchStates);
  await nervio.logIn();
  await nervio.listen();
  const results = await openLoop(count, 1_500, async () => {
    const { code, destination, from } = warehouse.take();
    const { operationId } = await nervio.move(destination, [{ code, from }]);
    await nervio.synced(operationId);
    return operationId;
  });
  nervio.stop();
  const ids = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  const last = ids.at(-1)!;
  await eventually(
    () => page.evaluate<boolean>(`benchStates[${JSON.stringify(`${last} synced`)}] !== undefined`),
    Boolean,
  );
  const seen = await page.evaluate<Record<string, number>>('benchStates');
  await page.context().close();
  const { rows } = await database.query<{ operation_id: string; state: string; ms: string }>(
    `SELECT operation_id, state, min(extract(epoch FROM at) * 1000)::text AS ms FROM operation_event
     WHERE operation_id = ANY($1::uuid[]) GROUP BY operation_id, state`,
    [ids],
  );
  const run: ChangeRun = { changes: [], news: [] };
  for (const { operation_id, state, ms } of rows) {
    const at = seen[`${operation_id} ${state}`];
    if (at === undefined || !Number.isFinite(at)) continue;
    if (state === 'synced') run.changes.push(at - Number(ms));
  }
  for (const id of ids) {
    const first = Math.min(
      ...Object.entries(seen).flatMap(([key, at]) => (key.startsWith(id) && Number.isFinite(at) ? [at] : [])),
    );
    const accepted = rows.find((row) => row.operation_id === id && row.state === 'pending');
    if (accepted && Number.isFinite(first)) run.news.push(first - Number(accepted.ms));
  }
  return run;
}

async function main(): Promise<void> {
  const env = benchEnvironment();
  const runs = env.quick ? 1 : 3;
  const size = env.quick ? { scans: 10, moves: 5 } : { scans: 60, moves: 15 };
  const database = new Client({ connectionString: env.databaseUrl });
  await database.connect();
  const warehouse = await Warehouse.open(database, env.odooUrl);
  const nervio = new NervioClient(env.url);
  const { server, url: floorUrl } = await floorServer();
  const browser = await chromium.launch({ executablePath: env.chromium, args: launchArguments });
  conditions(env.versions, [
    `settings: Chromium headless without GPU, ${phone.width} × ${phone.height}; scanner at 8 ms a key; ${runs} runs of ${size.scans} scans and ${size.moves} moves`,
    'a scan counts from the time stamp of its Enter until the task after the frame with its line; a change from the time of its row, which is before its commit',
  ]);
  const scanRuns: ScanRun[] = [];
  const changeRuns: ChangeRun[] = [];
  for (let run = 1; run <= runs; run++) {
    note(`scans, run ${run}`);
    scanRuns.push(await scans(browser, env, floorUrl, size.scans));
    note(`changes, run ${run}`);
    changeRuns.push(await changes(browser, env, nervio, warehouse, database, size.moves));
  }
  const row = (name: string, samples: number[][], goal: string) => [
    name,
    ...[50, 95, 99].map((percent) =>
      spread(
        samples.map((values) => durationsOf(values).at(percent)),
        'ms',
      ),
    ),
    goal,
  ];
  table(
    `screen: median of ${runs} runs (least … most)`,
    ['', 'P50', 'P95', 'P99', 'goal'],
    [
      row(
        'floor: scan → line of an empty React list',
        scanRuns.map((run) => run.floor),
        '',
      ),
      row(
        'scan → line, network up',
        scanRuns.map((run) => run.up),
        '≤ 50 ms P95',
      ),
      row(
        'scan → line, network down',
        scanRuns.map((run) => run.down),
        '≤ 50 ms P95',
      ),
      row(
        '«synced» → seen on another screen',
        changeRuns.map((run) => run.changes),
        '≤ 200 ms P95',
      ),
      row(
        'accepted → its row on another screen',
        changeRuns.map((run) => run.news),
        '',
      ),
    ],
  );
  await browser.close();
  server.close();
  await database.end();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
