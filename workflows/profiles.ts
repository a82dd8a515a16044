import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/**
 * Every time-out and retry of the workflows, by name and with its reason. Durations are ms. Workflows take them as an
 * input with these defaults, so that a test can make them short.
 */
export interface Timing {
  /** First pause between quick retries; each next is twice as long. */
  retryInitialMs: number;
  /** Quick retries after the first try; then the operation waits. */
  retries: number;
  /** A waiting workflow looks by itself after this, plus up to a quarter more: thousands of short timers starve the server. */
  farNetMs: number;
  /** What waits is looked at again after this, once the circuit is closed. */
  wakeMs: number;
  /** The same when the trouble is our own, which is over sooner: the first pause; each next is twice as long, up to `wakeMs`. */
  ownWakeMs: number;
  /** Compensation: first and longest pause between quick tries, and how many; then it waits. */
  undoInitialMs: number;
  undoMaximumMs: number;
  undoAttempts: number;
  /** How often an undo waits although Odoo is there; then it asks for attention. While Odoo is away it waits on. */
  undoRounds: number;
  /** A worker that dies is noticed after this. */
  heartbeatMs: number;
}

export const defaultTiming: Timing = {
  retryInitialMs: 500,
  retries: 3,
  farNetMs: 10 * 60_000,
  wakeMs: 30_000,
  ownWakeMs: 2_000,
  undoInitialMs: 2_000,
  undoMaximumMs: 60_000,
  undoAttempts: 4,
  undoRounds: 20,
  heartbeatMs: 15_000,
};

/**
 * Calls that change something outside. Odoo repeats a conflict by itself for up to 80 s, so one call may take 110 s, and
 * a transfer is several. Repeating is safe: the step function resumes from the state that it finds.
 */
export const write = (timing: Timing): ActivityOptions => ({
  startToCloseTimeout: 10 * 60_000,
  heartbeatTimeout: timing.heartbeatMs,
  retry: { initialInterval: timing.retryInitialMs, backoffCoefficient: 2, maximumAttempts: timing.retries + 1 },
});

/** Undoing goes on for long, in rounds with pauses between, because what is left half-done needs a person. */
export const compensation = (timing: Timing): ActivityOptions => ({
  startToCloseTimeout: 10 * 60_000,
  heartbeatTimeout: timing.heartbeatMs,
  retry: {
    initialInterval: timing.undoInitialMs,
    backoffCoefficient: 2,
    maximumInterval: timing.undoMaximumMs,
    maximumAttempts: timing.undoAttempts,
  },
});

/**
 * Mails of up to some hundred sales. A mail server that is away is met in the activity, which lets those sales wait; what
 * is repeated here is only trouble of our own and a worker that died.
 */
export const mail = (timing: Timing): ActivityOptions => ({
  startToCloseTimeout: 30 * 60_000,
  heartbeatTimeout: timing.heartbeatMs,
  retry: { initialInterval: timing.retryInitialMs, backoffCoefficient: 2, maximumInterval: 30_000 },
});

/** A mail that somebody asked for and nobody waits for: tried until it has an end, which it has after three days at the latest. */
export const lateMail = (timing: Timing): ActivityOptions => ({
  startToCloseTimeout: 3 * 60_000,
  heartbeatTimeout: timing.heartbeatMs,
  retry: { initialInterval: timing.wakeMs, backoffCoefficient: 2, maximumInterval: timing.wakeMs * 10 },
});

/**
 * Long work in our own database, part by part: a worker that dies is noticed by its heartbeat, and another goes on. Trouble that
 * lasts longer than some minutes needs a person, who may retry.
 */
export const bulk = (timing: Timing): ActivityOptions => ({
  startToCloseTimeout: 4 * 60 * 60_000,
  heartbeatTimeout: timing.heartbeatMs,
  retry: {
    initialInterval: timing.retryInitialMs,
    backoffCoefficient: 2,
    maximumInterval: timing.wakeMs,
    maximumAttempts: 15,
  },
});

/** Our own database: always worth another try, for as long as the workflow lives. */
export const projection: LocalActivityOptions = {
  startToCloseTimeout: 20_000,
  retry: { initialInterval: 200, backoffCoefficient: 2, maximumInterval: 10_000 },
};

/** How long something waits before it is looked at again. `round`: how often in a row it has had trouble of our own, from 1. */
export function pauseOf(
  trouble: { code: string; retryAfterMs?: number | undefined },
  round: number,
  timing: Timing,
): number {
  if (trouble.code === 'internal') return Math.min(timing.ownWakeMs * 2 ** (round - 1), timing.wakeMs);
  return Math.max(timing.wakeMs, trouble.retryAfterMs ?? 0);
}
