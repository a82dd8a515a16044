import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installRedis } from '../install-redis.mjs';
import { installTemporal } from '../install-temporal.mjs';
import { isOk, node, parts } from '../parts.mjs';
import { root } from '../paths.mjs';
import { freePair, freePort } from '../ports.mjs';
import { run } from '../run.mjs';
import { Plain } from '../say.mjs';
import { postgresSpec, redisSpec, temporalSpec } from '../servers.mjs';
import { childEnv, readSettings } from '../settings.mjs';
import { Supervisor } from '../supervisor.mjs';
import { Part } from './part.mjs';

/** @typedef {'worker' | 'dispatcher' | 'api'} OwnName each of these runs twice */
/** @typedef {'postgres' | 'redis' | 'temporal' | 'odoo' | 'mail' | OwnName | `${OwnName}2`} PartName */
/** @typedef {Awaited<ReturnType<typeof startStack>>} Stack */

/** Nobody waits two minutes for a call that hangs while faults are injected. */
const quickOdoo = { ODOO_READ_TIMEOUT_MS: '1500', ODOO_WRITE_TIMEOUT_MS: '2500' };

/**
 * The whole of Nervio on free ports and in a folder that goes with it: two APIs, two workers and two dispatchers beside
 * each other. Each part can be killed, frozen and started again.
 */
export async function startStack() {
  const dir = mkdtempSync(join(tmpdir(), 'nervio-chaos-'));
  chmodSync(dir, 0o755); // As root PostgreSQL runs as another user, who must be able to walk in.
  const logs = join(dir, 'logs');
  mkdirSync(logs);
  // Only for its guard: should we be killed, it ends what we started.
  const guard = new Supervisor({ logs, run: join(dir, 'run') });
  const ports = {
    PORT: await freePort(),
    TEMPORAL_PORT: await freePort(),
    TEMPORAL_UI_PORT: await freePort(),
    POSTGRES_PORT: await freePort(),
    REDIS_PORT: await freePort(),
    ODOO_SIM_PORT: await freePort(),
    MAIL_SIM_PORT: await freePort(),
    MAIL_SIM_INBOX_PORT: await freePort(),
  };
  const text = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
  const settings = readSettings({ ...text, HOST: '127.0.0.1' });
  const metrics = { worker: await freePair(10), dispatcher: await freePort() };
  const env = {
    ...childEnv(settings, randomBytes(32).toString('hex'), metrics),
    ODOO_SIM_DATA: join(dir, 'odoo'),
    ODOO_SIM_DELAYS: 'recorded',
    RATE_LIMIT_ANONYMOUS: '1000000',
    RATE_LIMIT_USER: '1000000',
    // So that people have to log in anew while something is at fault.
    SESSION_ACCESS_SECONDS: '5',
    ...quickOdoo,
  };
  const own = parts(settings, env, metrics);
  const port2 = String(await freePort());
  const settings2 = readSettings({ ...text, PORT: port2, HOST: '127.0.0.1' });
  const metrics2 = { worker: await freePair(10), dispatcher: await freePort() };
  // The second asks Redis about what was refused, so that a Redis that forgets or lies is met.
  const twin = parts(settings2, { ...env, PORT: port2, CHECKOUT_ADMISSION: 'redis' }, metrics2);
  const specs = {
    postgres: postgresSpec(join(dir, 'postgres'), ports.POSTGRES_PORT, settings.databaseUrl),
    redis: redisSpec(await installRedis(), join(dir, 'redis'), ports.REDIS_PORT),
    temporal: temporalSpec(await installTemporal(), join(dir, 'temporal.db'), settings.ports),
    ...own,
    worker2: { ...twin.worker, name: 'worker2' },
    dispatcher2: { ...twin.dispatcher, name: 'dispatcher2' },
    api2: { ...twin.api, name: 'api2' },
  };
  const part = (/** @type {PartName} */ name) => new Part(specs[name], logs, (message) => guard.tellGuard(message));
  const all = {
    postgres: part('postgres'),
    redis: part('redis'),
    temporal: part('temporal'),
    odoo: part('odoo'),
    mail: part('mail'),
    worker: part('worker'),
    worker2: part('worker2'),
    dispatcher: part('dispatcher'),
    dispatcher2: part('dispatcher2'),
    api: part('api'),
    api2: part('api2'),
  };
  const ours = [all.api, all.api2, all.dispatcher, all.dispatcher2, all.worker, all.worker2];
  /** @type {import('pg').Pool | undefined} */
  let pool;
  /** @param {{keep?: boolean}} [options] keep: the logs are wanted */
  const stop = async ({ keep = process.env.NERVIO_CHAOS_KEEP === '1' } = {}) => {
    await pool?.end().catch(() => undefined); // Its server may be the one that was killed.
    await Promise.all(ours.map((one) => one.close()));
    await Promise.all([
      all.odoo.close(),
      all.mail.close(),
      all.temporal.close(),
      all.redis.close(),
      all.postgres.close(),
    ]);
    await guard.stop(() => undefined);
    if (!keep) rmSync(dir, { recursive: true, force: true });
  };
  try {
    const around = [all.postgres, all.redis, all.temporal, all.odoo, all.mail];
    await Promise.all(around.map((one) => one.start()));
    for (const entry of ['prisma/migrate.js', 'prisma/seed.js']) await once(entry, env);
    await Promise.all(ours.map((one) => one.start()));
    const urls = [settings.local, settings2.local];
    for (const url of urls) await until('Nervio accepts commands', () => isOk(`${url}/readyz`), 90_000);
    pool = openPool(settings.databaseUrl);
    return { dir, logs, urls, odooUrl: settings.odooUrl, inboxUrl: settings.inboxUrl, parts: all, pool, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {string} entry @param {NodeJS.ProcessEnv} env */
async function once(entry, env) {
  const { command, args, ...options } = node(entry, env);
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new Plain(`${entry} failed.`, output.trim().split('\n').slice(-10));
}

/** @param {string} url of the owner */
function openPool(url) {
  /** @type {typeof import('pg')} */
  const pg = createRequire(import.meta.url)(join(root, 'node_modules/pg'));
  const pool = new pg.Pool({ connectionString: url, max: 3, connectionTimeoutMillis: 3000 });
  pool.on('error', () => undefined); // PostgreSQL is killed now and then; the next query says so.
  return pool;
}

/** @param {string} what @param {() => Promise<boolean>} holds @param {number} ms */
export async function until(what, holds, ms) {
  for (const end = Date.now() + ms; !(await holds());) {
    if (Date.now() > end) throw new Plain(`Not within ${ms / 1000} s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
