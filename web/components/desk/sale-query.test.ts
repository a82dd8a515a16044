import { rangeOf, saleFiltersOf } from './sale-query';

const zone = 'America/Santiago';
const now = Date.parse('2026-11-25T15:00:00Z');
const filters = (search: string) => saleFiltersOf(new URLSearchParams(search));

describe('the filters of the list of sales', () => {
  it('are read from the address, without what it does not understand', () => {
    expect(filters('kind=void&date=week&q=%20123%20&siteId=x&day=2026-13-40')).toEqual({
      siteId: null,
      registerId: null,
      kind: 'void',
      q: '123',
      date: 'week',
      day: null,
    });
    expect(filters('day=2026-11-20&date=today')).toMatchObject({ day: '2026-11-20', date: null });
  });

  it.each([
    ['', null, null],
    ['date=today', '2026-11-25T03:00:00.000Z', null],
    ['date=yesterday', '2026-11-24T03:00:00.000Z', '2026-11-25T03:00:00.000Z'],
    ['date=week', '2026-11-19T03:00:00.000Z', null],
    ['date=month', '2026-10-27T03:00:00.000Z', null],
    ['day=2026-11-20', '2026-11-20T03:00:00.000Z', '2026-11-21T03:00:00.000Z'],
  ])('«%s» lies between %s and %s', (search, from, to) => {
    expect(rangeOf(filters(search), now, zone)).toEqual({ from, to });
  });
});
