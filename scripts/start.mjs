#!/usr/bin/env node
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, report } from './build.mjs';
import { checkNode, installNpm } from './lib/install-npm.mjs';
import { installRedis } from './lib/install-redis.mjs';
import { installTemporal } from './lib/install-temporal.mjs';
import { takeLock } from './lib/lock.mjs';
import { isOk, mailSimulator, node, odooSimulator, parts } from './lib/parts.mjs';
import { dataDir, logsDir, root, runDir } from './lib/paths.mjs';
import { answers, freePair, freePort, requirePorts } from './lib/ports.mjs';
import { checkPostgresPlace, ensureDatabase, postgresAnswers } from './lib/postgres.mjs';
import { instanceSecret } from './lib/secret.mjs';
import { Plain, box, complain, line, progress, seconds } from './lib/say.mjs';
import { postgresSpec, redisAnswers, redisSpec, temporalSpec } from './lib/servers.mjs';
import { childEnv, ownPorts, readSettings } from './lib/settings.mjs';
import { Stopped, Supervisor } from './lib/supervisor.mjs';
import { leftovers, stopInTurns } from './lib/wards.mjs';

/** `npm start`: everything on this machine. `npm start -- --fresh` forgets its data first. */

const supervisor = new Supervisor({ logs: logsDir, run: runDir });
const began = Date.now() - process.uptime() * 1000;
let ending = 0;

/** Stops all of it in order and leaves. @param {number} code */
async function leave(code) {
  if (ending === 0) {
    ending = Date.now();
    line('\nDeteniendo… / stopping…');
    await supervisor.stop();
    line(`Detenido / stopped (${seconds(Date.now() - ending)})`);
    process.exit(code);
  }
}

for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(name, () => {
    // Ctrl-C comes twice: from the terminal to the whole group, and handed on by npm. A person's second one comes later.
    if (ending > 0 && Date.now() - ending > 1000) {
      line('Ended at once.');
      supervisor.killAll();
      process.exit(1);
    }
    void leave(0);
  });
}
// npm was killed: nobody reads along any more and nobody can stop us.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && void leave(0), 1000).unref();

for (const name of /** @type {const} */ (['uncaughtException', 'unhandledRejection'])) {
  process.on(name, (error) => {
    complain(error);
    void leave(1);
  });
}

/** One start at a time in this checkout; what a killed one left running is stopped first. */
async function claimCheckout() {
  const lock = takeLock(join(runDir, 'start.lock'));
  if ('other' in lock) {
    throw new Plain(
      `Nervio already runs from this checkout (process ${lock.other.pid}). Stop it with Ctrl-C there, or: kill ${lock.other.pid}`,
    );
  }
  const left = leftovers(runDir);
  if (left.length > 0) {
    line(
      `… an earlier start was killed; stopping what it left: ${left.map(({ name, pid }) => `${name} (${pid})`).join(', ')}`,
    );
    await stopInTurns(left, line);
  }
}

/** Removes the data of earlier starts. What `DATABASE_URL` and the like name is not ours to remove. */
function forget() {
  for (const name of readdirSync(dataDir))
    if (name !== 'run') rmSync(join(dataDir, name), { recursive: true, force: true });
  line(`✓ started over: ${dataDir} is empty`);
}

/** Starts one of the servers and says how long it took. @param {import('./lib/supervisor.mjs').Spec} spec @param {string} label */
async function up(spec, label) {
  const begin = Date.now();
  await supervisor.start(spec);
  if (!supervisor.stopping) line(`✓ ${label} (${seconds(Date.now() - begin)})`);
}

/** @param {string} name @param {boolean} reached @param {string} variable */
function mustAnswer(name, reached, variable) {
  if (!reached)
    throw new Plain(`${name} does not answer at ${variable}.`, [
      'Start it, or unset the variable to get one from npm start.',
    ]);
}

/** @param {import('./lib/settings.mjs').Settings} settings */
async function startPostgres(settings) {
  const { theirs, databaseUrl, ports } = settings;
  if (!theirs.postgres) return up(postgresSpec(join(dataDir, 'postgres'), ports.postgres, databaseUrl), 'PostgreSQL');
  if (!(await postgresAnswers(databaseUrl))) {
    await ensureDatabase(databaseUrl).catch((error) => {
      throw new Plain(`PostgreSQL at DATABASE_URL cannot be used: ${error.message}`);
    });
  }
}

/** @param {import('./lib/settings.mjs').Settings} settings */
async function startRedis({ theirs, redisUrl, ports }) {
  if (theirs.redis) return mustAnswer('Redis', await redisAnswers(redisUrl), `REDIS_URL (${new URL(redisUrl).host})`);
  return up(redisSpec(await installRedis(), join(dataDir, 'redis'), ports.redis), 'Redis');
}

/** @param {import('./lib/settings.mjs').Settings} settings */
async function startTemporal({ theirs, temporalAddress, ports }) {
  if (theirs.temporal) {
    const [host = '', port] = temporalAddress.split(':');
    return mustAnswer('Temporal', await answers(Number(port), host), `TEMPORAL_ADDRESS (${temporalAddress})`);
  }
  return up(temporalSpec(await installTemporal(), join(dataDir, 'temporal.db'), ports), 'Temporal');
}

