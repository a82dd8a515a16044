import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePair, freePort } from '../../scripts/lib/ports.mjs';
import { SEARCH_ATTRIBUTES } from '../../scripts/lib/settings.mjs';
import { startOdooSimulator, type OdooSimulator } from '../../simulators/odoo/server';
import { rootDir } from '../../store/root';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { requireEnv, testSecret } from '../support/environment';
import { eventually } from '../support/eventually';

/** A process of its own that can be killed. */
export interface Running {
  readonly pid: number;
  /** Sends the signal; for one that ends it, waits until it has ended. */
  signal(name: NodeJS.Signals): Promise<void>;
}

export type Entry = 'api' | 'worker' | 'dispatcher';

/** Nervio as real processes against the test servers and a Temporal server of its own; Odoo is the simulator, in here. */
export interface Processes {
  database: TestDatabase;
  odoo: OdooSimulator;
  url: string;
  /** How often Temporal has tried the activity that a workflow is at. */
  activityAttempt(workflowId: string): Promise<number>;
  /** Starts one and waits until it is ready. */
  start(entry: Entry): Promise<Running>;
  close(): Promise<void>;
}

const entries: Record<Entry, string> = {
  api: 'api/server.js',
  worker: 'temporal/worker.js',
  dispatcher: 'temporal/dispatcher.js',
};

export async function openProcesses(): Promise<Processes> {
  const dir = mkdtempSync(join(tmpdir(), 'nervio-kill-'));
  const [database, odoo, temporalPort, apiPort] = await Promise.all([
    createTestDatabase(),
    startOdooSimulator({ port: 0, delays: 'off' }),
    freePort(),
    freePort(),
  ]);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'production',
    NERVIO_SECRET: testSecret,
    NERVIO_DEMO: '1',
    DATABASE_URL: database.ownerUrl,
    DATABASE_POOL_MAX: '6',
    REDIS_URL: requireEnv('NERVIO_TEST_REDIS_URL'),
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    ODOO_URL: odoo.url,
    PORT: String(apiPort),
    PUBLIC_URL: `http://localhost:${apiPort}`,
    RATE_LIMIT_ANONYMOUS: '100000',
    LOG_LEVEL: 'warn',
  };
  const running = new Set<ChildProcess>();
  let serial = 0;

  const launch = async (
    name: string,
    command: string,
    args: string[],
    more: Record<string, string>,
    ready: () => Promise<boolean>,
  ): Promise<Running> => {
    const log = join(dir, `${name}-${++serial}.log`);
    const out = openSync(log, 'a');
    const child = spawn(command, args, { cwd: rootDir, env: { ...env, ...more }, stdio: ['ignore', out, out] });
    closeSync(out);
    running.add(child);
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.once('exit', () => running.delete(child));
    await eventually(
      async () => child.exitCode !== null || (await ready()),
      (done) => done && child.exitCode === null,
      () => `${name} is not ready: ${readFileSync(log, 'utf8').slice(-2000)}`,
      60_000,
    );
    return {
      pid: child.pid!,
      async signal(signal) {
        child.kill(signal);
        if (signal === 'SIGKILL' || signal === 'SIGTERM') await ended;
      },
    };
  };
  const answers = (url: string) => async (): Promise<boolean> => {
    try {
      return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
    } catch {
      return false;
    }
  };
  const once = async (entry: string): Promise<void> => {
    const child = spawn(process.execPath, [join(rootDir, 'dist', entry)], { cwd: rootDir, env, stdio: 'ignore' });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`${entry} ended with ${String(code)}`);
  };

  const uiPort = await freePort();
  await once('prisma/seed.js');
  await launch(
    'temporal',
    requireEnv('NERVIO_TEMPORAL_BIN'),
    [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(temporalPort), '--ui-port', String(uiPort)],
      ...['--db-filename', join(dir, 'temporal.db'), '--log-level', 'error'],
      ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ],
    {},
    answers(`http://127.0.0.1:${uiPort}/api/v1/namespaces/default`),
  );
  const url = `http://127.0.0.1:${apiPort}`;
  return {
    database,
    odoo,
    url,
    async activityAttempt(workflowId) {
      const answer = await fetch(`http://127.0.0.1:${uiPort}/api/v1/namespaces/default/workflows/${workflowId}`);
      const { pendingActivities = [] } = (await answer.json()) as { pendingActivities?: { attempt?: number }[] };
      return Math.max(0, ...pendingActivities.map((activity) => activity.attempt ?? 1));
    },
    async start(entry) {
      const args = ['--enable-source-maps', join(rootDir, 'dist', entries[entry])];
      if (entry === 'api') return launch(entry, process.execPath, args, {}, answers(`${url}/livez`));
      const port = await freePair(10);
      return launch(
        entry,
        process.execPath,
        args,
        { NERVIO_METRICS_PORT: String(port) },
        answers(`http://127.0.0.1:${port}/livez`),
      );
    },
    async close() {
      const ends = [...running].map((child) => new Promise<void>((resolve) => child.once('exit', () => resolve())));
      for (const child of running) child.kill('SIGKILL');
      await Promise.all(ends);
      await odoo.close();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
