import { operationKinds, operationStates, type OperationKind, type OperationState } from '../../../domain/operation';
import { addDays, dayOf, isDay, startOfDay } from './days';

export const datePresets = ['today', 'yesterday', 'week', 'month'] as const;
export type DatePreset = (typeof datePresets)[number];

/** The filters of the list as its address carries them. */
export interface OperationFilters {
  state: OperationState | null;
  kind: OperationKind | null;
  siteId: string | null;
  userId: string | null;
  /** A preset stays true tomorrow; `from` and `to` are days of the business, both included. */
  date: DatePreset | null;
  from: string | null;
  to: string | null;
  q: string | null;
}

export const noFilters: OperationFilters = {
  state: null,
  kind: null,
  siteId: null,
  userId: null,
  date: null,
  from: null,
  to: null,
  q: null,
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function oneOf<T extends string>(choices: readonly T[], value: string | null): T | null {
  return choices.find((choice) => choice === value) ?? null;
}

/** Reads an address; what it does not understand is no filter. */
export function filtersOf(params: URLSearchParams): OperationFilters {
  const id = (name: string) => (uuid.test(params.get(name) ?? '') ? params.get(name) : null);
  const day = (name: string) => (isDay(params.get(name)) ? params.get(name) : null);
  return {
    state: oneOf(operationStates, params.get('state')),
    kind: oneOf(operationKinds, params.get('kind')),
    siteId: id('siteId'),
    userId: id('userId'),
    date: oneOf(datePresets, params.get('date')),
    from: day('from'),
    to: day('to'),
    q: params.get('q')?.trim().slice(0, 100) || null,
  };
}

/** The address of these filters; without those that are not set. */
export function searchOf(filters: OperationFilters): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (typeof value === 'string') params.set(name, value);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

export function countFilters(filters: OperationFilters): number {
  const { from, to, ...others } = filters;
  const range = from !== null || to !== null ? 1 : 0;
  return Object.values(others).filter((value) => value !== null).length + range;
}

/** The days of a preset, both included. */
function daysOf(filters: OperationFilters, today: string): { from: string | null; to: string | null } {
  switch (filters.date) {
    case 'today':
      return { from: today, to: null };
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case 'week':
      return { from: addDays(today, -6), to: null };
    case 'month':
      return { from: addDays(today, -29), to: null };
    case null:
      return { from: filters.from, to: filters.to };
  }
}

/** What the API is asked for these filters. */
export function queryOf(filters: OperationFilters, now: number, timeZone: string) {
  const { from, to } = daysOf(filters, dayOf(now, timeZone));
  const { state, kind, siteId, userId, q } = filters;
  return {
    ...(state !== null && { state }),
    ...(kind !== null && { kind }),
    ...(siteId !== null && { siteId }),
    ...(userId !== null && { userId }),
    ...(q !== null && { q }),
    ...(from !== null && { from: startOfDay(from, timeZone) }),
    ...(to !== null && { to: startOfDay(addDays(to, 1), timeZone) }),
  };
}

/** The same as the query string of GET /operations. */
export function apiSearch(filters: OperationFilters, now: number, timeZone: string, cursor?: string): string {
  const params = new URLSearchParams(queryOf(filters, now, timeZone));
  if (cursor !== undefined) params.set('cursor', cursor);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
