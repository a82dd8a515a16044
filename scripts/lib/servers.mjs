import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { run } from './run.mjs';
import { Plain, line } from './say.mjs';
import { ensureDatabase, preparePostgres, postgresAnswers } from './postgres.mjs';
import { RETENTION_HOURS, SEARCH_ATTRIBUTES } from './settings.mjs';

/** The servers that Nervio starts when it is not pointed at yours. Stopped last, each in a session of its own. */
const TURN = 3;

/**
 * @param {string} dir @param {number} port @param {string} url of the database that must be there
 * @returns {import('./supervisor.mjs').Spec}
 */
export function postgresSpec(dir, port, url) {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  return {
    name: 'postgres',
    launch: () => preparePostgres(dir, port),
    ready: async () => {
      if (!(await postgresAnswers(maintenance.href))) return false;
      await ensureDatabase(url);
      return true;
    },
    turn: TURN,
    apart: true,
    stop: 'SIGINT', // fast: open transactions are rolled back
    last: 'SIGQUIT', // at once; the next start recovers
    stopMs: 10_000,
  };
}

/** @param {string} command @param {string} dir @param {number} port @returns {import('./supervisor.mjs').Spec} */
export function redisSpec(command, dir, port) {
  return {
    name: 'redis',
    launch: () => {
      mkdirSync(dir, { recursive: true });
      const options = {
        port,
        bind: '127.0.0.1',
        dir,
        appendonly: 'yes',
        appendfsync: 'everysec',
        save: '',
        daemonize: 'no',
      };
      return {
        command,
        args: Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
        cwd: dir,
      };
    },
    ready: () => redisAnswers(`redis://127.0.0.1:${port}`),
    turn: TURN,
    apart: true,
    stopMs: 5000,
  };
}

/** Does a Redis answer PING (also one that wants a password)? @param {string} url @returns {Promise<boolean>} */
export function redisAnswers(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 1000 }, () =>
      socket.write('PING\r\n'),
    );
    /** @param {boolean} yes */
    const end = (yes) => {
      socket.destroy();
      resolve(yes);
    };
    // -LOADING: it is still reading its file.
    socket.once('data', (data) => end(/^(\+PONG|-NOAUTH)/.test(data.toString())));
    socket
      .once('error', () => end(false))
      .once('timeout', () => end(false))
      .once('close', () => end(false));
  });
}

/**
 * Temporal's dev server on a file.
 * @param {string} command @param {string} file @param {{temporal: number, temporalUi: number}} ports
 * @returns {import('./supervisor.mjs').Spec}
 */
export function temporalSpec(command, file, ports) {
  const address = `127.0.0.1:${ports.temporal}`;
  const named = SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]);
  return {
    name: 'temporal',
    launch: () => ({
      command,
      args: [
        'server',
        'start-dev',
        '--ip',
        '127.0.0.1',
        '--port',
        String(ports.temporal),
        '--ui-port',
        String(ports.temporalUi),
      ].concat(['--db-filename', file, '--log-level', 'error'], named),
    }),
    ready: async () => {
      // The UI hands this on to the server: both are up when it is answered.
      const seconds = await retention(`http://127.0.0.1:${ports.temporalUi}`);
      if (seconds === undefined) return false;
      if (seconds < RETENTION_HOURS * 3600) await setRetention(command, address);
      return true;
    },
    turn: TURN,
    apart: true,
    stopMs: 6000,
  };
}

/** @param {string} ui @returns {Promise<number | undefined>} the namespace's retention in seconds, when the server answers */
async function retention(ui) {
  try {
    const answer = await fetch(`${ui}/api/v1/namespaces/default`, { signal: AbortSignal.timeout(2000) });
    if (!answer.ok) return undefined;
    const { config } = /** @type {{config?: {workflowExecutionRetentionTtl?: string}}} */ (await answer.json());
    return Number.parseInt(config?.workflowExecutionRetentionTtl ?? '0', 10);
  } catch {
    return undefined;
  }
}

/** @param {string} command @param {string} address */
async function setRetention(command, address) {
  const args = [
    'operator',
    'namespace',
    'update',
    '--address',
    address,
    '--namespace',
    'default',
    '--retention',
    `${RETENTION_HOURS}h`,
  ];
  const result = await run(command, args, { timeoutMs: 10_000 });
  if (result.code !== 0) {
    throw new Plain('Temporal did not take the retention of 30 days.', result.output.trim().split('\n').slice(-3));
  }
  line('✓ Temporal keeps closed workflows for 30 days');
}
