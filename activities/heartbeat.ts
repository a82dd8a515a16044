import { Context } from '@temporalio/activity';

/** How often a long activity says that its worker lives; the heartbeat time-out of the profiles is several times this. */
const everyMs = 4_000;

/** Runs `work` with heartbeats; its signal aborts when the workflow cancels or the worker shuts down. */
export async function withHeartbeat<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), everyMs);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}
