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
  /** With what came shortly before and was never ended: the wedge or the radio link may have stalled within the code. */
  joined?: { text: string; physical: string };
}

export interface Verdict {
  /** The key was the scanner's (or ended its code): nobody else should act on it. */
  swallow: boolean;
  scan?: Scan;
  /** The scan's characters went into a text field before we knew: put the field back as it was when they began. */
  restoreField?: boolean;
  /** First character of what may become a scan: the moment to remember the field. */
  began?: boolean;
}

/** Scanners send a key in 1–30 ms; nobody types that fast for a whole code. */
export const burstGapMs = 50;
/** Where no field takes the keys, a person may type a code by hand and end it with Enter. */
export const typedGapMs = 2_000;
/** So long a stall within one code may last. */
export const stallMs = 10_000;
const minLength = 3;
const maxLength = 128;

const pass: Verdict = { swallow: false };

/**
 * Tells a scanner's burst from typing, by the time between keys (of the events' own clock, so that a busy page loses
 * nothing), and reads it in both ways. Ends at Enter or Tab. Pure: the hook around it applies the verdicts.
 */
export class ScanBuffer {
  private text = '';
  private physical = '';
  private count = 0;
  private last = 0;
  private slowest = 0;
  /** What came before a stall and was not ended. */
  private before: { text: string; physical: string } | null = null;

  key(key: Key): Verdict {
    if (key.shortcut || key.repeat) return pass;
    if (key.key === 'Enter' || key.key === 'Tab') return this.end(key);
    const physical = usCharacter(key.code, key.shift, key.capsLock);
    const printable = [...key.key].length === 1;
    // Shift and the like come between the characters of a burst; Backspace and arrows are a person's.
    if (!printable && key.key !== 'Dead') {
      if (/^(Backspace|Escape|Delete|Arrow\w+)$/.test(key.key)) this.clear();
      return pass;
    }
    const gap = key.timeStamp - this.last;
    const began = this.count === 0 || gap > (key.editable ? burstGapMs * 4 : typedGapMs) || this.count >= maxLength;
    if (began) {
      const stalled = !key.editable && this.count > 0 && gap <= stallMs && this.count < maxLength;
      const before = stalled ? this.whole() : null;
      this.clear();
      this.before = before;
    } else this.slowest = Math.max(this.slowest, gap);
    this.text += printable ? key.key : '';
    this.physical += physical ?? (printable ? key.key : '');
    this.count += 1;
    this.last = key.timeStamp;
    // On a button, a space or a letter of a burst must not press it.
    return { swallow: !key.editable && (!began || key.key === ' ') && this.fast(), began };
  }

  private end(key: Key): Verdict {
    const { text, physical, count, before } = this;
    const whole = this.whole();
    const gap = key.timeStamp - this.last;
    const fast = this.fast() && gap <= (key.editable ? burstGapMs * 4 : stallMs);
    const typed = !key.editable && key.key === 'Enter' && gap <= typedGapMs;
    this.clear();
    if (count === 0 || whole.physical.length < minLength || !(fast || typed || before)) return pass;
    if (before === null) return { swallow: true, scan: { text, physical }, restoreField: key.editable };
    // Too short to be a code of its own: the rest of one.
    const scan = count < minLength ? whole : { text, physical, joined: whole };
    return { swallow: true, scan };
  }

  /** This run with the one before the stall. */
  private whole(): { text: string; physical: string } {
    return { text: (this.before?.text ?? '') + this.text, physical: (this.before?.physical ?? '') + this.physical };
  }

  private fast(): boolean {
    return this.count > 1 && this.slowest <= burstGapMs;
  }

  private clear(): void {
    this.text = this.physical = '';
    this.count = this.slowest = 0;
    this.before = null;
  }
}
