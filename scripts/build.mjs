#!/usr/bin/env node
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow, hashFiles, sha } from './lib/hash.mjs';
import { holder, withLock } from './lib/lock.mjs';
import { modulePath, root, runDir } from './lib/paths.mjs';
import { isAlive } from './lib/proc.mjs';
import { besideOf, publish } from './lib/publish.mjs';
import { run } from './lib/run.mjs';
import { Plain, complain, line, seconds } from './lib/say.mjs';

/**
 * `npm run build`: Prisma client, TypeScript to JavaScript, workflow bundle, web app. Every step is left out when its sources
 * are the same as last time (by content, noted in dist/.build).
 */

const dist = join(root, 'dist');
const notes = join(dist, '.build');
const require = createRequire(import.meta.url);

/** Folders whose TypeScript becomes dist/<folder>. The web app has its own build. */
const FOLDERS = [
  'domain',
  'connectors',
  'store',
  'activities',
  'workflows',
  'temporal',
  'api',
  'prisma',
  'simulators',
  'bench',
  'test',
];
/** Files beside the code that it reads at run time. */
const ASSETS = new Set(['.sql', '.lua', '.json', '.toml', '.html', '.css']);

const isTest = (/** @type {string} */ file) => /\.test\.tsx?$/.test(file);
const inRoot = (/** @type {string} */ file) => relative(root, file);
const sources = (/** @type {string[]} */ ...paths) =>
  paths.flatMap((path) =>
    filesBelow(join(root, path), (file) => !isTest(file) && !/[/\\](node_modules|build)$/.test(file)),
  );
const lockHash = () => sha(readFileSync(join(root, 'package-lock.json')));

/**
 * @typedef {{name: string, state: 'built' | 'unchanged' | 'failed', ms: number, detail?: string, error?: unknown}} Outcome
 */

/**
 * One step: left out when nothing changed.
 * @param {string} name @param {{key: () => string, output: string, work: () => Promise<string | void>}} step
 * @returns {Promise<Outcome>}
 */
async function step(name, { key, output, work }) {
  const begin = Date.now();
  const note = join(notes, `${name}.hash`);
  try {
    const now = key();
    if (existsSync(output) && existsSync(note) && readFileSync(note, 'utf8') === now)
      return { name, state: 'unchanged', ms: Date.now() - begin };
    rmSync(note, { force: true });
    const detail = await work();
    mkdirSync(notes, { recursive: true });
    writeFileSync(note, now);
    return { name, state: 'built', ms: Date.now() - begin, ...(detail ? { detail } : {}) };
  } catch (error) {
    return { name, state: 'failed', ms: Date.now() - begin, error };
  }
}

/** Runs one of our npm programs with this Node. @param {string} what @param {string} file @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
async function tool(what, file, args, env = {}) {
  const result = await run(process.execPath, [modulePath(file), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  if (result.code !== 0) throw new Plain(`${what} failed.`, result.output.trim().split('\n').slice(-40));
}

/** Prisma client from the schema → store/generated. Needs no engine; without the variable it would want to download one. */
const prisma = () =>
  step('prisma', {
    key: () => hashFiles([...sources('prisma/schema.prisma'), modulePath('prisma/package.json')]),
    output: join(root, 'store/generated'),
    work: () =>
      tool('prisma generate', 'prisma/build/index.js', ['generate', '--schema', 'prisma/schema.prisma'], {
        PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
      }),
  });

