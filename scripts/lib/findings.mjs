import { accessSync, constants, existsSync, statSync, statfsSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { closedFolder } from './postgres.mjs';
import { isFree } from './ports.mjs';
import { isAlive, listenerOf } from './proc.mjs';

/**
 * What `npm run doctor` can find. Each check gets what it looks at handed in and returns what it found; nothing is changed.
 * @typedef {object} Finding
 * @property {'ok' | 'note' | 'bad'} level bad = must be mended; note = good to know
 * @property {string} what
 * @property {string} [fix] what to do
 */

/** @param {string} what @returns {Finding} */
export const ok = (what) => ({ level: 'ok', what });
/** @param {string} what @param {string} [fix] @returns {Finding} */
export const note = (what, fix) => ({ level: 'note', what, ...(fix && { fix }) });
/** @param {string} what @param {string} fix @returns {Finding} */
export const bad = (what, fix) => ({ level: 'bad', what, fix });

const GIB = 2 ** 30;
const gib = (/** @type {number} */ bytes) => `${(bytes / GIB).toFixed(1)} GiB`;

/**
 * A program that we look for: there, missing but installed by itself when needed, or missing for good.
 * @param {{name: string, path: string | undefined, version: string, comes: boolean, theirs?: string | undefined, fix: string, needed?: boolean}} program
 *   `comes`: npm start or npm test can get it; `theirs`: the variable that makes it unnecessary; `needed`: for npm start (else for tests only)
 * @returns {Finding}
 */
export function programFinding({ name, path, version, comes, theirs, fix, needed = true }) {
  if (theirs) return ok(`${name}: yours (${theirs})`);
  if (path) return ok(`${name}: ${version || 'version unknown'} (${path})`);
  if (comes) return note(`${name} is missing; it is installed when it is needed`);
  return needed ? bad(`${name} is missing`, fix) : note(`${name} is missing (only some tests need it)`, fix);
}

/**
 * One of our ports: free, ours, or somebody else's.
 * @param {{port: number, variable: string, what: string, host?: string}} wanted
 * @param {{pid: number, name: string}[]} ours processes of a running npm start
 * @returns {Promise<Finding>}
 */
export async function portFinding({ port, variable, what, host }, ours) {
  if (await isFree(port, host)) return ok(`port ${port} (${what}): free`);
  const owner = listenerOf(port);
  const mine = owner && ours.find(({ pid }) => pid === owner.pid);
  if (mine) return ok(`port ${port} (${what}): ${mine.name} of this checkout (process ${mine.pid})`);
  if (!owner) {
    return bad(
      `port ${port} (${what}): taken by a process that this user may not see`,
      `set ${variable} to another port, or look as root: ss -ltnp 'sport = :${port}'`,
    );
  }
  return bad(
    `port ${port} (${what}): taken by process ${owner.pid}: ${owner.command.slice(0, 120) || '?'}`,
    `kill ${owner.pid}, or set ${variable} to another port`,
  );
}

/**
 * Free space where the data lies. PostgreSQL stops when it has none left.
 * @param {string} what @param {string} dir @param {(dir: string) => {bavail: number, bsize: number}} [ask]
 * @returns {Finding}
 */
export function diskFinding(what, dir, ask = statfsSync) {
  const { bavail, bsize } = ask(dir);
  const free = bavail * bsize;
  if (free < GIB / 2)
    return bad(`${what}: only ${gib(free)} free at ${dir}`, 'make room: servers stop when the disk is full');
  if (free < 3 * GIB) return note(`${what}: ${gib(free)} free at ${dir}`, 'make room before it runs out');
  return ok(`${what}: ${gib(free)} free at ${dir}`);
}

/** @param {number} [free] @param {number} [total] bytes @returns {Finding} */
export function memoryFinding(free = freemem(), total = totalmem()) {
  if (total < 2 * GIB)
    return note(`memory: ${gib(total)} in all`, 'npm start needs about 1.5 GiB, building the web app 2 GiB');
  return ok(`memory: ${gib(free)} of ${gib(total)} free`);
}

/**
 * May we use the data folder, and is what is private in it private?
 * @param {string} dataDir @param {{uid?: number | undefined}} [me]
 * @returns {Finding[]}
 */
export function dataFolderFindings(dataDir, me = { uid: process.getuid?.() }) {
  if (!existsSync(dataDir)) return [note(`no data yet (${dataDir}); npm start makes it`)];
  /** @type {Finding[]} */
  const found = [];
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    found.push(ok(`data folder: ${dataDir}`));
  } catch {
    found.push(
      bad(`data folder ${dataDir} cannot be written`, `it was made by another user: chown -R $(id -un) ${dataDir}`),
    );
  }
  const secret = join(dataDir, 'secret');
  if (existsSync(secret)) {
    const { mode } = statSync(secret);
    if (mode & 0o077) found.push(bad(`${secret} can be read by others`, `chmod 600 ${secret}`));
  }
  const cluster = join(dataDir, 'postgres');
  if (existsSync(cluster)) {
    const { uid, gid, mode } = statSync(cluster);
    if (me.uid !== 0 && me.uid !== undefined && uid !== me.uid) {
      found.push(
        bad(
          `${cluster} belongs to user id ${uid}: it was made by npm start as another user`,
          `chown -R $(id -un) ${cluster} (as root), or npm start -- --fresh`,
        ),
      );
    } else if (mode & 0o077) {
      found.push(bad(`${cluster} is open to others, PostgreSQL will refuse it`, `chmod 700 ${cluster}`));
    } else if (me.uid === 0) {
      const closed = closedFolder(cluster, { uid, gid });
      if (closed) found.push(bad(`PostgreSQL's user (id ${uid}) may not enter ${closed}`, `chmod a+x ${closed}`));
    }
  }
  return found;
}

