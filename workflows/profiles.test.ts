import { defaultTiming, pauseOf } from './profiles';

const second = 1_000;
const pause = (code: string, round = 1, retryAfterMs?: number) => pauseOf({ code, retryAfterMs }, round, defaultTiming);

describe('how long a move waits before it is looked at again', () => {
  it('half a minute for trouble with Odoo, or for as long as Odoo asks to wait', () => {
    expect(pause('odoo_busy')).toBe(30 * second);
    expect(pause('odoo_busy', 7)).toBe(30 * second);
    expect(pause('odoo_throttled', 1, 5 * second)).toBe(30 * second);
    expect(pause('odoo_throttled', 1, 300 * second)).toBe(300 * second);
  });

  it('soon for trouble of our own, then less and less often', () => {
    expect([1, 2, 3, 4, 5, 6, 50].map((round) => pause('internal', round) / second)).toEqual([2, 4, 8, 16, 30, 30, 30]);
  });
});
