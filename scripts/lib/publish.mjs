import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A process that was started with the one before has this long to end, where nobody knows whether it runs. */
const KEPT_MS = 60 * 60_000;

/** A new folder beside `link`, for what `publish` will put in its place. @param {string} link */
export function besideOf(link) {
  const folder = mkdtempSync(`${link}.`);
  chmodSync(folder, 0o755); // In the image root builds and another user reads.
  return folder;
}

/** @param {string} path */
const isThere = (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * Puts a finished folder in the place of `link`, at once: who looks sees the old one or the new one. Who opened the old one goes on
 * with it: it is removed later, and not while `inUse`.
 * @param {string} folder made by `besideOf(link)` @param {string} link @param {boolean} inUse something runs with an older one
 */
export function publish(folder, link, inUse) {
  const dir = dirname(link);
  // A build of before there were links.
  if (isThere(link) && !lstatSync(link).isSymbolicLink()) renameSync(link, `${link}.before`);
  const next = `${link}.next`;
  rmSync(next, { force: true });
  symlinkSync(basename(folder), next);
  renameSync(next, link);
  if (inUse) return;
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    if (!name.startsWith(`${basename(link)}.`) || name === readlinkSync(link)) continue;
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
