#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { mayUseApt } from './lib/apt.mjs';
import {
  bad,
  dataFolderFindings,
  diskFinding,
  healthFindings,
  memoryFinding,
  note,
  ok,
  portFinding,
  programFinding,
  startFinding,
} from './lib/findings.mjs';
import { findChromium } from './lib/install-chromium.mjs';
import { checkNode, npmIsInstalled } from './lib/install-npm.mjs';
import { findRedis } from './lib/install-redis.mjs';
import { findSchemathesis } from './lib/install-schemathesis.mjs';
import { findTemporal } from './lib/install-temporal.mjs';
import { holder } from './lib/lock.mjs';
import { program } from './lib/parts.mjs';
import { cacheDir, dataDir, root, runDir } from './lib/paths.mjs';
import { answers } from './lib/ports.mjs';
import { checkPostgresPlace, postgresAnswers } from './lib/postgres.mjs';
import { onPath, run } from './lib/run.mjs';
import { Plain, complain, line } from './lib/say.mjs';
import { redisAnswers } from './lib/servers.mjs';
import { childEnv, readSettings, ownPorts } from './lib/settings.mjs';
import { leftovers } from './lib/wards.mjs';

/** `npm run doctor`: what is missing, which port is taken by what, what is unhealthy, and how to mend it. Changes nothing. */

/** @typedef {import('./lib/findings.mjs').Finding} Finding */
const SIGNS = { ok: '✓', note: '·', bad: '✗' };

/** First line of what a program says about its version. @param {string | undefined} path @param {string} [flag] */
const versionOf = async (path, flag = '--version') =>
  path
    ? (
        (await run(path, [flag], { timeoutMs: 10_000 })).output.split('\n').find((text) => /\d\.\d/.test(text)) ?? ''
      ).trim()
    : '';

/** @param {string} url */
const reachable = (url) =>
  fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(3000) }).then(
    () => true,
    () => false,
  );

/** A check that throws one clear line has found what it says. @param {() => unknown} check @param {string} well @returns {Finding} */
function attempt(check, well) {
  try {
    check();
    return ok(well);
  } catch (error) {
    if (!(error instanceof Plain)) throw error;
    return bad(error.message, error.hints.join(' '));
  }
}

/** @param {import('./lib/settings.mjs').Settings} settings @returns {Promise<Finding[]>} */
async function programs({ theirs }) {
  const apt = mayUseApt();
  const [temporal, redis, chromium, schemathesis] = [findTemporal(), findRedis(), findChromium(), findSchemathesis()];
  const go = onPath('go');
  return [
    attempt(() => checkNode(), `Node ${process.versions.node} (${process.execPath})`),
    npmIsInstalled()
      ? ok('npm packages: as in package-lock.json')
      : note('npm packages are missing or old; npm start installs them', 'npm ci'),
    programFinding({
      name: 'Temporal server',
      path: temporal,
      version: await versionOf(temporal),
      comes: go !== undefined || (!temporal && (await reachable('https://temporal.download'))),
      theirs: theirs.temporal && 'TEMPORAL_ADDRESS',
      fix: 'install the Temporal CLI (https://docs.temporal.io/cli) or Go 1.24+ (it is built from source then), or set TEMPORAL_ADDRESS',
    }),
    programFinding({
      name: 'Redis',
      path: redis,
      version: await versionOf(redis),
      comes: apt,
      theirs: theirs.redis && 'REDIS_URL',
      fix: 'sudo apt-get install redis-server (macOS: brew install redis), or set REDIS_URL',
    }),
    theirs.postgres
      ? ok('PostgreSQL: yours (DATABASE_URL)')
      : attempt(() => checkPostgresPlace(join(dataDir, 'postgres')), 'PostgreSQL: embedded, from npm'),
    programFinding({
      name: 'Chromium',
      path: chromium,
      version: await versionOf(chromium),
      comes: apt,
      fix: 'sudo apt-get install chromium, or name a browser in NERVIO_CHROMIUM',
      needed: false,
    }),
    programFinding({
      name: 'Schemathesis',
      path: schemathesis,
      version: await versionOf(schemathesis),
      comes: onPath('python3') !== undefined,
      fix: 'install Python 3 with venv',
      needed: false,
    }),
  ];
}

