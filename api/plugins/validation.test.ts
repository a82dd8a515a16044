import { findUnstorable, isInstant } from './validation';

describe('instants', () => {
  it.each([
    '2026-11-22T05:09:07Z',
    '2026-11-22T05:09:07.123456-03:00',
    '0001-01-01T00:00:00+14:00',
    '2024-02-29T00:00:00Z',
    '2000-02-29T00:00:00Z',
  ])('%s is one', (text) => {
    expect(isInstant(text)).toBe(true);
  });

  it.each([
    '0491-07-11T07:44:23+20:52',
    '0000-01-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-02-30T10:00:00Z',
    '2026-02-29T10:00:00Z',
    '1900-02-29T10:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-04-00T10:00:00Z',
    '2026-11-22',
    '2026-11-22T05:09:07',
    '2026-11-22 05:09:07Z',
  ])('%s is none', (text) => {
    expect(isInstant(text)).toBe(false);
  });
});

describe('text that could not be stored', () => {
  it.each<[unknown, string | null]>([
    ['a\u0000b', 'body'],
    [{ a: ['x', { b: '\ud800' }] }, 'body/a/1/b'],
    [{ 'k\u0000': 1 }, 'body'],
    [{ a: '😀 ñandú', b: 7, c: null, d: true }, null],
    [undefined, null],
  ])('in %j is found at %s', (value, path) => {
    expect(findUnstorable(value, 'body')).toBe(path);
  });
});
