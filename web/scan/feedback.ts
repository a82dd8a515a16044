export type Feedback = 'success' | 'duplicate' | 'failure';

/** Tones as [hertz, start s, length s]; told apart with eyes shut: high and short, two even blips, low and rough. */
const tones: Record<
  Feedback,
  { wave: OscillatorType; gain: number; notes: readonly (readonly [number, number, number])[] }
> = {
  success: { wave: 'sine', gain: 0.35, notes: [[1320, 0, 0.09]] },
  duplicate: {
    wave: 'triangle',
    gain: 0.4,
    notes: [
      [620, 0, 0.08],
      [620, 0.14, 0.08],
    ],
  },
  failure: {
    wave: 'square',
    gain: 0.3,
    notes: [
      [196, 0, 0.18],
      [147, 0.22, 0.3],
    ],
  },
};

const vibrations: Record<Feedback, number[]> = {
  success: [40],
  duplicate: [60, 60, 60],
  failure: [180, 80, 180],
};

let context: AudioContext | undefined;

/** Tone and vibration of a scan. Silent where the device has neither; colour and words are the screen's. */
export function giveFeedback(kind: Feedback): void {
  if ('vibrate' in navigator) navigator.vibrate(vibrations[kind]);
  try {
    sound(kind);
  } catch (error) {
    // No sound card, too many contexts: the scan itself goes on, with colour and words.
    console.warn('no sound', error);
  }
}

function sound(kind: Feedback): void {
  if (!('AudioContext' in window)) return;
  context ??= new AudioContext();
  // Browsers start sound only after a key or a touch; the scanner's own keys count.
  if (context.state === 'suspended') context.resume().catch((error: unknown) => console.warn('no sound', error));
  const { wave, gain, notes } = tones[kind];
  const now = context.currentTime + 0.005;
  for (const [hertz, start, length] of notes) {
    const oscillator = context.createOscillator();
    const volume = context.createGain();
    oscillator.type = wave;
    oscillator.frequency.value = hertz;
    volume.gain.setValueAtTime(0, now + start);
    volume.gain.linearRampToValueAtTime(gain, now + start + 0.008);
    volume.gain.setValueAtTime(gain, now + start + length - 0.02);
    volume.gain.linearRampToValueAtTime(0, now + start + length);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(now + start);
    oscillator.stop(now + start + length + 0.02);
  }
}
