import { freeze, killBoth, mail, shared } from './faults.mjs';
import { salesViolations } from './sales/check.mjs';
import { SalesLoad } from './sales/load.mjs';
import { SalesObserver } from './sales/observe.mjs';

/** How long is sold in a round. */
const SELLING_MS = 4_000;
const BUYERS = 200;
const THERE = 10;

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @typedef {{stack: import('./stack.mjs').Stack, load: SalesLoad, random: import('./random.mjs').Random}} Arena */

/** What can go wrong around a till: everything of Nervio's own and the mail server. No Odoo takes part. */
/** @type {Record<string, (arena: Arena) => Promise<void>>} */
const faults = {
  ...shared,
  ...mail,
  'kill-both-apis': killBoth('api'),
  'postgres-killed': async ({ stack, random }) => {
    await stack.parts.postgres.killTree();
    await wait(random.between(0, 1000));
    await stack.parts.postgres.start();
  },
  'postgres-freeze': freeze('postgres'),
  'redis-freeze': freeze('redis'),
  'same-request-100-times': ({ load, random }) => load.storm(random, 100),
  '200-buyers-for-10': ({ load }) => load.rush(BUYERS, THERE),
  '200-buyers-and-a-fault': async ({ stack, load, random }) => {
    const fault = random.pick(['kill-api', 'postgres-immediate', 'redis-kill', 'freeze-api']);
    const rush = load.rush(BUYERS, THERE);
    await wait(random.between(10, 400));
    await faults[fault]?.({ stack, load, random });
    await rush;
  },
};

/** @type {import('./scenario.mjs').Scenario} */
export const sales = {
  faults,
  kinds: Object.keys(faults).filter((kind) => kind !== 'temporal-lost'),
  columns: ['lost', 'doubled', 'stuck', 'oversold', 'refused wrongly'],
  async start(stack, { rate }) {
    const load = new SalesLoad(stack.urls, rate);
    await load.open(stack.pool);
    const observer = new SalesObserver(stack, load);
    await observer.begin();
    return {
      load,
      work: (random) => load.work(random, SELLING_MS),
      inject: (kind, random) =>
        faults[kind]?.({ stack, load, random }) ?? Promise.reject(new Error(`no fault ${kind}`)),
      unrest: () => observer.unrest(),
      async check() {
        const found = salesViolations(await observer.look());
        load.endRound();
        return found;
      },
      checkAll: async () => salesViolations(await observer.lookAtAll()),
    };
  },
};
