import { setTimeout as pause } from 'node:timers/promises';

/** Epoch ms with a fraction. */
export const now = (): number => performance.timeOrigin + performance.now();

/**
 * Starts `work` at a fixed rate, whether or not earlier ones have ended; each gets the time at which it was meant to start,
 * from which its latency counts (so that a stall of the system is not hidden by a load that waits for it).
 */
export async function openLoop<T>(
  count: number,
  everyMs: number,
  work: (index: number, intended: number) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const begin = now() + everyMs;
  const under: Promise<T>[] = [];
  for (let index = 0; index < count; index++) {
    const intended = begin + index * everyMs;
    const left = intended - now();
    if (left > 0) await pause(left);
    const task = work(index, intended);
    // Looked at when all have ended.
    task.catch(() => undefined);
    under.push(task);
  }
  return Promise.allSettled(under);
}
