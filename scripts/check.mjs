#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, installNpm } from './lib/install-npm.mjs';
import { modulePath, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { complain, line, seconds } from './lib/say.mjs';

/**
 * `npm run check`: types, lint, zones and cycles, workflow bundle, schema against migrations, format. Says everything that is
 * wrong, not only the first thing.
 */

/** Our folders and files that are there. @param {...string} names */
const there = (...names) => names.filter((name) => existsSync(join(root, name)));
const FOLDERS = [
  'domain',
  'connectors',
  'store',
  'activities',
  'workflows',
  'temporal',
  'api',
  'web',
  'prisma',
  'simulators',
  'bench',
  'test',
  'scripts',
];

/** @typedef {{name: string, file: string, args: string[]}} Check */

/** Longest first, so that the short ones fill the gaps. @returns {Check[]} */
const checks = () => [
  { name: 'lint', file: modulePath('eslint/bin/eslint.js'), args: ['.', '--max-warnings', '0'] },
  { name: 'types', file: modulePath('typescript/bin/tsc'), args: ['-p', 'tsconfig.json'] },
  ...there('web/tsconfig.json', 'web/offline/worker/tsconfig.json', 'test/e2e/tsconfig.json').map((config) => ({
    name: `types of ${config.slice(0, config.lastIndexOf('/'))}`,
    file: modulePath('typescript/bin/tsc'),
    args: ['-p', config, '--noEmit'],
  })),
  { name: 'types of scripts', file: modulePath('typescript/bin/tsc'), args: ['-p', 'scripts/tsconfig.json'] },
  {
    name: 'format',
    file: modulePath('prettier/bin/prettier.cjs'),
    args: ['--check', '--cache', '--log-level', 'warn', '.'],
  },
  {
    name: 'zones and cycles',
    file: modulePath('dependency-cruiser/bin/dependency-cruise.mjs'),
    args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...there(...FOLDERS)],
  },
  { name: 'schema and migrations agree', file: join(root, 'scripts/check-schema.mjs'), args: [] },
];

/** @param {Check} check @returns {Promise<boolean>} */
async function perform({ name, file, args }) {
  const begin = Date.now();
  const { code, output } = await run(process.execPath, [file, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  line(`${code === 0 ? '✓' : '✗'} ${name} (${seconds(Date.now() - begin)})`);
  if (code !== 0)
    line(
      output
        .trim()
        .split('\n')
        .map((text) => `    ${text}`)
        .join('\n'),
    );
  return code === 0;
}

async function main() {
  const begin = Date.now();
  checkNode();
  await installNpm();
  const { build, report } = await import('./build.mjs');
  // The generated Prisma client is needed for types and lint; the bundle is a check of its own. The web app's types are checked below.
  const results = [report(await build({ web: false }))];
  const queue = checks();
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results.push(await perform(next));
  };
  await Promise.all([lane(), lane()]);
  const failed = results.filter((ok) => !ok).length;
  line(
    failed === 0
      ? `check passed (${seconds(Date.now() - begin)})`
      : `check failed: ${failed} of ${results.length} (${seconds(Date.now() - begin)})`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error) => {
  complain(error);
  process.exitCode = 1;
});
