import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, startedAt } from './proc.mjs';
import { line } from './say.mjs';

/** Who is noted in a lock or run file. @param {string} file @returns {{pid: number, started: string} | undefined} */
export function holder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Puts a lock file there with its content at once (a reader never sees it empty). @param {string} from @param {string} file */
function claim(from, file) {
  try {
    linkSync(from, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes a lock file until `release` or the end of this process; a lock whose process is gone counts as free.
 * @param {string} file
 * @returns {{other: {pid: number}} | {release: () => void}} who holds it, or how to give it back
 */
export function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startedAt(process.pid) }));
  try {
    while (!claim(mine, file)) {
      const other = holder(file);
      if (other && isAlive(other)) return { other };
      try {
        // Moved aside before it is removed: two processes that both found it stale must not remove each other's new lock.
        const aside = `${mine}.stale`;
        renameSync(file, aside);
        const moved = holder(aside);
        if (moved && isAlive(moved)) claim(aside, file);
        rmSync(aside, { force: true });
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
  const release = () => {
    process.off('exit', release);
    if (holder(file)?.pid === process.pid) rmSync(file, { force: true });
  };
  process.on('exit', release);
  return { release };
}

/**
 * Runs something that only one process may do at a time; waits for its turn, saying so.
 * @template T @param {string} file @param {string} what @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function withLock(file, what, work) {
  let said = false;
  for (;;) {
    const taken = takeLock(file);
    if ('release' in taken) {
      try {
        return await work();
      } finally {
        taken.release();
      }
    }
    if (!said) line(`… waiting for process ${taken.other.pid}, which is busy with ${what}`);
    said = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
