import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/**
 * The faults of docs/operations.md, one function each: it injects the fault, holds it for a while and takes it away again.
 *
 * @typedef {{stack: import('./stack.mjs').Stack, load: import('./load.mjs').Load, random: import('./random.mjs').Random}} Arena
 * @typedef {(arena: Arena) => Promise<void>} Fault
 */

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A part that runs twice: one of the two. @param {Place} arena @param {import('./stack.mjs').PartName} name */
function oneOf({ stack, random }, name) {
  const twin = /** @type {import('./stack.mjs').PartName} */ (`${name}2`);
  return stack.parts[twin in stack.parts && random.next() < 0.5 ? twin : name];
}

/** @param {import('./stack.mjs').PartName} name @param {NodeJS.Signals} [how] @returns {(place: Place) => Promise<void>} */
export const kill = (name, how) => async (arena) => {
  const part = oneOf(arena, name);
  await part.kill(how);
  await wait(arena.random.between(0, 1500));
  await part.start();
};

/** Both of a kind, so that nobody takes over meanwhile. @param {import('./stack.mjs').OwnName} name @returns {(place: Place) => Promise<void>} */
export const killBoth =
  (name) =>
  async ({ stack, random }) => {
    const both = [stack.parts[name], stack.parts[/** @type {const} */ (`${name}2`)]];
    await Promise.all(both.map((part) => part.kill()));
    await wait(random.between(0, 1500));
    await Promise.all(both.map((part) => part.start()));
  };

/** Frozen, not dead: its connections stay open and nobody notices. @param {import('./stack.mjs').PartName} name @returns {(place: Place) => Promise<void>} */
export const freeze = (name) => async (arena) => {
  const part = oneOf(arena, name);
  part.freeze();
  await wait(arena.random.between(500, 5000));
  part.thaw();
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

/** @param {string} url @param {object} mode @param {number} shortest @param {number} longest ms */
async function mailMode(url, mode, shortest, longest, /** @type {import('./random.mjs').Random} */ random) {
  /** @param {object} body */
  const tell = async (body) => {
    const answer = await fetch(`${url}/_control`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the mail simulator refuses ${JSON.stringify(body)}: ${await answer.text()}`);
  };
  await tell(mode);
  await wait(random.between(shortest, longest));
  await tell({ mode: 'ok' });
}

/**
 * Faults of a mail server; whatever load there is.
 *
 * @typedef {{stack: import('./stack.mjs').Stack, random: import('./random.mjs').Random}} Place
 * @type {Record<string, (place: Place) => Promise<void>>}
 */
export const mail = {
  'mail-down': ({ stack, random }) => mailMode(stack.inboxUrl, { mode: 'down' }, 1000, 4000, random),
  'mail-throttled': ({ stack, random }) => mailMode(stack.inboxUrl, { mode: 'throttle' }, 300, 1500, random),
  'mail-applied-answer-lost': ({ stack, random }) =>
    mailMode(stack.inboxUrl, { mode: 'apply_then_drop', times: random.between(1, 6) }, 1000, 3000, random),
};

/** Faults of Nervio's own parts and of those that it stands on; whatever load there is. @type {Record<string, (place: Place) => Promise<void>>} */
export const shared = {
  'kill-api': kill('api'),
  'kill-worker': kill('worker'),
  'kill-dispatcher': kill('dispatcher'),
  'kill-both-workers': killBoth('worker'),
  'kill-both-dispatchers': killBoth('dispatcher'),
  'freeze-api': freeze('api'),
  'freeze-worker': freeze('worker'),
  'freeze-dispatcher': freeze('dispatcher'),
  // What `pg_ctl stop -m immediate` sends: no checkpoint, no good-bye; the next start recovers from the log.
  'postgres-immediate': kill('postgres', 'SIGQUIT'),
  'redis-kill': kill('redis'),
  'redis-flush': ({ stack }) => flush(stack),
  'redis-tail-lost': async ({ stack, random }) => {
    await stack.parts.redis.kill();
    cutTail(join(stack.dir, 'redis', 'appendonlydir'), random);
    await stack.parts.redis.start();
  },
  'temporal-kill': kill('temporal'),
  'temporal-freeze': freeze('temporal'),
  // A new, empty server in the place of the old one.
  'temporal-lost': async ({ stack }) => {
    await stack.parts.temporal.kill();
    for (const name of readdirSync(stack.dir)) if (name.startsWith('temporal.db')) rmSync(join(stack.dir, name));
    await stack.parts.temporal.start();
  },
};

/** @type {Record<string, Fault>} */
export const faults = {
  ...shared,
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
  // Handhelds whose clocks are up to two hours off, each scan another way.
  'device-clock': async ({ load, random }) => {
    load.skewMs = 7_200_000;
    await load.work(random, 3);
    load.skewMs = 0;
  },
  'same-request-100-times': ({ load, random }) => load.storm(random, 100),
};

/** Only when named: it takes Nervio a minute and a half to see that Temporal has forgotten everything. */
const rare = ['temporal-lost'];

/** The kinds that a run without `--kinds` takes. */
export const kinds = Object.keys(faults).filter((kind) => !rare.includes(kind));

/** What was written last did not reach the disk. @param {string} folder of Redis's log @param {import('./random.mjs').Random} random */
function cutTail(folder, random) {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.incr.aof'))) {
    const file = join(folder, name);
    const { size } = statSync(file);
    truncateSync(file, size - Math.min(size, random.between(1, 20_000)));
  }
}

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
