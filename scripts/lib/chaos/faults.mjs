import { readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/**
 * The faults of docs/operations.md, one function each: it injects the fault, holds it for a while and takes it away again.
 *
 * @typedef {{stack: import('./stack.mjs').Stack, load: import('./load.mjs').Load, random: import('./random.mjs').Random}} Arena
 * @typedef {(arena: Arena) => Promise<void>} Fault
 */

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {import('./stack.mjs').PartName} name @param {NodeJS.Signals} [how] @returns {Fault} */
const kill =
  (name, how) =>
  async ({ stack, random }) => {
    await stack.parts[name].kill(how);
    await wait(random.between(0, 1500));
    await stack.parts[name].start();
  };

/** Frozen, not dead: its connections stay open and nobody notices. @param {import('./stack.mjs').PartName} name @returns {Fault} */
const freeze =
  (name) =>
  async ({ stack, random }) => {
    stack.parts[name].freeze();
    await wait(random.between(500, 5000));
    stack.parts[name].thaw();
  };

/** @param {import('./stack.mjs').Stack} stack @param {object} mode */
async function control(stack, mode) {
  const answer = await fetch(`${stack.odooUrl}/_control`, { method: 'POST', body: JSON.stringify(mode) });
  if (!answer.ok) throw new Error(`the simulator refuses ${JSON.stringify(mode)}: ${await answer.text()}`);
}

/** @param {object} mode @param {number} shortest @param {number} longest ms @returns {Fault} */
const odoo =
  (mode, shortest, longest) =>
  async ({ stack, random }) => {
    await control(stack, mode);
    await wait(random.between(shortest, longest));
    await control(stack, { mode: 'ok' });
  };

/** @type {Record<string, Fault>} */
export const faults = {
  'kill-api': kill('api'),
  'kill-worker': kill('worker'),
  'kill-dispatcher': kill('dispatcher'),
  'freeze-api': freeze('api'),
  'freeze-worker': freeze('worker'),
  'freeze-dispatcher': freeze('dispatcher'),
  // What `pg_ctl stop -m immediate` sends: no checkpoint, no good-bye; the next start recovers from the log.
  'postgres-immediate': kill('postgres', 'SIGQUIT'),
  'redis-kill': kill('redis'),
  'redis-flush': ({ stack }) => flush(stack),
  'temporal-kill': kill('temporal'),
  'temporal-freeze': freeze('temporal'),
  // A new, empty server in the place of the old one.
  'temporal-lost': async ({ stack }) => {
    await stack.parts.temporal.kill();
    for (const name of readdirSync(stack.dir)) if (name.startsWith('temporal.db')) rmSync(join(stack.dir, name));
    await stack.parts.temporal.start();
  },
  'odoo-down': odoo({ mode: 'down' }, 1000, 4000),
  'odoo-slow': odoo({ mode: 'slow', ms: 4000 }, 1500, 4000),
  'odoo-5xx': odoo({ mode: 'error' }, 500, 3000),
  'odoo-throttled': odoo({ mode: 'throttle' }, 300, 1500),
  'odoo-flapping': async ({ stack, random }) => {
    for (let count = random.between(3, 6); count > 0; count--) {
      await control(stack, { mode: random.pick(['down', 'error']) });
      await wait(random.between(50, 500));
      await control(stack, { mode: 'ok' });
      await wait(random.between(50, 500));
    }
  },
  'odoo-applied-answer-lost': async ({ stack, random }) => {
    for (let count = random.between(2, 5); count > 0; count--) {
      await control(stack, { mode: 'apply_then_drop', times: random.between(1, 6) });
      await wait(random.between(200, 900));
    }
    await control(stack, { mode: 'ok' });
  },
  'odoo-killed': kill('odoo'),
  'same-request-100-times': ({ load, random }) => load.storm(random, 100),
};

/** Only when named: it takes Nervio a minute and a half to see that Temporal has forgotten everything. */
const rare = ['temporal-lost'];

/** The kinds that a run without `--kinds` takes. */
export const kinds = Object.keys(faults).filter((kind) => !rare.includes(kind));

/** @param {import('./stack.mjs').Stack} stack */
async function flush(stack) {
  const { args } = await stack.parts.redis.spec.launch();
  const port = Number(args[args.indexOf('--port') + 1]);
  await new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('FLUSHALL\r\n'));
    socket.once('error', reject).once('data', (data) => {
      socket.destroy();
      if (data.toString().startsWith('+OK')) resolve(undefined);
      else reject(new Error(`FLUSHALL: ${data.toString()}`));
    });
  });
}
