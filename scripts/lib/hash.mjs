import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @param {...(string | Buffer)} parts */
export function sha(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/**
 * All files below a folder (or the file itself), sorted; [] when it is not there.
 * @param {string} path @param {(path: string) => boolean} [keep] asked for folders too
 * @returns {string[]}
 */
export function filesBelow(path, keep = () => true) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = join(path, entry.name);
      if (!keep(full)) return [];
      return entry.isDirectory() ? filesBelow(full, keep) : entry.isFile() ? [full] : [];
    });
}

/** One hash over names and contents. @param {string[]} files @param {string} [salt] */
export const hashFiles = (files, salt = '') => sha(salt, ...files.flatMap((file) => [file, readFileSync(file)]));
