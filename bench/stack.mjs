import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installRedis } from '../scripts/lib/install-redis.mjs';
import { installTemporal } from '../scripts/lib/install-temporal.mjs';
import { API_OPTIONS, isOk, node, parts, program } from '../scripts/lib/parts.mjs';
import { freePair, freePort } from '../scripts/lib/ports.mjs';
import { postgresSpec, redisSpec, temporalSpec } from '../scripts/lib/servers.mjs';
import { childEnv, readSettings } from '../scripts/lib/settings.mjs';
import { Supervisor } from '../scripts/lib/supervisor.mjs';

/**
 * The whole of Nervio on free ports and in a folder that goes with it, each part a process of its own as `npm start` runs
 * them: PostgreSQL with fsync on, Redis, Temporal's dev server on a file, the Odoo simulator answering as recorded.
 */
export async function startStack() {
  const dir = mkdtempSync(join(tmpdir(), 'nervio-bench-'));
  chmodSync(dir, 0o755); // As root PostgreSQL runs as another user, who must be able to walk in.
  const logs = join(dir, 'logs');
  const run = join(dir, 'run');
  mkdirSync(logs);
  const supervisor = new Supervisor({ logs, run });
  const stop = async () => {
    await supervisor.stop();
    if (process.env.NERVIO_BENCH_KEEP !== '1') rmSync(dir, { recursive: true, force: true });
  };
  try {
    const ports = {
      PORT: await freePort(),
      TEMPORAL_PORT: await freePort(),
      TEMPORAL_UI_PORT: await freePort(),
      POSTGRES_PORT: await freePort(),
      REDIS_PORT: await freePort(),
      ODOO_SIM_PORT: await freePort(),
    };
    const text = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
    const settings = readSettings({ ...text, HOST: '127.0.0.1' });
    const metrics = { worker: await freePair(10), dispatcher: await freePort() };
    const clock = join(dir, 'odoo-calls.jsonl');
    const env = {
      ...childEnv(settings, randomBytes(32).toString('hex'), metrics),
      ODOO_SIM_DATA: join(dir, 'odoo'),
      ODOO_SIM_DELAYS: 'recorded',
      RATE_LIMIT_ANONYMOUS: '1000000',
      RATE_LIMIT_USER: '10000000',
    };
    const own = parts(settings, env, metrics);
    // For profiles: NERVIO_BENCH_NODE_OPTIONS='--cpu-prof --cpu-prof-dir=/tmp/profiles'.
    const options = process.env.NERVIO_BENCH_NODE_OPTIONS?.split(' ') ?? [];
    /** @param {import('../scripts/lib/supervisor.mjs').Launch} launch */
    const profiled = (launch) => ({ ...launch, args: [...options, ...launch.args] });
    const api = { ...own.api, launch: () => profiled(node('api/server.js', env, API_OPTIONS)) };
    const worker = {
      ...own.worker,
      launch: () =>
        profiled(
          node('temporal/worker.js', {
            ...env,
            NERVIO_METRICS_PORT: String(metrics.worker),
            NERVIO_BENCH_ODOO_CLOCK: clock,
            NERVIO_BENCH_ODOO_PORT: String(ports.ODOO_SIM_PORT),
            NODE_OPTIONS: `--require ${program('bench/lib/odoo-clock.js')}`,
          }),
        ),
    };
    await Promise.all([
      supervisor.start(postgresSpec(join(dir, 'postgres'), ports.POSTGRES_PORT, settings.databaseUrl)),
      supervisor.start(redisSpec(await installRedis(), join(dir, 'redis'), ports.REDIS_PORT)),
      supervisor.start(temporalSpec(await installTemporal(), join(dir, 'temporal.db'), settings.ports)),
      supervisor.start(own.odoo),
    ]);
    await supervisor.task('migrate', node('prisma/migrate.js', env));
    await supervisor.task('seed', node('prisma/seed.js', env));
    await Promise.all([supervisor.start(worker), supervisor.start(own.dispatcher), supervisor.start(api)]);
    while (!(await isOk(`${settings.local}/readyz`))) await new Promise((resolve) => setTimeout(resolve, 100));
    return {
      stop,
      env: {
        NERVIO_BENCH_URL: settings.publicUrl,
        NERVIO_BENCH_DATABASE_URL: settings.databaseUrl,
        NERVIO_BENCH_ODOO_URL: settings.odooUrl,
        NERVIO_BENCH_RUN_DIR: run,
        NERVIO_BENCH_ODOO_CLOCK: clock,
        NERVIO_BENCH_PART_ENV: JSON.stringify(env),
        NERVIO_BENCH_API_OPTIONS: JSON.stringify(API_OPTIONS),
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
