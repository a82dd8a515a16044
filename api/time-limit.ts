export interface TimeLimit {
  /** What `work` comes to; rejects with `late()` when that takes longer than the limit. The work itself goes on. */
  within<T>(work: Promise<T>): Promise<T>;
}

interface Waiting {
  /** ms, as `performance.now`. */
  until: number;
  giveUp(): void;
}

/**
 * A limit for what is asked a thousand times a second. One timer serves all who wait, in the order in which they came: a timer and an
 * abort signal for each request, as of Fastify's `handlerTimeout`, took a fourteenth of the checkout's time.
 */
export function createTimeLimit(limitMs: number, late: () => Error): TimeLimit {
  // In order of arrival, so the first is always the next to be late.
  const waiting = new Set<Waiting>();
  let watched = false;

  function watch(delayMs: number): void {
    watched = true;
    setTimeout(look, delayMs).unref();
  }

  function look(): void {
    const now = performance.now();
    for (const one of waiting) {
      if (one.until > now) return watch(one.until - now);
      waiting.delete(one);
      one.giveUp();
    }
    watched = false;
  }

  return {
    within: (work) =>
      new Promise((resolve, reject) => {
        const one = { until: performance.now() + limitMs, giveUp: () => reject(late()) };
        waiting.add(one);
        if (!watched) watch(limitMs);
        work.then(
          (result) => {
            waiting.delete(one);
            resolve(result);
          },
          (error: unknown) => {
            waiting.delete(one);
            reject(error as Error);
          },
        );
      }),
  };
}
