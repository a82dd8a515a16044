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

/** @param {string} entry @param {NodeJS.ProcessEnv} env @returns {import('./supervisor.mjs').Launch} */
export const node = (entry, env) => ({
  command: process.execPath,
  args: ['--enable-source-maps', program(entry)],
  env,
  cwd: root,
});

/**
 * @param {import('./settings.mjs').Settings} settings @param {NodeJS.ProcessEnv} env @param {{worker: number, dispatcher: number}} metrics
 * @returns {Record<'odoo' | 'worker' | 'dispatcher' | 'api', import('./supervisor.mjs').Spec>}
 */
export function parts(settings, env, metrics) {
  const { ports, local } = settings;
  /** @param {keyof typeof metrics} name */
  const measured = (name) => ({
    name,
    launch: () => node(`temporal/${name}.js`, { ...env, NERVIO_METRICS_PORT: String(metrics[name]) }),
    ready: () => answers(metrics[name]),
    turn: 1,
  });
  return {
    odoo: {
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
    },
    // Its activities get 5 s to end by themselves and 10 s in all (temporal/worker.ts).
    worker: { ...measured('worker'), stopMs: 11_000 },
    dispatcher: measured('dispatcher'),
    api: { name: 'api', launch: () => node('api/server.js', env), ready: () => isOk(`${local}/livez`), turn: 1 },
  };
}
