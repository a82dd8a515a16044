import { hoursOf, soldBy, ticksOf } from './day-sums';

const hour = (at: number, count: number, amount: number) => ({ hour: at, count, total: { amount, currency: 'CLP' } });

describe('the hours of a day', () => {
  it('are those of a shop, without gaps, beside the day before', () => {
    const hours = hoursOf([hour(12, 2, 5000)], [hour(13, 1, 900)]);
    expect(hours.map((one) => one.hour)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(hours[3]).toEqual({ hour: 12, now: { count: 2, total: 5000 }, before: { count: 0, total: 0 } });
  });

  it('begin earlier and end later when something was sold then', () => {
    const hours = hoursOf([hour(7, 1, 1)], [hour(23, 1, 1)]);
    expect([hours[0]?.hour, hours.at(-1)?.hour]).toEqual([7, 23]);
  });
});

describe('what was sold by now', () => {
  it('counts of the running hour its share', () => {
    const day = [hour(9, 2, 1000), hour(10, 4, 2000), hour(11, 8, 4000)];
    expect(soldBy(day, { hour: 10, minute: 30 })).toEqual({ count: 4, total: 2000 });
    expect(soldBy(day, { hour: 8, minute: 59 })).toEqual({ count: 0, total: 0 });
    expect(soldBy(day, { hour: 23, minute: 0 })).toEqual({ count: 14, total: 7000 });
  });
});

describe('an axis', () => {
  it.each([
    [0, [0, 1]],
    [3, [0, 1, 2, 3]],
    [100, [0, 25, 50, 75, 100]],
    [118_000, [0, 50_000, 100_000, 150_000]],
    [1_990_000, [0, 500_000, 1_000_000, 1_500_000, 2_000_000]],
  ])('to %d is marked with round numbers', (most, ticks) => {
    expect(ticksOf(most)).toEqual(ticks);
  });
});
