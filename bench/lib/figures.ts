import { build, type Histogram } from 'hdr-histogram-js';

/** Durations of one run in ms, in an HDR histogram of microseconds with three digits. */
export class Durations {
  private readonly histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  });

  add(ms: number): void {
    this.histogram.recordValue(Math.max(0, Math.round(ms * 1000)));
  }

  /** @param percent 50, 95, 99 … @returns ms */
  at(percent: number): number {
    return this.histogram.getValueAtPercentile(percent) / 1000;
  }

  get count(): number {
    return this.histogram.totalCount;
  }
}

/** @param values ms @returns the same values as a histogram */
export function durationsOf(values: readonly number[]): Durations {
  const durations = new Durations();
  for (const value of values) durations.add(value);
  return durations;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const digits = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1));

/** One figure of several runs: the median of the runs and, in brackets, the smallest and largest. */
export function spread(values: readonly number[], unit = ''): string {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length === 0) return '–';
  const tail = unit === '' ? '' : ` ${unit}`;
  const of = digits(median(known));
  if (known.length === 1) return `${of}${tail}`;
  return `${of}${tail} (${digits(Math.min(...known))} … ${digits(Math.max(...known))})`;
}
