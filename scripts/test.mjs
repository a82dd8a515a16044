#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findChromium, installChromium } from './lib/install-chromium.mjs';
import { checkNode, installNpm } from './lib/install-npm.mjs';
import { findSchemathesis, installSchemathesis } from './lib/install-schemathesis.mjs';
import { installTemporal } from './lib/install-temporal.mjs';
import { modulePath, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { complain, line, seconds } from './lib/say.mjs';
import { summary } from './lib/summary.mjs';

/**
 * `npm test`, `npm test -- <jest arguments>`: installs what is missing, builds, starts a PostgreSQL and a Redis of its own, runs the
 * suites, and closes with one line: `N passed, N failed`. A part that could not run (the build, a browser, a suite that does not
 * load) counts as failed.
 */

const args = process.argv.slice(2);
const jest = modulePath('jest/bin/jest.js');
/** @type {(() => Promise<void>) | undefined} */
let stopServers;
/** @type {import('node:child_process').ChildProcess | undefined} */
let suites;
/** @type {NodeJS.Signals | undefined} */
let interrupted;

for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(name, () => {
    interrupted ??= name;
    // Before the suites run there is only an installer or a build to leave; they end with us.
    if (suites) suites.kill(name);
    else void end(1);
  });
}

/** @param {number} code @returns {Promise<never>} */
async function end(code) {
  await stopServers?.();
  process.exit(code);
}

let broken = 0;
/** Counts what could not be made ready as one failure, and goes on with the rest. @template T @param {() => Promise<T>} work */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    complain(error);
    broken++;
    return undefined;
  }
}

/** Which test files this run is about, relative to the checkout. */
async function chosen() {
  const { output } = await run(process.execPath, [jest, '--listTests', ...args], { cwd: root });
  return output.split('\n').flatMap((name) => (name.startsWith(root) ? [relative(root, name)] : []));
}

/** Suites of the layers below the API do not wait for the web app's build. @param {string} file */
const needsWeb = (file) =>
  !/^(domain|connectors|store|activities|workflows|temporal|simulators|prisma|test\/(scripts|replay))\//.test(file);

/** @param {NodeJS.ProcessEnv} env @param {string} file @returns {Promise<number>} Jest's exit code */
function runJest(env, file) {
  return new Promise((resolve) => {
    suites = spawn(process.execPath, [jest, '--json', '--outputFile', file, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'], // with --json the report for people goes to stderr
    });
    suites.once('close', (code) => resolve(code ?? 1));
  });
}

async function main() {
  const begin = Date.now();
  checkNode();
  await installNpm();
  const { build, report } = await import('./build.mjs');
  const { throwawayServers } = await import('./lib/throwaway.mjs');
  const temporal = await attempt(installTemporal);
  const files = await chosen();
  if (!report(await build({ web: files.some(needsWeb) }), true)) broken++;
  let chromium = findChromium();
  let schemathesis = findSchemathesis();
  if (!chromium && files.some((name) => /^(test\/(e2e|chaos)|bench)\//.test(name)))
    chromium = await attempt(installChromium);
  if (!schemathesis && files.some((name) => name.includes('schemathesis')))
    schemathesis = await attempt(installSchemathesis);
  const servers = await throwawayServers();
  stopServers = servers.stop;
  const out = mkdtempSync(join(tmpdir(), 'nervio-results-'));
  const file = join(out, 'jest.json');
  const env = {
    ...process.env,
    ...servers.env,
    ...(temporal && { NERVIO_TEMPORAL_BIN: temporal }),
    ...(chromium && { NERVIO_CHROMIUM_BIN: chromium }),
    ...(schemathesis && { NERVIO_SCHEMATHESIS_BIN: schemathesis }),
  };
  const code = interrupted ? 1 : await runJest(env, file);
  await stopServers();
  stopServers = undefined;

  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  rmSync(out, { recursive: true, force: true });
  const sum = summary(results, { broken, code });
  line(`\nran for ${seconds(Date.now() - begin)}${interrupted ? `, ended early by ${interrupted}` : ''}`);
  line(sum.text);
  process.exit(sum.ok ? 0 : 1);
}

main().catch(async (error) => {
  complain(error);
  await stopServers?.();
  line('\n0 passed, 1 failed');
  process.exit(1);
});