/** TypeScript → dist, file by file; only what changed. Types are checked by `npm run check`. */
function typescript() {
  const files = sources(...FOLDERS).filter(
    (file) => /(?<!\.d)\.[cm]?tsx?$/.test(file) || (ASSETS.has(extname(file)) && !inRoot(file).startsWith('test')),
  );
  const swcrc = join(root, '.swcrc');
  return step('typescript', {
    key: () => hashFiles([...files, swcrc], lockHash()),
    output: dist,
    work: async () => {
      /** @type {typeof import('@swc/core')} */
      const swc = require('@swc/core');
      const salt = sha(readFileSync(swcrc), swc.version);
      const manifestFile = join(notes, 'typescript.json');
      /** @type {Record<string, string>} */
      const before = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8')) : {};
      /** @type {Record<string, string>} */
      const after = {};
      let changed = 0;
      for (const file of files) {
        const out = join(dist, inRoot(file).replace(/\.([cm]?)tsx?$/, '.$1js'));
        const content = readFileSync(file);
        const hash = sha(salt, content);
        after[inRoot(out)] = hash;
        if (before[inRoot(out)] === hash && existsSync(out)) continue;
        changed++;
        mkdirSync(dirname(out), { recursive: true });
        if (out.endsWith('js') && !file.endsWith('.json')) {
          const { code, map } = await swc.transform(content.toString('utf8'), {
            filename: file,
            sourceFileName: relative(dirname(out), file).split(sep).join('/'),
            configFile: swcrc,
          });
          writeFileSync(`${out}.map`, map ?? '');
          writeFileSync(out, `${code}\n//# sourceMappingURL=${out.split(sep).at(-1)}.map\n`);
        } else {
          writeFileSync(out, content);
        }
      }
      for (const old of Object.keys(before))
        if (!(old in after)) [old, `${old}.map`].forEach((name) => rmSync(join(root, name), { force: true }));
      mkdirSync(notes, { recursive: true });
      writeFileSync(manifestFile, JSON.stringify(after));
      return `${changed} of ${files.length} files`;
    },
  });
}

/** All workflows in one file, checked for what workflow code may not use. */
const workflows = () =>
  step('workflows', {
    key: () => hashFiles(sources('workflows', 'domain'), lockHash()),
    output: join(dist, 'workflow-bundle.js'),
    work: async () => {
      /** @type {typeof import('@temporalio/worker')} */
      const { bundleWorkflowCode } = require('@temporalio/worker');
      /** @type {string[]} */
      const said = [];
      const log = (/** @type {string} */ message) => void said.push(message);
      const quiet = () => undefined;
      try {
        const { code } = await bundleWorkflowCode({
          workflowsPath: join(root, 'workflows/all.ts'),
          logger: {
            log: (_level, message) => log(message),
            trace: quiet,
            debug: quiet,
            info: quiet,
            warn: log,
            error: log,
          },
        });
        mkdirSync(dist, { recursive: true });
        writeFileSync(join(dist, 'workflow-bundle.js'), code);
      } catch (error) {
        throw new Plain(
          'The workflows cannot be bundled.',
          [String(error instanceof Error ? error.message : error), ...said].join('\n').split('\n').slice(-40),
        );
      }
    },
  });

const published = join(dist, 'web');

/** The Remix app → dist/web, a link to the last build: a product that runs serves the files of its own until it is restarted. */
const web = () =>
  step('web', {
    key: () => hashFiles(sources('web', 'domain'), lockHash()),
    output: join(published, 'server'),
    work: async () => {
      mkdirSync(dist, { recursive: true });
      const folder = besideOf(published);
      try {
        await tool(
          'remix vite:build',
          '@remix-run/dev/dist/cli.js',
          ['vite:build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
          { NODE_ENV: 'production', NERVIO_WEB_BUILD: relative(root, folder) },
        );
      } catch (error) {
        rmSync(folder, { recursive: true, force: true });
        throw error;
      }
      const api = holder(join(runDir, 'api.json'));
      publish(folder, published, api !== undefined && isAlive(api));
    },
  });

/**
 * Builds what changed.
 * @param {{web?: boolean}} [options]
 * @returns {Promise<Outcome[]>} one for each step; a failed one carries its error
 */
export function build(options = {}) {
  return withLock(join(notes, 'lock'), 'a build', async () => {
    // The bundle and the web app need nothing of each other; TypeScript needs the generated Prisma client.
    const bundling = workflows();
    const ui = options.web === false ? undefined : web();
    const client = await prisma();
    const code = await typescript();
    return Promise.all([client, code, bundling, ...(ui ? [ui] : [])]);
  });
}

/** One line a step; the errors of failed ones. Returns whether all is well. @param {Outcome[]} outcomes @param {boolean} [terse] only what was done */
export function report(outcomes, terse = false) {
  for (const { name, state, ms, detail, error } of outcomes) {
    if (state === 'failed') complain(error);
    if (terse && state === 'unchanged') continue;
    line(
      `${state === 'failed' ? '✗' : '✓'} build ${name}: ${state}${detail ? `, ${detail}` : ''}${ms >= 50 ? ` (${seconds(ms)})` : ''}`,
    );
  }
  return outcomes.every(({ state }) => state !== 'failed');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  build().then(
    (outcomes) => (process.exitCode = report(outcomes) ? 0 : 1),
    (error) => {
      complain(error);
      process.exitCode = 1;
    },
  );
}
