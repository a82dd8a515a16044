import { documentKinds, type DocumentKind } from '../../../domain/till';
import { addDays, dayOf, startOfDay } from './days';
import { filterOf } from './list-query';
import { type DatePreset, datePresets } from './operation-query';

/** The filters of the list of sales as its address carries them. */
export interface SaleFilters {
  siteId: string | null;
  registerId: string | null;
  kind: DocumentKind | null;
  q: string | null;
  /** A preset stays true tomorrow; a day is that day. */
  date: DatePreset | null;
  day: string | null;
}

export function saleFiltersOf(params: URLSearchParams): SaleFilters {
  const filter = filterOf(params);
  const day = filter.day('day');
  return {
    siteId: filter.id('siteId'),
    registerId: filter.id('registerId'),
    kind: filter.oneOf('kind', documentKinds),
    q: filter.text('q'),
    date: day === null ? filter.oneOf('date', datePresets) : null,
    day,
  };
}

export interface SaleRange {
  from: string | null;
  to: string | null;
}

/** The instants between which the days of the filter lie, in the business's time zone. */
export function rangeOf({ date, day }: SaleFilters, now: number, timeZone: string): SaleRange {
  const today = dayOf(now, timeZone);
  const since = (first: string): SaleRange => ({ from: startOfDay(first, timeZone), to: null });
  const on = (one: string): SaleRange => ({
    from: startOfDay(one, timeZone),
    to: startOfDay(addDays(one, 1), timeZone),
  });
  if (day !== null) return on(day);
  switch (date) {
    case 'today':
      return since(today);
    case 'yesterday':
      return on(addDays(today, -1));
    case 'week':
      return since(addDays(today, -6));
    case 'month':
      return since(addDays(today, -29));
    case null:
      return { from: null, to: null };
  }
}

/** The question to the API. */
export function saleQueryOf(filters: SaleFilters, now: number, timeZone: string) {
  const { siteId, registerId, kind, q } = filters;
  return { siteId, registerId, kind, q, ...rangeOf(filters, now, timeZone) };
}
