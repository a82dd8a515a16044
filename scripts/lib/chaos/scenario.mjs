/**
 * What chaos is made among: a load, the faults that can meet it, and what must hold when all is quiet again.
 *
 * @typedef {object} Scenario
 * @property {Record<string, unknown>} faults
 * @property {string[]} kinds that a run without `--kinds` takes
 * @property {import('./check.mjs').Wrong[]} columns of the table, for what must not be; the rest is counted together
 * @property {(stack: import('./stack.mjs').Stack, options: {rate: number}) => Promise<Running>} start
 *
 * @typedef {object} Running
 * @property {Counted} load
 * @property {(random: import('./random.mjs').Random) => Promise<void>} work of one round
 * @property {(kind: string, random: import('./random.mjs').Random) => Promise<void>} inject holds a fault for a while and takes it away again
 * @property {() => Promise<number | undefined>} [unrest] what the end of a round waits for, when that is less than all that is open; undefined while
 *   PostgreSQL does not answer
 * @property {() => Promise<import('./check.mjs').Violation[]>} check of what the round did
 * @property {() => Promise<import('./check.mjs').Violation[]>} [checkAll] of all rounds together, once, at the end
 *
 * @typedef {object} Counted what people were told
 * @property {{readonly size: number}} acked
 * @property {string[]} doubled
 * @property {string[]} odd
 * @property {string[]} unanswered
 * @property {number} refused
 * @property {number} repeats
 */
export {};
