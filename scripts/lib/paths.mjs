import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What `npm start` keeps: servers' data, secret, logs, run files. Git-ignored; `npm start -- --fresh` removes it. */
export const dataDir = join(root, '.nervio');
export const logsDir = join(dataDir, 'logs');
export const runDir = join(dataDir, 'run');

/** Downloaded or built servers live outside the checkout, so that a second clone does not build them again. */
export const cacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nervio');

/** @param {string} name file under node_modules */
export const modulePath = (name) => join(root, 'node_modules', name);