/**
 * What earlier starts left behind, and what runs now.
 * @param {{starter: {pid: number, started: string} | undefined, wards: {pid: number, name: string}[]}} seen
 * @returns {Finding}
 */
export function startFinding({ starter, wards }) {
  if (starter && isAlive(starter)) {
    return ok(
      `npm start runs (process ${starter.pid}) with ${wards.map(({ name }) => name).join(', ') || 'nothing yet'}`,
    );
  }
  if (wards.length === 0) return ok('npm start does not run');
  return note(
    `an earlier npm start was killed and left ${wards.map(({ name, pid }) => `${name} (${pid})`).join(', ')}`,
    'the next npm start stops them first; or kill them',
  );
}

/** What to do about a part of /health that is not well. */
const PART_FIXES = /** @type {Record<string, string>} */ ({
  postgres: 'see .nervio/logs/postgres.log; is the disk full?',
  redis: 'see .nervio/logs/redis.log; work goes on without it, slower',
  temporal: 'see .nervio/logs/temporal.log; what is accepted waits in the outbox and goes on by itself',
  dispatcher: 'see .nervio/logs/dispatcher.log; what is accepted waits in the outbox',
  worker: 'see .nervio/logs/worker.log; operations stand still until it is back',
});

/**
 * @typedef {object} Health what /health answers
 * @property {string} status
 * @property {{name: string, state: string, latencyMs: number | null, detail?: string | null, since?: string}[]} parts
 * @property {{kind: string, state: string, total: number, up: number, down: number, toMend: number}[]} outside
 * @property {{rows: number, oldestSeconds: number} | null} outbox
 */

/** @param {Health} health @returns {Finding[]} */
export function healthFindings({ parts, outside, outbox }) {
  /** @type {Finding[]} */
  const found = parts.map(({ name, state, latencyMs, detail, since }) => {
    const text = `${name}: ${state}${latencyMs === null ? '' : `, ${latencyMs} ms`}${detail ? ` (${detail})` : ''}`;
    if (state === 'up') return ok(text);
    const fix = PART_FIXES[name] ?? 'see .nervio/logs';
    const long = since ? `${text} since ${since}` : text;
    return state === 'down' ? bad(long, fix) : note(long, fix);
  });
  for (const { kind, state, total, up, down, toMend } of outside) {
    const text = `outside systems (${kind}): ${up} of ${total} answer`;
    if (state === 'up' || state === 'unknown') found.push(ok(text));
    else if (toMend > 0)
      found.push(
        note(
          `${text}, ${toMend} refuse us`,
          'mend the connection: its address, database, user or key (screen of connections)',
        ),
      );
    else found.push(note(`${text}, ${down} down`, 'its operations wait and go on by themselves when it is back'));
  }
  if (outbox && outbox.oldestSeconds > 60) {
    found.push(
      bad(
        `the outbox holds ${outbox.rows} rows, the oldest for ${Math.round(outbox.oldestSeconds)} s`,
        'do the dispatcher and Temporal run? .nervio/logs/dispatcher.log',
      ),
    );
  }
  return found;
}
