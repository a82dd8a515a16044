#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { build, report } from './build.mjs';
import { violations } from './lib/chaos/check.mjs';
import { faults, kinds } from './lib/chaos/faults.mjs';
import { Load } from './lib/chaos/load.mjs';
import { observe, otherBusiness, placesIn, unrest } from './lib/chaos/observe.mjs';
import { Random } from './lib/chaos/random.mjs';
import { startStack } from './lib/chaos/stack.mjs';
import { table } from './lib/chaos/table.mjs';
import { checkNode } from './lib/install-npm.mjs';
import { Plain, complain, line, seconds } from './lib/say.mjs';

/**
 * `npm run chaos -- --rounds N --seed S [--kinds a,b] [--minutes M]`: a stack of its own under load, one seeded fault per round; after each
 * round, when all is quiet, everything is compared with everything. Ends with a table, and with 1 when anything was violated.
 */

const QUIET_MS = 120_000;
/** Moves of each of the three people in a round. */
const MOVES = 4;
const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns {{rounds: number, seed: number, chosen: string[], minutes: number}} */
function readArguments() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      kinds: { type: 'string', default: kinds.join(',') },
      minutes: { type: 'string', default: '30' },
    },
  });
  const chosen = values.kinds.split(',');
  const unknown = chosen.filter((kind) => !Object.hasOwn(faults, kind));
  if (unknown.length > 0)
    throw new Plain(`There is no kind ${unknown.join(', ')}.`, [`Kinds: ${Object.keys(faults).join(', ')}`]);
  const numbers = { rounds: Number(values.rounds), seed: Number(values.seed), minutes: Number(values.minutes) };
  for (const [name, value] of Object.entries(numbers))
    if (!Number.isInteger(value) || value < 0) throw new Plain(`--${name} must be a whole number.`);
  return { ...numbers, chosen };
}

/** Every kind in turn, each turn in another order. @param {Random} random @param {string[]} chosen @param {number} rounds */
function plan(random, chosen, rounds) {
  /** @type {string[]} */
  const order = [];
  while (order.length < rounds) order.push(...random.shuffle(chosen));
  return order.slice(0, rounds);
}

/** @param {import('./lib/chaos/stack.mjs').Stack} stack @returns {Promise<boolean>} whether it became quiet in time */
async function becomesQuiet(stack) {
  for (const end = Date.now() + QUIET_MS; Date.now() < end;) {
    if ((await unrest(stack)) === 0) return true;
    await wait(100);
  }
  return false;
}

/** @param {import('./lib/chaos/faults.mjs').Arena} arena @param {string} kind */
async function round(arena, kind) {
  const { load, random, stack } = arena;
  const fault = faults[kind];
  if (!fault) throw new Error(`no fault ${kind}`);
  const work = load.work(random.fork(1), MOVES);
  await wait(random.between(100, 1200));
  await fault({ ...arena, random: random.fork(2) });
  const began = Date.now();
  await work;
  await becomesQuiet(stack);
  return Date.now() - began;
}

async function main() {
  const { rounds, seed, chosen, minutes } = readArguments();
  checkNode();
  if (!report(await build({ web: true }), true)) throw new Plain('The build failed; see above.');
  const began = Date.now();
  const stack = await startStack();
  /** @type {NodeJS.Signals | undefined} */
  let interrupted;
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(name, () => (interrupted ??= name));
  try {
    line(`✓ stack is up (${seconds(Date.now() - began)}), seed ${seed}`);
    const load = new Load(stack.url);
    const first = { before: await placesIn(stack), otherBefore: await otherBusiness(stack) };
    const random = new Random(seed);
    /** @type {import('./lib/chaos/table.mjs').RoundResult[]} */
    const results = [];
    for (const [index, kind] of plan(random, chosen, rounds).entries()) {
      if (interrupted || Date.now() - began > minutes * 60_000) break;
      const ackedBefore = load.acked.size;
      const recoveryMs = await round({ stack, load, random: new Random(seed * 1_000_003 + index) }, kind);
      const found = violations(await observe(stack, load, first));
      for (const text of [...load.doubled.splice(0), ...load.odd.splice(0), ...load.unanswered.splice(0)])
        found.push({ what: 'unexplained', text });
      const result = { kind, acked: load.acked.size - ackedBefore, recoveryMs, violations: found };
      results.push(result);
      line(
        `${String(index + 1).padStart(4)} ${kind.padEnd(26)} ${String(result.acked).padStart(4)} acked, quiet after ${seconds(recoveryMs)}`,
      );
      for (const one of found) line(`     ✗ ${one.what}: ${one.operationId ?? ''} ${one.text}`);
      // What is wrong stays wrong: later rounds would only repeat it.
      if (found.length > 0) break;
    }
    const crashes = Object.values(stack.parts).map((part) => [part.spec.name, part.crashes]);
    line(`\n${table(results)}`);
    line(
      `\n${results.length} rounds, seed ${seed}, ${load.acked.size} commands acked, ${load.refused} refused, ${load.repeats} repeated with the same key, ` +
        `${seconds(Date.now() - began)}; ended by themselves: ${
          crashes
            .filter(([, count]) => count !== 0)
            .map((one) => one.join(' '))
            .join(', ') || 'nothing'
        }`,
    );
    const bad = results.some((result) => result.violations.length > 0);
    if (bad)
      line(
        `Repeat it with: npm run chaos -- --rounds ${results.length} --seed ${seed}${chosen.join() !== kinds.join() ? ` --kinds ${chosen.join(',')}` : ''}`,
      );
    return bad || results.length === 0 ? 1 : 0;
  } finally {
    await stack.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    complain(error);
    process.exit(1);
  },
);
