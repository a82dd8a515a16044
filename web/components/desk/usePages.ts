import { useCallback, useEffect, useRef, useState } from 'react';
import { readApi } from './api';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export type More = 'idle' | 'busy' | 'failed';

export interface Pages<T> extends Page<T> {
  more: More;
  showMore(): Promise<void>;
  /** Rows that are known by `keyOf` are seen as they are now; others are left out. */
  patch(items: readonly T[]): void;
  /** Rows that are new, on top. */
  prepend(items: readonly T[]): void;
}

/**
 * A list that is read by cursor: the first page as it was loaded, more behind it by wish. Another first page (another filter)
 * begins anew. `pathOf`: the question to the API for the page behind a cursor.
 */
export function usePages<T>(first: Page<T>, pathOf: (cursor: string) => string, keyOf: (item: T) => string): Pages<T> {
  const [page, setPage] = useState(first);
  const [more, setMore] = useState<More>('idle');
  const current = useRef(first);
  const key = useRef(keyOf);
  key.current = keyOf;
  useEffect(() => {
    current.current = first;
    setPage(first);
    setMore('idle');
  }, [first]);

  const showMore = async (): Promise<void> => {
    if (page.nextCursor === null) return;
    setMore('busy');
    const outcome = await readApi<Page<T>>(pathOf(page.nextCursor));
    // The filter changed while it was asked: this is of another list.
    if (current.current !== first) return;
    setMore(outcome.kind === 'ok' ? 'idle' : 'failed');
    if (outcome.kind !== 'ok') return;
    const { items, nextCursor } = outcome.value;
    setPage((before) => {
      const known = new Set(before.items.map(keyOf));
      return { items: [...before.items, ...items.filter((item) => !known.has(keyOf(item)))], nextCursor };
    });
  };
  const patch = useCallback((items: readonly T[]): void => {
    const fresh = new Map(items.map((item) => [key.current(item), item]));
    setPage((before) => ({ ...before, items: before.items.map((item) => fresh.get(key.current(item)) ?? item) }));
  }, []);
  const prepend = useCallback((items: readonly T[]): void => {
    setPage((before) => {
      const known = new Set(before.items.map(key.current));
      return { ...before, items: [...items.filter((item) => !known.has(key.current(item))), ...before.items] };
    });
  }, []);
  return { ...page, more, showMore, patch, prepend };
}
