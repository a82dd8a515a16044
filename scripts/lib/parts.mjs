import { join } from 'node:path';
import { answers } from './ports.mjs';
import { root } from './paths.mjs';

/** Nervio's own processes: what is run, when it is up, and in which turn it is stopped. */

/** @param {string} url @returns {Promise<boolean>} */
export async function isOk(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/** @param {string} entry below dist/ */
export const program = (entry) => join(root, 'dist', entry);

/**
 * Under load the API makes garbage by the request. With a larger young generation it is looked through a quarter as often, and most of
 * it is dead by then: without, a fifth of its time at the till went into that.
 */
export const API_OPTIONS = ['--max-semi-space-size=64'];

/** @param {string} entry @param {NodeJS.ProcessEnv} env @param {string[]} [options] of Node @returns {import('./supervisor.mjs').Launch} */
export const node = (entry, env, options = []) => ({
  command: process.execPath,
  args: ['--enable-source-maps', ...options, program(entry)],
  env,
  cwd: root,
});

/** @param {import('./settings.mjs').Settings} settings @param {NodeJS.ProcessEnv} env @returns {import('./supervisor.mjs').Spec} */
export function odooSimulator({ ports }, env) {
  return {
    name: 'simulator-odoo',
    launch: () =>
      node('simulators/odoo/main.js', {
        ...env,
        ODOO_SIM_PORT: String(ports.odoo),
        ODOO_SIM_DATA: env.ODOO_SIM_DATA || join(root, '.nervio/simulators/odoo'),
      }),
    ready: () => isOk(`http://127.0.0.1:${ports.odoo}/_state`),
    turn: 2,
    stopMs: 3000,
  };
}

/** @param {import('./settings.mjs').Settings} settings @param {NodeJS.ProcessEnv} env @returns {import('./supervisor.mjs').Spec} */
export function mailSimulator({ ports, inboxUrl }, env) {
  return {
    name: 'simulator-mail',
    launch: () =>
      node('simulators/mail/main.js', {
        ...env,
        MAIL_SIM_PORT: String(ports.mail),
        MAIL_SIM_INBOX_PORT: String(ports.inbox),
      }),
    ready: () => isOk(`${inboxUrl}/_state`),
    turn: 2,
    stopMs: 3000,
  };
}

/**
 * @param {import('./settings.mjs').Settings} settings @param {NodeJS.ProcessEnv} env @param {{worker: number, dispatcher: number}} metrics
 * @returns {Record<'odoo' | 'mail' | 'worker' | 'dispatcher' | 'api', import('./supervisor.mjs').Spec>}
 */
export function parts(settings, env, metrics) {
  const { local } = settings;
  /** @param {keyof typeof metrics} name */
  const measured = (name) => ({
    name,
    launch: () => node(`temporal/${name}.js`, { ...env, NERVIO_METRICS_PORT: String(metrics[name]) }),
    ready: () => answers(metrics[name]),
    turn: 1,
  });
  return {
    odoo: odooSimulator(settings, env),
    mail: mailSimulator(settings, env),
    // Its activities get 5 s to end by themselves and 10 s in all (temporal/worker.ts).
    worker: { ...measured('worker'), stopMs: 11_000 },
    dispatcher: measured('dispatcher'),
    api: {
      name: 'api',
      launch: () => node('api/server.js', env, API_OPTIONS),
      ready: () => isOk(`${local}/livez`),
      turn: 1,
    },
  };
}
