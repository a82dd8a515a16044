import type { Feedback } from './feedback';

/** A device that can vibrate and sound, as far as these need it; what it was told is kept. */
function device(options: { audio?: 'works' | 'refuses' | 'none'; vibrates?: boolean } = {}) {
  const { audio = 'works', vibrates = true } = options;
  const told = { vibrations: [] as number[][], hertz: [] as number[] };
  class FakeAudioContext {
    state = 'running';
    currentTime = 0;
    destination = {};
    constructor() {
      if (audio === 'refuses') throw new Error('NotSupportedError');
    }
    resume = () => Promise.resolve();
    createGain = () => ({
      gain: { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined },
      connect: (next: unknown) => next,
    });
    createOscillator = () => {
      const oscillator = {
        type: '',
        frequency: { value: 0 },
        connect: (next: unknown) => next,
        start: () => told.hertz.push(oscillator.frequency.value),
        stop: () => undefined,
      };
      return oscillator;
    };
  }
  const vibrate = (pattern: number[]) => told.vibrations.push(pattern) > 0;
  const globals = {
    navigator: vibrates ? { vibrate } : {},
    window: audio === 'none' ? {} : { AudioContext: FakeAudioContext },
    AudioContext: FakeAudioContext,
  };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return told;
}

/** A fresh page: the sound of the one before is not there. */
async function give(kind: Feedback): Promise<void> {
  await jest.isolateModulesAsync(async () => (await import('./feedback')).giveFeedback(kind));
}

const kinds = ['success', 'duplicate', 'failure'] as const;

it('a scan that fails sounds and vibrates, unlike one that succeeds and unlike a duplicate', async () => {
  const felt: ReturnType<typeof device>[] = [];
  for (const kind of kinds) {
    const told = device();
    await give(kind);
    expect(told.hertz.length).toBeGreaterThan(0);
    expect(told.vibrations).toHaveLength(1);
    felt.push(told);
  }
  expect(new Set(felt.map(({ hertz }) => hertz.join())).size).toBe(kinds.length);
  expect(new Set(felt.map(({ vibrations }) => vibrations.join())).size).toBe(kinds.length);
  const [success, , failure] = felt;
  // Low against high: told apart in a noisy hall.
  expect(Math.max(...failure!.hertz)).toBeLessThan(Math.min(...success!.hertz) / 4);
  expect(failure!.vibrations.flat().length).toBeGreaterThan(success!.vibrations.flat().length);
});

it.each([
  ['neither sounds nor vibrates', { audio: 'none', vibrates: false }],
  ['refuses to sound', { audio: 'refuses' }],
] as const)('a device that %s takes its scans all the same', async (_, options) => {
  device(options);
  jest.spyOn(console, 'warn').mockImplementation();
  for (const kind of kinds) await expect(give(kind)).resolves.toBeUndefined();
});
