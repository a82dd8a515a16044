import { useEffect } from 'react';

/** Soon enough for the next press, late enough not to stand in the way of the screen that was asked for. */
const afterMs = 1_500;

/**
 * Reads the code of the desk's screens when there is time. A press then needs nothing but their data; and where that does not
 * come, the screen itself says so, in its shell, instead of a page that cannot be loaded.
 */
export function usePagesAtHand(): void {
  useEffect(() => {
    const timer = window.setTimeout(() => {
      for (const [id, { module }] of Object.entries(window.__remixManifest.routes))
        // What does not come now comes with the press.
        if (id.startsWith('routes/desk.')) import(/* @vite-ignore */ module).catch(() => undefined);
    }, afterMs);
    return () => window.clearTimeout(timer);
  }, []);
}
