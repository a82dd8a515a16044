#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { build, report } from './build.mjs';
import { unrest } from './lib/chaos/observe.mjs';
import { pallets } from './lib/chaos/pallets.mjs';
import { Random } from './lib/chaos/random.mjs';
import { sales } from './lib/chaos/sales.mjs';
import { startStack } from './lib/chaos/stack.mjs';
import { table } from './lib/chaos/table.mjs';
import { checkNode } from './lib/install-npm.mjs';
import { Plain, complain, line, seconds } from './lib/say.mjs';

/**
 * `npm run chaos -- [pallets | sales] --rounds N --seed S [--kinds a,b] [--minutes M] [--rate R]`: a stack of its own under load, one seeded fault per round; after each
 * round, when all is quiet, everything is compared with everything. Ends with a table, and with 1 when anything was violated.
 */

const QUIET_MS = 120_000;
/** What was put off in rounds comes to its end. */
const LAST_QUIET_MS = 300_000;
/** @type {Record<string, import('./lib/chaos/scenario.mjs').Scenario>} */
const scenarios = { pallets, sales };
const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns {{name: string, scenario: import('./lib/chaos/scenario.mjs').Scenario, rounds: number, seed: number, chosen: string[], minutes: number, rate: number}} */
function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      kinds: { type: 'string' },
      // An end for a run that nobody looks at; a whole one of 200 rounds takes half an hour on a quiet machine.
      minutes: { type: 'string', default: '120' },
      // Sales a second; pallets come as people walk.
      rate: { type: 'string', default: '300' },
    },
  });
  const name = positionals[0] ?? 'pallets';
  const scenario = scenarios[name];
  if (!scenario || positionals.length > 1)
    throw new Plain(`There is no chaos ${positionals.join(' ')}.`, [`Known: ${Object.keys(scenarios).join(', ')}`]);
  const chosen = values.kinds?.split(',') ?? scenario.kinds;
  const unknown = chosen.filter((kind) => !Object.hasOwn(scenario.faults, kind));
  if (unknown.length > 0)
    throw new Plain(`There is no kind ${unknown.join(', ')}.`, [`Kinds: ${Object.keys(scenario.faults).join(', ')}`]);
  const numbers = {
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    minutes: Number(values.minutes),
    rate: Number(values.rate),
  };
  for (const [name, value] of Object.entries(numbers))
    if (!Number.isInteger(value) || value < 0) throw new Plain(`--${name} must be a whole number.`);
  return { ...numbers, name, scenario, chosen };
}

/** Every kind in turn, each turn in another order. @param {Random} random @param {string[]} chosen @param {number} rounds */
function plan(random, chosen, rounds) {
  /** @type {string[]} */
  const order = [];
  while (order.length < rounds) order.push(...random.shuffle(chosen));
  return order.slice(0, rounds);
}

/** Waits until nothing is left to wait for, and not for ever: what is open then is found by the check. @param {() => Promise<number | undefined>} open @param {number} ms */
async function becomesQuiet(open, ms) {
  for (const end = Date.now() + ms; Date.now() < end && (await open()) !== 0;) await wait(100);
}

/**
 * @param {import('./lib/chaos/stack.mjs').Stack} stack @param {import('./lib/chaos/scenario.mjs').Running} running
 * @param {string} kind @param {Random} random
 */
async function round(stack, running, kind, random) {
  const work = running.work(random.fork(1));
  await wait(random.between(100, 1200));
  await running.inject(kind, random.fork(2));
  const began = Date.now();
  await work;
  await becomesQuiet(running.unrest ?? (() => unrest(stack)), QUIET_MS);
  return Date.now() - began;
}

async function main() {
  const { name, scenario, rounds, seed, chosen, minutes, rate } = readArguments();
  checkNode();
  if (!report(await build({ web: true }), true)) throw new Plain('The build failed; see above.');
  const began = Date.now();
  const stack = await startStack();
  /** @type {NodeJS.Signals | undefined} */
  let interrupted;
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(name, () => (interrupted ??= name));
  let keep = process.env.NERVIO_CHAOS_KEEP === '1';
  try {
    line(`✓ stack is up (${seconds(Date.now() - began)}), seed ${seed}`);
    const running = await scenario.start(stack, { rate });
    const { load } = running;
    const random = new Random(seed);
    /** @type {import('./lib/chaos/table.mjs').RoundResult[]} */
    const results = [];
    const bad = () => results.some(({ violations }) => violations.length > 0);
    for (const [index, kind] of plan(random, chosen, rounds).entries()) {
      if (interrupted || Date.now() - began > minutes * 60_000) break;
      const ackedBefore = load.acked.size;
      const roundBegan = Date.now();
      const recoveryMs = await round(stack, running, kind, new Random(seed * 1_000_003 + index));
      const found = await running.check();
      for (const text of [...load.doubled.splice(0), ...load.odd.splice(0), ...load.unanswered.splice(0)])
        found.push({ what: 'unexplained', text });
      const result = { kind, acked: load.acked.size - ackedBefore, recoveryMs, violations: found };
      results.push(result);
      line(
        `${String(index + 1).padStart(4)} ${kind.padEnd(26)} ${String(result.acked).padStart(4)} acked, quiet after ${seconds(recoveryMs)}, ${seconds(Date.now() - roundBegan)} in all`,
      );
      for (const one of found) line(`     ✗ ${one.what}: ${one.operationId ?? ''} ${one.text}`);
      // What is wrong stays wrong: later rounds would only repeat it.
      if (found.length > 0) break;
    }
    if (running.checkAll && !bad() && results.length > 0) {
      await becomesQuiet(() => unrest(stack), LAST_QUIET_MS);
      const found = await running.checkAll();
      for (const one of found) line(`     ✗ at the end, ${one.what}: ${one.operationId ?? ''} ${one.text}`);
      results.at(-1)?.violations.push(...found);
    }
    const crashes = Object.values(stack.parts).map((part) => [part.spec.name, part.crashes]);
    line(`\n${table(results, scenario.columns)}`);
    line(
      `\n${results.length} rounds, seed ${seed}, ${load.acked.size} commands acked, ${load.refused} refused, ${load.repeats} repeated with the same key, ` +
        `${seconds(Date.now() - began)}; ended by themselves: ${
          crashes
            .filter(([, count]) => count !== 0)
            .map((one) => one.join(' '))
            .join(', ') || 'nothing'
        }`,
    );
    if (results.length < rounds) line(`Not all: ${rounds} rounds were asked for.`);
    keep ||= bad();
    if (bad())
      line(
        `Repeat it with: npm run chaos -- ${name} --rounds ${results.length} --seed ${seed}${chosen.join() !== scenario.kinds.join() ? ` --kinds ${chosen.join(',')}` : ''}${name === 'sales' ? ` --rate ${rate}` : ''}`,
      );
    return bad() || results.length === 0 || results.length < rounds ? 1 : 0;
  } catch (error) {
    keep = true;
    throw error;
  } finally {
    await stack.stop({ keep });
    if (keep) line(`Kept: ${stack.dir}`);
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    complain(error);
    process.exit(1);
  },
);
