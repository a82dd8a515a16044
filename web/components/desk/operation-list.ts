import type { OperationChange, OperationSummary } from '../../../domain/operation';

export interface OperationPage {
  items: OperationSummary[];
  nextCursor: string | null;
}

/** What the list shows. Rows keep their place: what changes changes where it stands, what is new waits in `fresh`. */
export interface ListState {
  items: OperationSummary[];
  nextCursor: string | null;
  /** Came while the person was reading; newest first. */
  fresh: OperationSummary[];
  /** More came than one page holds: showing them starts the list anew with this page. */
  renewed: OperationPage | null;
}

export function listOf(page: OperationPage): ListState {
  return { items: page.items, nextCursor: page.nextCursor, fresh: [], renewed: null };
}

const newestFirst = (a: OperationSummary, b: OperationSummary): number => b.number - a.number;

/** Versions order what is known of an operation; the feed may repeat, and answers may overtake one another. */
function newer(known: OperationSummary, seen: OperationSummary): OperationSummary {
  return seen.version >= known.version ? seen : known;
}

/** The next page, below what is there. */
export function append(list: ListState, page: OperationPage): ListState {
  const known = new Set(list.items.map(({ id }) => id));
  return {
    ...list,
    items: [...list.items, ...page.items.filter(({ id }) => !known.has(id))],
    nextCursor: page.nextCursor,
  };
}

/** A change of state, at once; the sentence of an error comes with the next refresh. */
export function change(list: ListState, seen: OperationChange): ListState {
  const patch = (row: OperationSummary): OperationSummary =>
    row.id !== seen.operationId || row.version >= seen.version
      ? row
      : {
          ...row,
          state: seen.state,
          step: seen.step,
          attempt: seen.attempt,
          version: seen.version,
          updatedAt: seen.at,
          error: seen.state === 'waiting' || seen.state === 'needs_attention' ? row.error : null,
        };
  return { ...list, items: list.items.map(patch), fresh: list.fresh.map(patch) };
}

/** The first page as it is now: rows that are there are renewed in place, others wait in `fresh`. */
export function refresh(list: ListState, page: OperationPage): ListState {
  const seen = new Map(page.items.map((row) => [row.id, row]));
  const items = list.items.map((row) => newer(row, seen.get(row.id) ?? row));
  const known = new Set(items.map(({ id }) => id));
  const came = page.items.filter(({ id }) => !known.has(id));
  const stay = list.fresh.filter(({ id }) => !came.some((row) => row.id === id));
  const gap = page.nextCursor !== null && page.items.length > 0 && came.length === page.items.length;
  return { ...list, items, fresh: [...came, ...stay].sort(newestFirst), renewed: gap ? page : null };
}

/** One row as it is now. */
export function renew(list: ListState, row: OperationSummary): ListState {
  return { ...list, items: list.items.map((known) => (known.id === row.id ? newer(known, row) : known)) };
}

/** Takes in what waits in `fresh`. */
export function show(list: ListState): ListState {
  if (list.renewed) return listOf(list.renewed);
  return { ...list, items: [...list.fresh, ...list.items].sort(newestFirst), fresh: [] };
}
