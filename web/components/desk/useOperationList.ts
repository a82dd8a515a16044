import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { useLocation } from '@remix-run/react';
import type { OperationChange, OperationState, OperationSummary } from '../../../domain/operation';
import { readApi, refreshApi } from './api';
import { append, change, listOf, type ListState, type OperationPage, refresh, renew, show } from './operation-list';
import { apiSearch, type OperationFilters, searchOf } from './operation-query';
import { useFeed } from './useFeed';

type Action =
  | { type: 'replace'; list: ListState }
  | { type: 'append' | 'refresh'; page: OperationPage }
  | { type: 'change'; change: OperationChange }
  | { type: 'renew'; row: OperationSummary }
  | { type: 'show' };

function reduce(list: ListState, action: Action): ListState {
  switch (action.type) {
    case 'replace':
      return action.list;
    case 'append':
      return append(list, action.page);
    case 'refresh':
      return refresh(list, action.page);
    case 'change':
      return change(list, action.change);
    case 'renew':
      return renew(list, action.row);
    case 'show':
      return show(list);
  }
}

/** Lists that were left for a detail, by the history entry, so that coming back finds every page and its place. */
const left = new Map<string, ListState>();
const mostLeft = 5;

/** A burst of changes is one question. */
const gatherMs = 400;
const soonMs = 30;
/** How often what is new asks whether it may come in. */
const lookMs = 1_000;

interface Input {
  page: OperationPage;
  filters: OperationFilters;
  timeZone: string;
  /** May rows move down now, or would they move away under the person's eyes or finger? */
  mayShift(): boolean;
  /** A row that is shown has another state than before, whichever way that was heard. */
  onState(row: OperationSummary): void;
  onFresh(count: number): void;
  /** Something changed: what is counted may have changed too. */
  onNews(): void;
}

/** The list of operations, live: what the server rendered, more pages below, changes in place, news beside it. */
export function useOperationList(input: Input) {
  const { key } = useLocation();
  const search = searchOf(input.filters);
  const [list, dispatch] = useReducer(reduce, input.page, (page) => left.get(key) ?? listOf(page));
  const [more, setMore] = useState<'idle' | 'busy' | 'failed'>('idle');
  const now = useRef({ list, input });
  useEffect(() => {
    now.current = { list, input };
  });

  // Another filter is another list; the same one again (back from a detail) goes on where it was.
  const shown = useRef({ page: input.page, search });
  useEffect(() => {
    if (shown.current.page === input.page) return;
    const same = shown.current.search === search;
    shown.current = { page: input.page, search };
    dispatch(same ? { type: 'refresh', page: input.page } : { type: 'replace', list: listOf(input.page) });
    setMore('idle');
  }, [input.page, search]);
  useEffect(() => {
    if (left.has(key)) dispatch({ type: 'refresh', page: now.current.input.page });
    return () => {
      left.delete(key);
      left.set(key, now.current.list);
      const oldest = left.keys().next().value;
      if (left.size > mostLeft && oldest !== undefined) left.delete(oldest);
    };
  }, [key]);

  const ask = useCallback(async () => {
    const asked = now.current.input;
    const outcome = await refreshApi<OperationPage>(
      `/operations${apiSearch(asked.filters, Date.now(), asked.timeZone)}`,
    );
    // The filter may have changed while the answer was on its way.
    if (outcome.kind === 'ok' && searchOf(now.current.input.filters) === searchOf(asked.filters)) {
      dispatch({ type: 'refresh', page: outcome.value });
    }
  }, []);

  const later = useRef<number | undefined>(undefined);
  const askedAt = useRef(0);
  // At once after a quiet while; in a storm of changes once in a while.
  const askSoon = useCallback(() => {
    later.current ??= window.setTimeout(
      () => {
        later.current = undefined;
        askedAt.current = performance.now();
        void ask();
        now.current.input.onNews();
      },
      Math.max(soonMs, askedAt.current + gatherMs - performance.now()),
    );
  }, [ask]);
  useEffect(() => () => window.clearTimeout(later.current), []);

  useFeed({
    onChange(seen) {
      const known = now.current.list.items.find(({ id }) => id === seen.operationId);
      dispatch({ type: 'change', change: seen });
      askSoon();
      // Below the first page nobody asks for it again: this one by itself.
      const below = known !== undefined && now.current.list.items.indexOf(known) >= 50;
      if (below) {
        void refreshApi<OperationSummary>(`/operations/${seen.operationId}`).then((outcome) => {
          if (outcome.kind === 'ok') dispatch({ type: 'renew', row: outcome.value });
        });
      }
    },
    onReset: askSoon,
  });

  const states = useRef(new Map<string, OperationState>());
  useEffect(() => {
    for (const row of list.items) {
      const before = states.current.get(row.id);
      if (before !== undefined && before !== row.state) now.current.input.onState(row);
    }
    states.current = new Map(list.items.map(({ id, state }) => [id, state]));
  }, [list.items]);

  const freshCount = list.fresh.length;
  useEffect(() => {
    if (freshCount === 0) return;
    now.current.input.onFresh(freshCount);
    const showIfNobodyReads = (): void => {
      const { list: shownNow, input: asked } = now.current;
      if (shownNow.items.length === 0 || asked.mayShift()) dispatch({ type: 'show' });
    };
    showIfNobodyReads();
    const timer = window.setInterval(showIfNobodyReads, lookMs);
    return () => window.clearInterval(timer);
  }, [freshCount]);

  const showMore = useCallback(async () => {
    const { nextCursor } = now.current.list;
    const asked = now.current.input;
    if (nextCursor === null) return;
    setMore('busy');
    const path = `/operations${apiSearch(asked.filters, Date.now(), asked.timeZone, nextCursor)}`;
    const outcome = await readApi<OperationPage>(path);
    if (searchOf(now.current.input.filters) !== searchOf(asked.filters)) return;
    if (outcome.kind === 'ok') dispatch({ type: 'append', page: outcome.value });
    setMore(outcome.kind === 'ok' ? 'idle' : 'failed');
  }, []);

  return { list, more, showMore, showFresh: useCallback(() => dispatch({ type: 'show' }), []) };
}
