import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha } from './hash.mjs';
import { modulePath, root } from './paths.mjs';
import { run } from './run.mjs';
import { Plain, progress } from './say.mjs';

const lockFile = join(root, 'package-lock.json');
const stampFile = modulePath('.nervio-installed');
/** The oldest Node that everything here runs on. */
const OLDEST = [20, 19];

/** @param {string} [version] */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST;
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    throw new Plain(`Nervio needs Node ${OLDEST.join('.')} or newer; this is ${version}.`, [
      'Install a newer one: https://nodejs.org',
    ]);
  }
}

/** What `node_modules` must match: the lock file, and the Node ABI and platform that native parts were chosen for. */
const wanted = () => sha(readFileSync(lockFile), process.versions.modules, process.platform, process.arch);

/** @typedef {{version?: string, optional?: boolean, link?: boolean, os?: string[], cpu?: string[]}} Locked */
/** @param {string} file @returns {Record<string, Locked>} */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/**
 * Does what npm says is installed agree with the lock file? Optional packages may be missing (other platforms).
 * This spares `npm ci` (which starts from nothing) after a plain `npm install`.
 */
function agrees() {
  const hidden = modulePath('.package-lock.json');
  if (!existsSync(hidden)) return false;
  const there = packagesOf(hidden);
  return Object.entries(packagesOf(lockFile)).every(
    ([path, { version, optional, link }]) =>
      path === '' || link || there[path]?.version === version || (optional && !there[path]),
  );
}

/** Are the npm packages there, in the versions of the lock file? */
export function npmIsInstalled() {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted()) return true;
  if (!existsSync(modulePath('')) || !agrees()) return false;
  writeFileSync(stampFile, wanted());
  return true;
}

/** Is this one for here? npm's lists of platforms name those that fit, or with «!» those that do not. @param {string[] | undefined} list @param {string} own */
const fits = (list, own) =>
  list === undefined || list.includes(own) || (list.every((one) => one.startsWith('!')) && !list.includes(`!${own}`));

/** The packages right below node_modules that the lock file wants on this platform. */
const wantedHere = () =>
  Object.entries(packagesOf(lockFile))
    .filter(
      ([path, { os, cpu }]) =>
        path.lastIndexOf('node_modules/') === 0 && fits(os, process.platform) && fits(cpu, process.arch),
    )
    .map(([path]) => path.slice('node_modules/'.length));

/** Installs the npm packages of the lock file when they are missing or other ones. Returns whether it had to. */
export async function installNpm() {
  if (npmIsInstalled()) return false;
  const packages = wantedHere();
  await progress('installing npm packages (npm ci)', async (doing) => {
    // npm makes all folders first and fills them then.
    const there = () => packages.filter((name) => existsSync(modulePath(`${name}/package.json`))).length;
    const timer = setInterval(() => doing(`${there()} of ${packages.length} packages`), 1000);
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const [command = 'npm', ...first] = npm;
    const result = await run(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
    clearInterval(timer);
    if (result.code !== 0) throw new Plain('npm ci failed.', result.output.trim().split('\n').slice(-15));
  });
  writeFileSync(stampFile, wanted());
  return true;
}
