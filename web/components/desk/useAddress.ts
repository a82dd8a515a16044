import { useNavigate, useSearchParams } from '@remix-run/react';
import { useCallback } from 'react';

/** Filters as the address carries them: `set` changes those that it names, at once; null takes one away. */
export function useAddress(): { params: URLSearchParams; set(change: Record<string, string | null>): void } {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const set = useCallback(
    (change: Record<string, string | null>): void => {
      // What the address says now, not what it said when this was rendered: two changes may come in one turn.
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(change)) {
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
      }
      void navigate({ search: next.toString() }, { replace: true, preventScrollReset: true });
    },
    [navigate],
  );
  return { params, set };
}
