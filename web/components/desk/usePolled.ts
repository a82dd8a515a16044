import { useEffect, useRef, useState } from 'react';
import { refreshApi } from './api';
import { InOrder } from './in-order';

export interface Polled<T> {
  value: T;
  /** When it was last answered, ms. */
  at: number;
  /** The last question got no answer: what is shown is old. */
  silent: boolean;
}

/** What the server rendered, asked for again every `everyMs` while the page is seen. */
export function usePolled<T>(path: string, loaded: { value: T; at: number }, everyMs: number): Polled<T> {
  const [seen, setSeen] = useState<Polled<T>>({ ...loaded, silent: false });
  const asking = useRef(false);
  const [order] = useState(() => new InOrder());
  const { value, at } = loaded;
  // Loaded again (another filter, a command of one's own): that is the newest. When it was loaded tells so; the value may be
  // put together anew with every render, which must not begin another one.
  useEffect(() => {
    order.renew();
    setSeen({ value, at, silent: false });
  }, [at]);
  useEffect(() => {
    const ask = async (): Promise<void> => {
      if (asking.current || document.visibilityState === 'hidden') return;
      asking.current = true;
      const isNewest = order.ask();
      const outcome = await refreshApi<T>(path);
      asking.current = false;
      if (!isNewest()) return;
      setSeen((before) =>
        outcome.kind === 'ok' ? { value: outcome.value, at: Date.now(), silent: false } : { ...before, silent: true },
      );
    };
    const look = (): void => void ask();
    const timer = window.setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [path, everyMs]);
  return seen;
}
