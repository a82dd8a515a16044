import { useLocation, useNavigation } from '@remix-run/react';
import { useEffect, useState } from 'react';

/** Pages that come sooner than this do not need a skeleton; one that flickers is worse than none. */
const afterMs = 150;

/** The path of another page that was asked for, at once; and whether it takes so long that its shape should be shown. */
export function usePageOnItsWay(): { path: string | null; slow: boolean } {
  const { pathname } = useLocation();
  const { state, location } = useNavigation();
  const path = state === 'loading' && location.pathname !== pathname ? location.pathname : null;
  const [slow, setSlow] = useState<string | null>(null);
  useEffect(() => {
    setSlow(null);
    if (path === null) return;
    const timer = window.setTimeout(() => setSlow(path), afterMs);
    return () => window.clearTimeout(timer);
  }, [path]);
  return { path, slow: path !== null && slow === path };
}
