import { Context } from '@temporalio/activity';

/** A long activity says that its worker lives this often within its heartbeat time-out. */
const beats = 4;

/** What the activity is at: shown in Temporal's UI while it runs. */
export type Tell = (details: Record<string, unknown>) => void;

/** Runs `work` with heartbeats; its signal aborts when the workflow cancels, has ended, or the worker shuts down. */
export async function withHeartbeat<T>(work: (signal: AbortSignal, tell: Tell) => Promise<T>): Promise<T> {
  const context = Context.current();
  const timeoutMs = context.info.heartbeatTimeoutMs ?? 60_000;
  let at: Record<string, unknown> | undefined;
  const timer = setInterval(() => context.heartbeat(at), timeoutMs / beats);
  try {
    return await work(context.cancellationSignal, (details) => {
      at = details;
    });
  } finally {
    clearInterval(timer);
  }
}
