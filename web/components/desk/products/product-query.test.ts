import { noProductFilters, productFiltersOf, productQueryOf, productSearchOf } from './product-query';

const read = (search: string) => productFiltersOf(new URLSearchParams(search));

it('an address becomes filters and the same address again', () => {
  const siteId = '0190a000-0000-7000-8000-000000000001';
  const search = `?q=polera&siteId=${siteId}&category=Ropa+de+ni%C3%B1o&state=withdrawn`;
  expect(read(search)).toEqual({ q: 'polera', siteId, category: 'Ropa de niño', state: 'withdrawn' });
  expect(productSearchOf(read(search))).toBe(search);
  expect(productSearchOf(noProductFilters)).toBe('');
});

it('what an address says that is no filter is none', () => {
  expect(read('?siteId=1&state=sold&q=%20&category=')).toEqual(noProductFilters);
  expect(productQueryOf(read('?state=on_sale'))).toEqual({});
});
