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
  /** Compensation: first and longest pause, and how often. */
  undoInitialMs: number;
  undoMaximumMs: number;
  undoAttempts: number;
  /** A worker that dies is noticed after this. */
  heartbeatMs: number;
}

export const defaultTiming: Timing = {
  retryInitialMs: 500,
  retries: 3,
  farNetMs: 10 * 60_000,
  undoInitialMs: 2_000,
  undoMaximumMs: 60_000,
  undoAttempts: 20,
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

/** Undoing goes on for long, because what is left half-done needs a person; then it says what is left. */
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

/** Our own database: always worth another try, for as long as the workflow lives. */
export const projection: LocalActivityOptions = {
  startToCloseTimeout: 20_000,
  retry: { initialInterval: 200, backoffCoefficient: 2, maximumInterval: 10_000 },
};
