import { retryAfterMs } from './retry-after';

const now = Date.parse('Sun, 22 Nov 2026 02:00:00 GMT');

test.each([
  ['seconds', '120', 120_000],
  ['fractions of a second', '1.5', 1_500],
  ['a date', 'Sun, 22 Nov 2026 02:00:30 GMT', 30_000],
  ['a date that has passed', 'Sun, 22 Nov 2026 01:00:00 GMT', 0],
  ['a date of another year, by a wrong clock', 'Mon, 22 Nov 2027 02:00:00 GMT', 3_600_000],
  ['the first of several', ['5', '9'], 5_000],
  ['words', 'soon', undefined],
  ['a negative number', '-5', undefined],
  ['nothing', '', undefined],
  ['no header', undefined, undefined],
])('%s', (_what, header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
