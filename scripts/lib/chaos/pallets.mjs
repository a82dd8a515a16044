import { violations } from './check.mjs';
import { faults, kinds } from './faults.mjs';
import { Load } from './load.mjs';
import { observe, otherBusiness, placesIn } from './observe.mjs';

/** Moves of each of the three people in a round. */
const MOVES = 4;

/** @type {import('./scenario.mjs').Scenario} */
export const pallets = {
  faults,
  kinds,
  columns: ['lost', 'doubled', 'stuck'],
  async start(stack) {
    const load = new Load(stack.urls);
    const first = { before: await placesIn(stack), otherBefore: await otherBusiness(stack) };
    return {
      load,
      work: (random) => load.work(random, MOVES),
      inject: (kind, random) =>
        faults[kind]?.({ stack, load, random }) ?? Promise.reject(new Error(`no fault ${kind}`)),
      check: async () => violations(await observe(stack, load, first)),
    };
  },
};
