import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Processes of this machine: are they there, since when, who are they. /proc where there is one, `ps` elsewhere. */

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * When a process began, as a string that stays the same for its life and differs for a later process with the same pid
 * (also after a reboot). Empty when there is none, or only its zombie.
 * @param {number} pid
 */
export function startedAt(pid) {
  if (process.platform === 'linux') {
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!stat || fields[0] === 'Z' || fields[0] === 'X') return '';
    return `${read('/proc/sys/kernel/random/boot_id').trim()} ${fields[19]}`;
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Is this still the process that we meant? @param {{pid: number, started: string}} who */
export const isAlive = (who) => who.started !== '' && startedAt(who.pid) === who.started;

/** @param {number} pid @returns {string} command line, '' when it is gone or not ours to read */
export function commandLine(pid) {
  if (process.platform === 'linux') return read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** @param {number} pid */
export function workingDir(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/**
 * Sends a signal to exactly the process that was meant; says whether it was still there.
 * @param {{pid: number, started: string}} who @param {NodeJS.Signals} name
 */
export function signal(who, name) {
  if (!isAlive(who)) return false;
  try {
    process.kill(who.pid, name);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until all of them are gone. @param {{pid: number, started: string}[]} who @param {number} ms @returns {Promise<boolean>} */
export async function gone(who, ms) {
  for (const end = Date.now() + ms; ;) {
    if (!who.some(isAlive)) return true;
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Processes that a process has begun itself. @param {number} pid @returns {{pid: number, started: string}[]} */
export function childrenOf(pid) {
  return pairs().flatMap(([child, parent]) => (parent === pid ? [{ pid: child, started: startedAt(child) }] : []));
}

/** Each process with its parent. @returns {[number, number][]} */
function pairs() {
  if (process.platform !== 'linux') {
    const rows = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return rows.map((row) => {
      const [pid, parent] = row.trim().split(/\s+/).map(Number);
      return [pid ?? 0, parent ?? 0];
    });
  }
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const stat = read(`/proc/${entry}/stat`);
    return [[Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
  });
}

/**
 * Who listens on a TCP port of this machine.
 * @param {number} port
 * @returns {{pid: number, command: string, cwd: string} | undefined} undefined when nobody does or we may not know
 */
export function listenerOf(port) {
  const pid = process.platform === 'linux' ? listenerFromProc(port) : listenerFromLsof(port);
  return pid ? { pid, command: commandLine(pid), cwd: workingDir(pid) } : undefined;
}

/** @param {number} port */
function listenerFromProc(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const row of read(file).split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
      if (state === '0A' && local?.endsWith(`:${hex}`)) inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      for (const fd of readdirSync(`/proc/${entry}/fd`)) {
        if (inodes.has(readlinkSync(`/proc/${entry}/fd/${fd}`))) return Number(entry);
      }
    } catch {
      // Another user's process, or one that ended while we looked.
    }
  }
  return undefined;
}

/** @param {number} port */
function listenerFromLsof(port) {
  try {
    return Number(
      execFileSync('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' }).split('\n')[0],
    );
  } catch {
    return undefined;
  }
}
