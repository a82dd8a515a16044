import { createTimeLimit } from './time-limit';

const late = () => new Error('late');
const never = new Promise<never>(() => undefined);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a time limit', () => {
  it('ends each wait when its own time is over, whoever else waits', async () => {
    const limit = createTimeLimit(1_000, late);
    const ends: string[] = [];
    const wait = (name: string) => limit.within(never).catch((error: Error) => ends.push(`${name} ${error.message}`));
    void wait('first');
    await jest.advanceTimersByTimeAsync(600);
    void wait('second');
    await jest.advanceTimersByTimeAsync(399);
    expect(ends).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(ends).toEqual(['first late']);
    await jest.advanceTimersByTimeAsync(600);
    expect(ends).toEqual(['first late', 'second late']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves alone what ends in time, well or not', async () => {
    const limit = createTimeLimit(1_000, late);
    await expect(limit.within(Promise.resolve(7))).resolves.toBe(7);
    await expect(limit.within(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    await jest.advanceTimersByTimeAsync(5_000);
    expect(jest.getTimerCount()).toBe(0);
  });
});