/** The configuration as the product reads it; only once there is a build. @param {import('./lib/settings.mjs').Settings} settings @returns {Finding} */
function configuration(settings) {
  if (!existsSync(program('domain/config.js'))) return note('not built yet; npm start builds');
  const { loadConfig } = /** @type {{loadConfig: (env: NodeJS.ProcessEnv) => unknown}} */ (
    createRequire(import.meta.url)(program('domain/config.js'))
  );
  try {
    // Any valid secret will do where npm start has made none yet.
    loadConfig(childEnv(settings, process.env.NERVIO_SECRET || 'ab'.repeat(32)));
    return ok('configuration: every variable is valid');
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error), 'see the table of variables in README.md');
  }
}

/** Servers that the person runs elsewhere. @param {import('./lib/settings.mjs').Settings} settings @returns {Promise<Finding[]>} */
async function yours({ theirs, databaseUrl, redisUrl, temporalAddress }) {
  const [host = '', port] = temporalAddress.split(':');
  /** @type {[string | undefined, string, () => Promise<boolean>][]} */
  const asked = [
    [theirs.postgres, 'DATABASE_URL', () => postgresAnswers(databaseUrl)],
    [theirs.redis, 'REDIS_URL', () => redisAnswers(redisUrl)],
    [theirs.temporal, 'TEMPORAL_ADDRESS', () => answers(Number(port), host)],
  ];
  return Promise.all(
    asked
      .filter(([set]) => set)
      .map(async ([, variable, ask]) =>
        (await ask())
          ? ok(`${variable}: answers`)
          : bad(
              `${variable}: does not answer`,
              'start that server, mend the variable, or unset it to get one from npm start',
            ),
      ),
  );
}

/** @param {string} url @returns {Promise<Finding[]>} */
async function health(url) {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5000) });
    return healthFindings(/** @type {import('./lib/findings.mjs').Health} */ (await answer.json()));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [bad(`the API at ${url} does not say how it is (${why})`, 'see .nervio/logs/api.log')];
  }
}

async function main() {
  const settings = readSettings();
  const starter = holder(join(runDir, 'start.lock'));
  const wards = leftovers(runDir);
  const started = startFinding({ starter, wards });
  const runs = wards.some(({ name }) => name === 'api');
  const where = existsSync(dataDir) ? dataDir : root;
  /** @type {[string, Finding[]][]} */
  const groups = [
    ['Programs', await programs(settings)],
    ['Configuration', [configuration(settings), ...(await yours(settings))]],
    [
      'Data',
      [
        ...dataFolderFindings(dataDir),
        diskFinding('disk', where),
        diskFinding('cache', existsSync(cacheDir) ? cacheDir : root),
        memoryFinding(),
      ],
    ],
    ['Ports', await Promise.all(ownPorts(settings).map((wanted) => portFinding(wanted, wards)))],
    ['Running', [started, ...(runs ? await health(settings.local) : [])]],
  ];
  for (const [title, findings] of groups) {
    line(`\n${title}`);
    for (const { level, what, fix } of findings) {
      line(`  ${SIGNS[level]} ${what.split('\n').join('\n    ')}`);
      if (fix && level !== 'ok') line(`      → ${fix}`);
    }
  }
  const wrong = groups.flatMap(([, findings]) => findings).filter(({ level }) => level === 'bad').length;
  line(wrong === 0 ? '\nNothing has to be mended.' : `\n${wrong} thing${wrong === 1 ? '' : 's'} to mend (✗).`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

main().catch((error) => {
  complain(error);
  process.exitCode = 1;
});
