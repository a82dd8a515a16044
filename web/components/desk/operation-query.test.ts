import { apiSearch, countFilters, filtersOf, queryOf, searchOf } from './operation-query';

const noon = Date.parse('2026-11-22T15:00:00Z');
const chile = 'America/Santiago';
const read = (search: string) => filtersOf(new URLSearchParams(search));

describe('filters in the address', () => {
  it('survive the way there and back', () => {
    const search = '?state=waiting&siteId=01990000-0000-7000-8000-00000000de30&date=week&q=PACK0001234';
    expect(searchOf(read(search))).toBe(search);
  });

  it('that nobody understands are no filters', () => {
    expect(countFilters(read('state=lost&kind=x&siteId=1&from=yesterday&date=never&q=%20%20'))).toBe(0);
  });

  it('a range of days counts once', () => {
    expect(countFilters(read('from=2026-11-01&to=2026-11-02&q=5'))).toBe(2);
  });

  it('the day that ends a range is part of it', () => {
    expect(queryOf(read('from=2026-11-01&to=2026-11-02'), noon, chile)).toEqual({
      from: '2026-11-01T03:00:00.000Z',
      to: '2026-11-03T03:00:00.000Z',
    });
  });

  it('yesterday is one day of the business', () => {
    expect(queryOf(read('date=yesterday'), noon, chile)).toEqual({
      from: '2026-11-21T03:00:00.000Z',
      to: '2026-11-22T03:00:00.000Z',
    });
  });

  it('a preset wins over days', () => {
    expect(queryOf(read('date=today&from=2020-01-01'), noon, chile)).toEqual({ from: '2026-11-22T03:00:00.000Z' });
  });

  it('are asked of the API with the page', () => {
    expect(apiSearch(read('state=synced'), noon, chile, 'abc')).toBe('?state=synced&cursor=abc');
    expect(apiSearch(read(''), noon, chile)).toBe('');
  });
});
