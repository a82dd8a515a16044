import type { Today } from '../../../api/sales/schemas';

/** What a shop's day mostly spans; hours beyond are shown when something was sold in them. */
const opens = 9;
const closes = 20;

export interface HourPair {
  hour: number;
  now: { count: number; total: number };
  before: { count: number; total: number };
}

/** The hours of a day beside those of another, without gaps. */
export function hoursOf(now: Today['byHour'], before: Today['byHour']): HourPair[] {
  const known = [...now, ...before].map(({ hour }) => hour);
  const first = Math.min(opens, ...known);
  const last = Math.max(closes, ...known);
  const of = (hours: Today['byHour'], hour: number) => {
    const found = hours.find((one) => one.hour === hour);
    return { count: found?.count ?? 0, total: found?.total.amount ?? 0 };
  };
  return Array.from({ length: last - first + 1 }, (_, at) => first + at).map((hour) => ({
    hour,
    now: of(now, hour),
    before: of(before, hour),
  }));
}

/** What was sold of a day before an hour was over: of the hour that is running, its share. */
export function soldBy(
  day: Today['byHour'],
  clock: { hour: number; minute: number },
): { count: number; total: number } {
  return day.reduce(
    (sum, { hour, count, total }) => {
      const share = hour < clock.hour ? 1 : hour === clock.hour ? clock.minute / 60 : 0;
      return { count: sum.count + Math.round(count * share), total: sum.total + Math.round(total.amount * share) };
    },
    { count: 0, total: 0 },
  );
}

/** Round numbers from zero to at least `most`, at most five steps: what an axis is marked with. */
export function ticksOf(most: number): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((one) => one >= rough) ?? rough);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, at) => at * step);
}
