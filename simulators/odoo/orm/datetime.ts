/** PostgreSQL's `now() at time zone 'UTC'`: microseconds, of which RPC later shows only the seconds. */
export function timestamp(date: Date, micros: number): string {
  const text = date.toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 23)}${String(micros % 1000).padStart(3, '0')}`;
}

/**
 * A date or datetime out of a domain in the form that is stored (`YYYY-MM-DD HH:MM:SS.ffffff`, UTC), so that texts
 * compare as times do. Takes a date alone, `T`, `Z` and an offset. Null when it is not a date.
 */
export function canonicalDatetime(text: string, type: 'date' | 'datetime'): string | null {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?(Z|[+-]\d\d:?\d\d)?)?$/.exec(
    text.trim(),
  );
  if (!parts) return null;
  const [, day = '', clock = '00:00:00', fraction = '', zone] = parts;
  if (type === 'date') return day;
  const seconds = clock.length === 5 ? `${clock}:00` : clock;
  const local = `${day} ${seconds}`;
  if (!zone || zone === 'Z' || /^[+-]00:?00$/.test(zone)) return `${local}.${fraction.padEnd(6, '0')}`;
  const moment = new Date(`${day}T${seconds}${zone}`);
  const shifted = moment.toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 19)}.${fraction.padEnd(6, '0')}`;
}
