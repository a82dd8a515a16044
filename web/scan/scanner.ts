import { usCharacter } from './us-layout';

/** The part of a KeyboardEvent that matters here. `timeStamp` is when the key went down, not when we got to hear of it. */
export interface Key {
  key: string;
  code: string;
  timeStamp: number;
  shift: boolean;
  capsLock: boolean;
  /** Ctrl, Alt or Meta is down, and it is not AltGr. */
  shortcut: boolean;
  repeat: boolean;
  /** The key goes into a text field. */
  editable: boolean;
}

/** One code that came from the scanner, or was typed where nothing else takes keys. */
export interface Scan {
  /** As the keyboard layout read it. */
  text: string;
  /** As a US keyboard would have read the same keys: what was meant when the layouts of wedge and device differ. */
  physical: string;
  /** Without what a hand had typed before the scanner began, if so. */
  burst?: { text: string; physical: string };
  /** The other reading, where the burst stalled within: with what came shortly before and was never ended, or without its first key. */
  joined?: { text: string; physical: string };
}

export interface Verdict {
  /** The key was the scanner's (or ended its code): nobody else should act on it. */
  swallow: boolean;
  /** Which key of the run this was, to remember a field by. */
  index?: number;
  scan?: Scan;
  /** The scan's characters went into a text field before we knew: put it back as it was before the key of this index. */
  restoreTo?: number;
}

/** Scanners send a key in 1–30 ms; nobody types that fast for a whole code. */
export const burstGapMs = 50;
/** A busy device or radio link may hold up single keys of a burst so long. */
export const hiccupMs = 400;
/** Where no field takes the keys, a person may type a code by hand and end it with Enter. */
export const typedGapMs = 2_000;
/** So long a stall within one code may last, where no field takes the keys. */
export const stallMs = 10_000;
/** A wedge that sends neither Enter nor Tab: its code is over after so long a silence. Longer than any hiccup. */
export const silenceMs = 500;
/** So late may the Enter come that ends a code which silence has ended already. */
const lateEndMs = 1_500;
const minLength = 3;
const maxLength = 128;

const pass: Verdict = { swallow: false };

interface Stroke {
  text: string;
  physical: string;
  /** Since the key before. */
  gap: number;
}

/**
 * Tells a scanner's burst from typing, by the time between keys (of the events' own clock, so that a busy page loses
 * nothing), and reads it in both ways. Ends at Enter or Tab, or in silence as long as no code has been ended otherwise. Pure: the hook around it applies the verdicts.
 */
export class ScanBuffer {
  private strokes: Stroke[] = [];
  private last = 0;
  /** What came before a stall and was not ended. */
  private before: Stroke[] = [];
  /** The last key went into a text field. */
  private inField = false;
  /** The scanner ends its codes with a key: then a silence is a stall. */
  private endsByKey = false;
  /** When silence last ended a code. */
  private fellSilent = -Infinity;

  key(key: Key): Verdict {
    if (key.shortcut || key.repeat) return pass;
    if (key.key === 'Enter' || key.key === 'Tab') return this.end(key);
    const printable = [...key.key].length === 1;
    // Shift and the like come between the characters of a burst; Backspace and arrows are a person's.
    if (!printable && key.key !== 'Dead') {
      if (/^(Backspace|Escape|Delete|Arrow\w+)$/.test(key.key)) this.clear();
      return pass;
    }
    const gap = key.timeStamp - this.last;
    if (this.strokes.length >= maxLength || gap > stallMs) this.clear();
    else if (gap > typedGapMs && this.strokes.length > 0) {
      this.before = key.editable ? [] : [...this.before, ...this.strokes];
      this.strokes = [];
    }
    const text = printable ? key.key : '';
    this.strokes.push({ text, physical: usCharacter(key.code, key.shift, key.capsLock) ?? text, gap });
    this.last = key.timeStamp;
    this.inField = key.editable;
    const index = this.strokes.length - 1;
    // On a button, a space or a letter of a burst must not press it.
    return { swallow: !key.editable && isBurst(this.strokes), index };
  }

  /** Nothing came for `silenceMs` until `now` (of the keys' clock): was that the end of a code? */
  silence(now: number): Scan | undefined {
    const { strokes } = this;
    if (this.endsByKey || this.inField || now - this.last < silenceMs || strokes.length < minLength) return undefined;
    if (this.before.length > 0 || !isBurst(strokes) || strokes.slice(1).some(({ gap }) => gap > hiccupMs))
      return undefined;
    this.clear();
    this.fellSilent = this.last;
    return read(strokes);
  }

  private end(key: Key): Verdict {
    const { strokes, before } = this;
    const gap = key.timeStamp - this.last;
    this.clear();
    if (strokes.length === 0) {
      const late = !key.editable && key.timeStamp - this.fellSilent <= lateEndMs;
      this.fellSilent = -Infinity;
      return late ? { swallow: true } : pass;
    }
    if (isBurst(strokes) && gap <= hiccupMs) this.endsByKey = true;
    if (key.editable) {
      const start = burstStart(strokes);
      const burst = strokes.slice(start);
      if (burst.length < minLength || !isBurst(burst) || gap > hiccupMs) return pass;
      // A lone key just before is the scanner's too, held up after its very first; hardly ever a hand's.
      const first = start === 1 && (burst[0]?.gap ?? 0) <= hiccupMs;
      if (first) return { swallow: true, scan: { ...read(strokes), joined: read(burst) }, restoreTo: 0 };
      return { swallow: true, scan: read(burst), restoreTo: start };
    }
    const typed = key.key === 'Enter' && gap <= typedGapMs;
    const whole = [...before, ...strokes];
    if (whole.length < minLength || !(typed || isBurst(whole))) return pass;
    const start = burstStart(strokes);
    const scanned = strokes.slice(start);
    const alone = start > 0 && scanned.length >= minLength && isBurst(scanned) ? { burst: read(scanned) } : {};
    if (before.length === 0) return { swallow: true, scan: { ...read(strokes), ...alone } };
    // Too short to be a code of its own: the rest of one.
    const scan = strokes.length < minLength ? read(whole) : { ...read(strokes), ...alone, joined: read(whole) };
    return { swallow: true, scan };
  }

  private clear(): void {
    this.strokes = [];
    this.before = [];
  }
}

const read = (strokes: readonly Stroke[]): { text: string; physical: string } => ({
  text: strokes.map(({ text }) => text).join(''),
  physical: strokes.map(({ physical }) => physical).join(''),
});

/** Most keys came as fast as only a scanner sends them. */
function isBurst(strokes: readonly Stroke[]): boolean {
  const gaps = strokes.slice(1);
  return gaps.length > 0 && gaps.filter(({ gap }) => gap <= burstGapMs).length >= 0.6 * gaps.length;
}

/** Where the scanner took over from a hand in the same field: a slow key after fast ones is a hiccup, after slow ones typing. */
function burstStart(strokes: readonly Stroke[]): number {
  let start = strokes.length - 1;
  while (start > 0) {
    const gap = strokes[start]?.gap ?? 0;
    const fastBefore = start > 1 && (strokes[start - 1]?.gap ?? 0) <= burstGapMs;
    if (gap > burstGapMs && !(gap <= hiccupMs && fastBefore)) break;
    start -= 1;
  }
  return start;
}
