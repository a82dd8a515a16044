import { addDays, dayOf, isDay, startOfDay } from './days';

const chile = 'America/Santiago';

describe('days of a time zone', () => {
  it('an instant belongs to the day of the shop, not of Greenwich', () => {
    expect(dayOf(Date.parse('2026-11-22T02:59:00Z'), chile)).toBe('2026-11-21');
    expect(dayOf(Date.parse('2026-11-22T03:00:00Z'), chile)).toBe('2026-11-22');
  });

  it.each([
    ['2026-11-22', '2026-11-22T03:00:00.000Z'], // summer, UTC−3
    ['2026-07-01', '2026-07-01T04:00:00.000Z'], // winter, UTC−4
    ['2026-04-05', '2026-04-05T04:00:00.000Z'], // the night in which summer ends
  ])('%s begins at %s', (day, begin) => {
    expect(startOfDay(day, chile)).toBe(begin);
  });

  it('a midnight that the clocks jump over begins with the jump', () => {
    const begin = startOfDay('2026-09-06', chile);
    expect(dayOf(Date.parse(begin), chile)).toBe('2026-09-06');
    expect(dayOf(Date.parse(begin) - 1000, chile)).toBe('2026-09-05');
  });

  it('adds days across months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  });

  it('knows a day from other text', () => {
    expect(isDay('2026-11-22')).toBe(true);
    for (const text of ['2026-13-01', 'today', '', null, '2026-1-1']) expect(isDay(text)).toBe(false);
  });
});
