import { ConnectionMonitor, pingEveryMs, silentAfterMs } from './connection';

/** A world with a clock that moves when told, and a server that answers as told. */
function world() {
  let now = 0;
  let timers: { at: number; run: () => void; answer?: true }[] = [];
  const server: { answersAfter: number | 'refused' | 'never' } = { answersAfter: 45 };
  const monitor = new ConnectionMonitor({
    now: () => now,
    setTimer: (run, ms) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return timer;
    },
    clearTimer: (timer) => {
      timers = timers.filter((one) => one !== timer);
    },
    ping: (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        if (server.answersAfter === 'refused') return reject(new Error('refused'));
        if (server.answersAfter !== 'never')
          timers.push({ at: now + server.answersAfter, run: () => resolve(true), answer: true });
      }),
  });
  const settle = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  const pass = async (ms: number) => {
    const end = now + ms;
    await settle();
    for (;;) {
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = next.at;
      next.run();
      await settle();
    }
    now = end;
  };
  /** Nothing of the page runs for so long; then its timers run, and after them it hears what the server has answered. */
  const heldUp = async (ms: number) => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    timers = timers.filter((timer) => !due.includes(timer));
    for (const { run } of [...due.filter(({ answer }) => !answer), ...due.filter(({ answer }) => answer)]) {
      run();
      await settle();
    }
  };
  return { monitor, server, pass, heldUp, timers: () => timers };
}

describe('status bar’s truth about the connection', () => {
  it('says the measured latency', async () => {
    const { monitor, pass } = world();
    monitor.subscribe(() => undefined);
    expect(monitor.snapshot()).toEqual({ online: null, latencyMs: null });
    await pass(3_000);
    expect(monitor.snapshot()).toEqual({ online: true, latencyMs: 45 });
  });

  it.each(['never', 'refused'] as const)('turns within 2 s when the server is gone (%s)', async (gone) => {
    const { monitor, server, pass } = world();
    monitor.subscribe(() => undefined);
    await pass(5_100);
    server.answersAfter = gone;
    await pass(2_000);
    expect(monitor.snapshot().online).toBe(false);
  });

  it('turns back within 2 s', async () => {
    const { monitor, server, pass } = world();
    server.answersAfter = 'refused';
    monitor.subscribe(() => undefined);
    await pass(3_000);
    server.answersAfter = 30;
    await pass(2_000);
    expect(monitor.snapshot().online).toBe(true);
  });

  it('a network that is slow but answers is not offline', async () => {
    const { monitor, server, pass } = world();
    server.answersAfter = 1_500;
    const seen: (boolean | null)[] = [];
    monitor.subscribe(() => seen.push(monitor.snapshot().online));
    await pass(20_000);
    expect(monitor.snapshot()).toEqual({ online: true, latencyMs: 1_500 });
    expect(seen).not.toContain(false);
  });

  it('believes the browser that the network went away, at once', async () => {
    const { monitor, pass } = world();
    monitor.subscribe(() => undefined);
    await pass(1_000);
    monitor.lost();
    expect(monitor.snapshot().online).toBe(false);
  });

  it('a page that was held up itself is not offline: what was answered meanwhile is still to be heard', async () => {
    const { monitor, pass, heldUp } = world();
    const seen: (boolean | null)[] = [];
    monitor.subscribe(() => seen.push(monitor.snapshot().online));
    await pass(5_010);
    await heldUp(2_500);
    await pass(5_000);
    expect(monitor.snapshot().online).toBe(true);
    expect(seen).not.toContain(false);
  });

  it('a page that was held up while the server went away says so within 2 s', async () => {
    const { monitor, server, pass, heldUp } = world();
    monitor.subscribe(() => undefined);
    await pass(5_100);
    server.answersAfter = 'never';
    await heldUp(2_500);
    await pass(2_000);
    expect(monitor.snapshot().online).toBe(false);
  });

  it('stops when nobody looks', async () => {
    const { monitor, pass, timers } = world();
    const leave = monitor.subscribe(() => undefined);
    await pass(2_500);
    leave();
    await pass(10_000);
    expect(timers()).toEqual([]);
  });

  it('promises what its numbers allow', () => {
    expect(Math.max(pingEveryMs, silentAfterMs)).toBeLessThan(2_000);
  });
});
