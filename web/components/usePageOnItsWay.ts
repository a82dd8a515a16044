import { useLocation, useNavigation } from '@remix-run/react';
import { type MouseEvent, useEffect, useState } from 'react';

/** Pages that come sooner than this do not need a skeleton; one that flickers is worse than none. */
const afterMs = 150;

export interface PageOnItsWay {
  /** Of another page that was asked for. */
  path: string | null;
  /** It takes so long that its shape should be shown. */
  slow: boolean;
  /** For the `onClick` of a link to a page: its press is seen in the next picture, however busy the page is. */
  press(to: string): (event: MouseEvent) => void;
}

export function usePageOnItsWay(): PageOnItsWay {
  const { pathname, key } = useLocation();
  const { state, location } = useNavigation();
  const loading = state === 'loading' && location.pathname !== pathname ? location.pathname : null;
  const [slow, setSlow] = useState<string | null>(null);
  // The router tells of a page on its way when React finds time for it (a transition): too late for a press on a slow device.
  const [pressed, setPressed] = useState<string | null>(null);
  useEffect(() => setPressed(null), [loading, key]);
  useEffect(() => {
    setSlow(null);
    if (loading === null) return;
    const timer = window.setTimeout(() => setSlow(loading), afterMs);
    return () => window.clearTimeout(timer);
  }, [loading]);
  return {
    path: pressed ?? loading,
    slow: loading !== null && slow === loading,
    press: (to) => (event) => {
      // Anything else opens elsewhere, and this page stays.
      const here = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (here) setPressed(to);
    },
  };
}
