const dayMs = 86_400_000;

/** The calendar day of an instant in a time zone: `2026-11-22`. */
export function dayOf(instant: number, timeZone: string): string {
  // The Swedish format is ISO's.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    instant,
  );
}

export function isDay(text: string | null | undefined): text is string {
  return (
    text !== null &&
    text !== undefined &&
    /^\d{4}-\d\d-\d\d$/.test(text) &&
    !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
  );
}

/** `days` later (or earlier), by the calendar. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** How far the clocks of a zone are ahead of UTC at an instant, ms. */
function offsetAt(instant: number, timeZone: string): number {
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(instant);
  return Date.parse(`${local.replace(' ', 'T')}Z`) - instant;
}

/** When a day begins in a time zone, as an instant. Where the clocks jump over midnight, the first moment after. */
export function startOfDay(day: string, timeZone: string): string {
  const asUtc = Date.parse(`${day}T00:00:00Z`);
  const first = asUtc - offsetAt(asUtc, timeZone);
  const begin = asUtc - offsetAt(first, timeZone);
  return new Date(dayOf(begin, timeZone) < day ? first : begin).toISOString();
}
