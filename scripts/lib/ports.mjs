import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { listenerOf } from './proc.mjs';
import { root } from './paths.mjs';
import { Plain } from './say.mjs';

/** @param {number} port @param {string} [host] @returns {Promise<boolean>} may we listen there */
export function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === 'EADDRINUSE') resolve(false);
      else reject(new Plain(`Cannot listen on ${host}:${port}: ${code}.`));
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/**
 * Below those that systems give to connections that go out (Linux from 32768, others from 49152): such a port may be taken by
 * any connection while its process is gone for a moment, and then the process cannot come back.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;

/** Asked for by this process before: nobody may listen there yet, but somebody is going to. */
const taken = new Set();

/** @param {number} port @returns {Promise<boolean>} whether it is free, and is ours from now on */
async function take(port) {
  if (taken.has(port)) return false;
  taken.add(port);
  return isFree(port);
}

const anyPort = () => randomInt(LOWEST, HIGHEST + 1);

/** @param {number} [preferred] @returns {Promise<number>} a free port of 127.0.0.1: the preferred one where possible, or one that was given to nobody */
export async function freePort(preferred) {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (;;) {
    const port = anyPort();
    if (await take(port)) return port;
  }
}

/**
 * A port where `port` and `port + gap` are free (a worker's metrics and the SDK's exporter beside them), neither of them handed out twice.
 * @param {number} gap @param {number} [preferred] @returns {Promise<number>}
 */
export async function freePair(gap, preferred = anyPort()) {
  let port = preferred;
  while (port + gap > 65_535 || !(await take(port)) || !(await take(port + gap))) port = anyPort();
  return port;
}

/** @param {number} port @param {string} [host] @returns {Promise<boolean>} does somebody answer there */
export function answers(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1000 });
    /** @param {boolean} yes */
    const end = (yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}

/**
 * One line about a port that is taken: which, for what, by whom, and the variable that moves it.
 * @param {{port: number, variable: string, what: string}} wanted
 * @param {ReturnType<typeof listenerOf> | null} [owner] null when nothing may be known about it
 */
export function portInUse({ port, variable, what }, owner = listenerOf(port)) {
  if (!owner)
    return `Port ${port} (${what}) is in use by a process that this user may not see; set ${variable} to another port.`;
  const command = owner.command.length > 100 ? `${owner.command.slice(0, 99)}…` : owner.command;
  const ours =
    owner.cwd === root || owner.command.includes(`${root}/`)
      ? ', left over from an earlier start of this checkout'
      : '';
  return `Port ${port} (${what}) is in use by process ${owner.pid}${ours}: ${command || '?'}. End it (kill ${owner.pid}), or set ${variable} to another port.`;
}

/**
 * Throws one line for each port that is taken.
 * @param {{port: number, variable: string, what: string, host?: string}[]} wanted
 */
export async function requirePorts(wanted) {
  const free = await Promise.all(wanted.map(({ port, host }) => isFree(port, host)));
  const [first, ...others] = wanted.filter((_, index) => !free[index]).map((each) => portInUse(each));
  if (first) throw new Plain([first, ...others].join('\n'));
}