async function buildAll() {
  const outcomes = await build();
  if (!report(outcomes, true)) throw new Plain('The build failed; see above.');
}

/** @param {string} name @param {string} entry @param {NodeJS.ProcessEnv} env */
async function task(name, entry, env) {
  const begin = Date.now();
  await supervisor.task(name, node(entry, env));
  line(`✓ ${name} (${seconds(Date.now() - begin)})`);
}

/** @param {string} url @returns {Promise<string>} why /readyz is not 200 yet, '' when it is */
async function notReady(url) {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) });
    if (answer.ok) return '';
    const { reason, detail, title } = /** @type {Record<string, unknown>} */ (await answer.json());
    return `waits for: ${String(reason ?? detail ?? title)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param {import('./lib/settings.mjs').Settings} settings */
async function untilReady({ local }) {
  const end = Date.now() + 120_000;
  let why = await notReady(local);
  if (!why) return;
  await progress('waiting until Nervio accepts commands', async (doing) => {
    for (; why; why = await notReady(local)) {
      if (supervisor.stopping) throw new Stopped();
      if (Date.now() > end)
        throw new Plain(`Nervio is not ready after 2 minutes: ${why}`, [
          `Logs: ${logsDir}`,
          'npm run doctor says more.',
        ]);
      doing(why);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  });
}

/** @param {import('./lib/settings.mjs').Settings} settings */
function greet(settings) {
  const { publicUrl, temporalUiUrl, odooUrl, inboxUrl, theirs } = settings;
  box([
    `Nervio está listo / is ready (${seconds(Date.now() - began)})`,
    '',
    `${'Aplicación / web app'.padEnd(32)}${publicUrl}`,
    `${'API (OpenAPI)'.padEnd(32)}${publicUrl}/docs`,
    `${'Temporal'.padEnd(32)}${temporalUiUrl}`,
    `${(theirs.odoo ? 'Odoo' : 'Odoo (simulador / simulator)').padEnd(32)}${odooUrl}`,
    ...(theirs.mail ? [] : [`${'Correo (simulador / simulator)'.padEnd(32)}${inboxUrl}`]),
    '',
    'Usuarios / users, contraseña / password: nervio-demo',
    '  bodega@demo.test      bodega / warehouse: mover pallets / move pallets',
    '  encargada@demo.test   encargada / manager',
    '  caja@demo.test        caja / cashier',
    '  finanzas@demo.test    finanzas / finance',
    '  admin@demo.test       administración / admin',
    '  admin@otra.test       otra empresa / another company',
    '',
    'Datos / data .nervio · registros / logs .nervio/logs',
    'Ctrl-C detiene todo / stops everything · npm run doctor revisa / checks',
  ]);
}

async function main() {
  const args = process.argv.slice(2);
  const unknown = args.filter((arg) => arg !== '--fresh');
  if (unknown.length > 0) throw new Plain(`npm start knows --fresh only, not ${unknown.join(' ')}.`);
  checkNode();
  const settings = readSettings();
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o755); // PostgreSQL's user walks through it; what is private inside is 0700 or 0600 itself
  await claimCheckout();
  if (!settings.theirs.postgres) checkPostgresPlace(join(dataDir, 'postgres'));
  await requirePorts(ownPorts(settings));
  if (args.includes('--fresh')) forget();
  await installNpm();
  mkdirSync(logsDir, { recursive: true });

  const secret = instanceSecret(join(dataDir, 'secret'));
  const env = childEnv(settings, secret);
  const built = buildAll();
  const migrated = Promise.all([built, startPostgres(settings)])
    .then(() => task('migrate', 'prisma/migrate.js', env))
    .then(() => task('seed', 'prisma/seed.js', env));
  const simulated = built.then(() =>
    Promise.all([
      settings.theirs.odoo ? undefined : up(odooSimulator(settings, env), 'Odoo simulator'),
      settings.theirs.mail ? undefined : up(mailSimulator(settings, env), 'mail simulator'),
    ]),
  );
  await Promise.all([migrated, simulated, startRedis(settings), startTemporal(settings)]);
  // Not before the build: it takes a minute, and by then somebody else may listen where it was free.
  const metrics = { worker: await freePair(10, 9465), dispatcher: await freePort(9466) };
  const own = parts(settings, childEnv(settings, secret, metrics), metrics);
  await Promise.all([up(own.worker, 'workers'), up(own.dispatcher, 'dispatcher'), up(own.api, 'API and web app')]);
  await untilReady(settings);
  if (!(await isOk(`${settings.local}/`)))
    line(`! the page at ${settings.publicUrl}/ does not answer; see ${join(logsDir, 'api.log')}`);
  greet(settings);
}

process.chdir(root);
main().catch(async (error) => {
  if (error instanceof Stopped || ending > 0) return;
  complain(error);
  await leave(1);
});
