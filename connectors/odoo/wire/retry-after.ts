/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110 §10.2.3). Undefined when absent or
 * unreadable; never negative, at most one hour, so that a wrong clock does not park a connection for a day.
 */
export function retryAfterMs(header: string | string[] | undefined, now: number = Date.now()): number | undefined {
  const value = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!value) return undefined;
  // Date.parse takes almost anything for a date, "-5" too; an HTTP date has a time of day.
  const wait = /^\d+(\.\d+)?$/.test(value)
    ? Number(value) * 1000
    : /\d:\d/.test(value)
      ? Date.parse(value) - now
      : Number.NaN;
  if (Number.isNaN(wait)) return undefined;
  return Math.min(Math.max(Math.round(wait), 0), 3_600_000);
}
