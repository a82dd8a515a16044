import { Context } from '@temporalio/activity';

/** A long activity says that its worker lives this often within its heartbeat time-out. */
const beats = 4;

/** Runs `work` with heartbeats; its signal aborts when the workflow cancels or the worker shuts down. */
export async function withHeartbeat<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const timeoutMs = context.info.heartbeatTimeoutMs ?? 60_000;
  const timer = setInterval(() => context.heartbeat(), timeoutMs / beats);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}
