import { useLocation } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import { type Page, type Pages, usePages } from './usePages';

/** Lists that were left for a detail, by the history entry. */
const left = new Map<string, Page<unknown>>();
const mostLeft = 5;

/** Something of what they show has changed: coming back reads them anew. */
export function forgetPages(): void {
  left.clear();
}

/** `usePages`, and coming back from a detail finds every page that was open, and so its place. */
export function useKeptPages<T>(
  first: Page<T>,
  pathOf: (cursor: string) => string,
  keyOf: (item: T) => string,
): Pages<T> {
  const { key } = useLocation();
  const [kept] = useState(() => ({ of: first, page: left.get(key) as Page<T> | undefined }));
  // Until another list is loaded.
  const list = usePages(kept.of === first ? (kept.page ?? first) : first, pathOf, keyOf);
  const { items, nextCursor } = list;
  const now = useRef<Page<T>>({ items, nextCursor });
  useEffect(() => {
    now.current = { items, nextCursor };
  });
  useEffect(
    () => () => {
      left.delete(key);
      left.set(key, now.current);
      const oldest = left.keys().next().value;
      if (left.size > mostLeft && oldest !== undefined) left.delete(oldest);
    },
    [key],
  );
  return list;
}
