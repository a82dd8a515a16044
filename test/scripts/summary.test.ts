import { summary } from '../../scripts/lib/summary.mjs';

const results = (numbers: object) => ({
  numPassedTests: 5,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  ...numbers,
});
const well = { broken: 0, code: 0 };

describe('the closing line of a test run', () => {
  it.each([
    ['all green', results({}), well, '5 passed, 0 failed', true],
    ['a failed test', results({ numFailedTests: 2 }), { broken: 0, code: 1 }, '5 passed, 2 failed', false],
    [
      'a suite that does not load',
      results({ numRuntimeErrorTestSuites: 1 }),
      { broken: 0, code: 1 },
      '5 passed, 1 failed',
      false,
    ],
    ['a build that failed', results({}), { broken: 1, code: 0 }, '5 passed, 1 failed', false],
    ['a Jest that ended badly with green tests', results({}), { broken: 0, code: 1 }, '5 passed, 1 failed', false],
    ['a Jest that wrote nothing', undefined, well, '0 passed, 1 failed', false],
    [
      'skipped and planned tests',
      results({ numPendingTests: 1, numTodoTests: 1 }),
      well,
      '5 passed, 0 failed, 2 skipped',
      true,
    ],
  ])('tells of %s', (_, written, run, text, ok) => {
    expect(summary(written, run)).toEqual({ text, ok });
  });
});
