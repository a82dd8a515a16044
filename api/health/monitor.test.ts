import { HealthMonitor, type Finding, type Part, type Probe } from './monitor';

const up: Finding = { state: 'up', latencyMs: 3.14159 };

function monitorOf(probe: Probe['run'], options: { timeoutMs?: number; onChange?: (part: Part) => void } = {}) {
  let clock = 0;
  const monitor = new HealthMonitor([{ name: 'x', run: probe }], {
    everyMs: 60_000,
    timeoutMs: 1_000,
    now: () => new Date(clock),
    ...options,
  });
  return {
    monitor,
    look: async (at: number): Promise<Part> => {
      clock = at;
      await monitor.probeNow();
      return monitor.snapshot()[0]!;
    },
  };
}

describe('the health monitor', () => {
  it('knows nothing before it has asked', () => {
    const { monitor } = monitorOf(() => Promise.resolve(up));
    expect(monitor.snapshot()).toMatchObject([{ name: 'x', state: 'unknown', latencyMs: null, probedAt: null }]);
  });

  it('says since when a state lasts, not when it was last seen', async () => {
    let finding = up;
    const { look } = monitorOf(() => Promise.resolve(finding));
    expect(await look(1_000)).toMatchObject({ state: 'up', since: new Date(1_000), latencyMs: 3.1 });
    expect(await look(2_000)).toMatchObject({ since: new Date(1_000), probedAt: new Date(2_000) });
    finding = { state: 'degraded', latencyMs: null, detail: 'outbox_late' };
    expect(await look(3_000)).toMatchObject({ state: 'degraded', since: new Date(3_000), detail: 'outbox_late' });
  });

  it('a probe that throws is down, and up again when it does not', async () => {
    let broken = true;
    const seen: string[] = [];
    const { look } = monitorOf(() => (broken ? Promise.reject(new Error('refused')) : Promise.resolve(up)), {
      onChange: ({ state }) => seen.push(state),
    });
    expect(await look(1)).toMatchObject({ state: 'down', latencyMs: null, detail: 'no_answer' });
    await look(2);
    broken = false;
    await look(3);
    expect(seen).toEqual(['down', 'up']);
  });

  it('a probe that hangs is down, and told to give up', async () => {
    let gaveUp = false;
    const hang = (signal: AbortSignal) =>
      new Promise<Finding>(() => signal.addEventListener('abort', () => (gaveUp = true)));
    const { look } = monitorOf(hang, { timeoutMs: 20 });
    expect(await look(1)).toMatchObject({ state: 'down', detail: 'timeout' });
    expect(gaveUp).toBe(true);
  });

  it('asks once when several want to know', async () => {
    let asked = 0;
    const { monitor } = monitorOf(() => {
      asked += 1;
      return Promise.resolve(up);
    });
    await Promise.all([monitor.probeNow(), monitor.probeNow(), monitor.probeNow()]);
    expect(asked).toBe(1);
    await monitor.probeNow();
    expect(asked).toBe(2);
  });
});
