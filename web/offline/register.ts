/** Registers the service worker (built apps only; the development server has none). Failing is not fatal: online works without. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void navigator.serviceWorker.register('/sw.js', { scope: '/', updateViaCache: 'none' }).catch((error: unknown) => {
    console.warn('service worker not registered', error);
  });
}

/** Tells the worker to take a fresh copy of the picking screen (after a log-in), or to drop it (at log-out). */
export async function tellServiceWorker(message: 'keep-shell' | 'drop-shell'): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // A worker that never came is no reason to wait at log-out; after the log-in it may still be on its way.
  const registration =
    message === 'keep-shell' ? await navigator.serviceWorker.ready : await navigator.serviceWorker.getRegistration();
  registration?.active?.postMessage(message);
}
