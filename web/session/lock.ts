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

/** Somebody waits for the lock, in this tab or another: whoever holds it for long should let them in. */
export async function sessionLockWanted(): Promise<boolean> {
  if (typeof navigator === 'undefined' || !navigator.locks) return false;
  const { pending } = await navigator.locks.query();
  return pending?.some(({ name }) => name === sessionLock) ?? false;
}
