/**
 * One lock over «whose session is this»: sending queued moves and changing the session (log-in, log-out, refresh) exclude
 * one another over all tabs, so that nobody's move is ever sent with another person's cookie.
 */
export const sessionLock = 'nervio-session';

/** Runs alone over all tabs. Without Web Locks (insecure origin, old browser) it just runs; the server de-duplicates. */
export async function withSessionLock<T>(work: () => Promise<T>): Promise<T> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work();
  return (await navigator.locks.request(sessionLock, work)) as T;
}
