import { useCallback, useEffect, useState } from 'react';

/** A page that is being reloaded lets go in less. */
const patienceMs = 1_200;

/**
 * One tab of a device sells: two would have one cart, and neither would know of the other's sale. `mine` null = not known yet;
 * `take` makes this the one. Without Web Locks (insecure origin) every tab is.
 */
export function useOnlyTab(name: string): { mine: boolean | null; take: () => void } {
  const [mine, setMine] = useState<boolean | null>(null);
  /** How often this tab took the place of another. */
  const [takes, setTakes] = useState(0);
  useEffect(() => {
    if (!navigator.locks) return setMine(true);
    let here = true;
    let letGo = (): void => undefined;
    const leave = new AbortController();
    const tell = (is: boolean): void => {
      if (here) setMine(is);
    };
    const timer = window.setTimeout(() => tell(false), patienceMs);
    const hold = (): Promise<void> => {
      window.clearTimeout(timer);
      tell(true);
      return new Promise((resolve) => {
        letGo = resolve;
        if (!here) resolve();
      });
    };
    // Either it waits in line, or it takes the place of whoever has it; who loses it hears of it by a rejection.
    const asked = navigator.locks.request(name, takes > 0 ? { steal: true } : { signal: leave.signal }, hold);
    asked.catch(() => tell(false));
    return () => {
      here = false;
      window.clearTimeout(timer);
      leave.abort();
      letGo();
    };
  }, [name, takes]);
  return { mine, take: useCallback(() => setTakes((before) => before + 1), []) };
}
