import { useSyncExternalStore } from 'react';
import { ConnectionMonitor, type ConnectionState } from './connection';

const unknown: ConnectionState = { online: null, latencyMs: null };
let shared: ConnectionMonitor | undefined;

/** The page's one monitor. Browser only. */
export function connectionMonitor(): ConnectionMonitor {
  if (shared) return shared;
  const monitor = new ConnectionMonitor({
    ping: async (signal) => (await fetch('/livez', { cache: 'no-store', credentials: 'omit', signal })).ok,
    now: () => performance.now(),
    setTimer: (run, ms) => window.setTimeout(run, ms),
    clearTimer: (timer) => window.clearTimeout(timer as number),
  });
  window.addEventListener('offline', () => monitor.lost());
  window.addEventListener('online', () => monitor.check());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && monitor.check());
  shared = monitor;
  return monitor;
}

/** Whether the server answers, and how fast. */
export function useConnection(): ConnectionState {
  return useSyncExternalStore(
    (listener) => connectionMonitor().subscribe(listener),
    () => connectionMonitor().snapshot(),
    () => unknown,
  );
}
