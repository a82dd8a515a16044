import { type Key, type Scan, ScanBuffer, silenceMs } from './scanner';

/** Physical key and Shift for each character on a US keyboard, and what a Spanish layout makes of the odd ones. */
const spanish: Record<string, string> = {
  Minus: "'",
  Slash: '-',
  'Slash+': '_',
  'Minus+': '?',
  BracketLeft: 'Dead',
  Semicolon: 'ñ',
};

function physicalKey(character: string): { code: string; shift: boolean } {
  if (/[A-Z]/.test(character)) return { code: `Key${character}`, shift: true };
  if (/[a-z]/.test(character)) return { code: `Key${character.toUpperCase()}`, shift: false };
  if (/\d/.test(character)) return { code: `Digit${character}`, shift: false };
  if (character === '-') return { code: 'Minus', shift: false };
  if (character === '_') return { code: 'Minus', shift: true };
  if (character === ' ') return { code: 'Space', shift: false };
  throw new Error(`no key for ${character}`);
}

interface Options {
  gap?: number;
  start?: number;
  editable?: boolean;
  end?: string;
  layout?: 'us' | 'es';
}

function keysOf(code: string, options: Options = {}): Key[] {
  const { gap = 8, start = 1_000, editable = false, end = 'Enter', layout = 'us' } = options;
  const keys: Key[] = [];
  let at = start;
  const push = (key: string, physical: string, shift: boolean) => {
    keys.push({ key, code: physical, timeStamp: at, shift, capsLock: false, shortcut: false, repeat: false, editable });
    at += gap;
  };
  for (const character of code) {
    const { code: physical, shift } = physicalKey(character);
    if (shift) push('Shift', 'ShiftLeft', true);
    const translated = layout === 'es' ? spanish[shift ? `${physical}+` : physical] : undefined;
    push(translated ?? character, physical, shift);
  }
  if (end) push(end, end, false);
  return keys;
}

function feed(buffer: ScanBuffer, keys: Key[]): Scan[] {
  return keys.map((key) => buffer.key(key).scan).filter((scan) => scan !== undefined);
}

describe('hardware scanner', () => {
  it.each(['Enter', 'Tab'])('reads a burst ended by %s', (end) => {
    expect(feed(new ScanBuffer(), keysOf('PACK0001234', { end }))).toEqual([
      { text: 'PACK0001234', physical: 'PACK0001234' },
    ]);
  });

  it('loses none of 50 codes at 8 ms per key', () => {
    const codes = Array.from({ length: 50 }, (_, at) => `PACK${String(1234 + at).padStart(7, '0')}`);
    let start = 0;
    const keys = codes.flatMap((code) => {
      const own = keysOf(code, { start });
      start = (own.at(-1)?.timeStamp ?? 0) + 8;
      return own;
    });
    expect(feed(new ScanBuffer(), keys).map((scan) => scan.text)).toEqual(codes);
  });

  it('reads what was meant when wedge and device disagree about the layout', () => {
    const [scan] = feed(new ScanBuffer(), keysOf('CAM-01-A-01-1', { layout: 'es' }));
    expect(scan).toEqual({ text: "CAM'01'A'01'1", physical: 'CAM-01-A-01-1' });
  });

  it('takes a burst out of a focused field and asks to restore it', () => {
    const buffer = new ScanBuffer();
    const verdicts = keysOf('PACK0001234', { editable: true }).map((key) => buffer.key(key));
    expect(verdicts.at(-1)).toMatchObject({ swallow: true, restoreTo: 0, scan: { text: 'PACK0001234' } });
  });

  it('says what the scanner sent after a hand had typed, where no field takes the keys', () => {
    const typed = keysOf('12', { gap: 200, end: '' });
    const scanned = keysOf('PACK0001234', { start: (typed.at(-1)?.timeStamp ?? 0) + 600 });
    expect(feed(new ScanBuffer(), [...typed, ...scanned])).toEqual([
      { text: '12PACK0001234', physical: '12PACK0001234', burst: { text: 'PACK0001234', physical: 'PACK0001234' } },
    ]);
  });

  it('leaves typing in a field alone', () => {
    const buffer = new ScanBuffer();
    const verdicts = keysOf('PACK0001234', { editable: true, gap: 120 }).map((key) => buffer.key(key));
    expect(verdicts.every((verdict) => !verdict.swallow && verdict.scan === undefined)).toBe(true);
  });

  it('finds the scan that follows typing in the same field', () => {
    const buffer = new ScanBuffer();
    const typed = keysOf('abc', { editable: true, gap: 150, end: '' });
    const scanned = keysOf('PACK0001234', { editable: true, start: (typed.at(-1)?.timeStamp ?? 0) + 400 });
    expect(feed(buffer, [...typed, ...scanned])).toEqual([{ text: 'PACK0001234', physical: 'PACK0001234' }]);
  });

  it('tells the hand from the scanner after it, and puts back only what the scanner wrote', () => {
    const buffer = new ScanBuffer();
    const typed = keysOf('PAC', { editable: true, gap: 120, end: '' });
    const scanned = keysOf('PACK0001234', { editable: true, start: (typed.at(-1)?.timeStamp ?? 0) + 300 });
    const verdicts = [...typed, ...scanned].map((key) => buffer.key(key));
    expect(verdicts.at(-1)).toMatchObject({ restoreTo: 3, scan: { text: 'PACK0001234' } });
  });

  it.each([60, 350])('is not put off by single keys of a burst that come %i ms late', (late) => {
    for (let at = 2; at < 11; at += 4) {
      const keys = keysOf('PACK0001234', { editable: true });
      const late0 = keys.map((key, index) => (index > at + 4 ? { ...key, timeStamp: key.timeStamp + late } : key));
      expect(feed(new ScanBuffer(), late0).map((scan) => scan.text)).toEqual(['PACK0001234']);
    }
  });

  it.each([60, 350])('keeps the first key of a burst in a field when the second comes %i ms late', (late) => {
    const keys = keysOf('pack0001250', { editable: true }).map((key, at) =>
      at === 0 ? key : { ...key, timeStamp: key.timeStamp + late },
    );
    const buffer = new ScanBuffer();
    expect(keys.map((key) => buffer.key(key)).at(-1)).toMatchObject({
      swallow: true,
      restoreTo: 0,
      scan: { text: 'pack0001250', joined: { text: 'ack0001250', physical: 'ack0001250' } },
    });
  });

  it('takes a code typed by hand where no field has the focus', () => {
    expect(feed(new ScanBuffer(), keysOf('PACK0001234', { gap: 300 }))).toHaveLength(1);
  });

  it('lets Enter and Tab alone do what they do', () => {
    const buffer = new ScanBuffer();
    expect(buffer.key({ ...keysOf('', { end: 'Enter' })[0]! }).swallow).toBe(false);
    expect(buffer.key({ ...keysOf('', { end: 'Tab' })[0]! }).swallow).toBe(false);
  });

  it('never lets a burst press the button that has the focus', () => {
    const buffer = new ScanBuffer();
    const verdicts = keysOf('AB 12').map((key) => ({ key: key.key, swallow: buffer.key(key).swallow }));
    expect(verdicts.filter(({ key }) => key === ' ' || key === 'Enter')).toEqual([
      { key: ' ', swallow: true },
      { key: 'Enter', swallow: true },
    ]);
  });

  it('ignores shortcuts and held keys', () => {
    const held = keysOf('AAAA', { gap: 30 }).map((key) => ({ ...key, repeat: key.key === 'A' }));
    expect(feed(new ScanBuffer(), held)).toEqual([]);
    const shortcut = keysOf('AAAA').map((key) => ({ ...key, shortcut: key.key === 'A' }));
    expect(feed(new ScanBuffer(), shortcut)).toEqual([]);
  });

  it.each([1, 4, 10])('keeps what came before a stall of 3 s after %i characters', (at) => {
    const code = 'PACK0001247';
    const head = keysOf(code.slice(0, at), { end: '' });
    const tail = keysOf(code.slice(at), { start: (head.at(-1)?.timeStamp ?? 0) + 3_000 });
    const [scan] = feed(new ScanBuffer(), [...head, ...tail]);
    expect([scan?.text, scan?.joined?.text]).toContain(code);
  });

  it('takes a code whose end stalled', () => {
    const code = keysOf('PACK0001247', { end: '' });
    const end = keysOf('', { start: (code.at(-1)?.timeStamp ?? 0) + 3_000 });
    expect(feed(new ScanBuffer(), [...code, ...end]).map((scan) => scan.text)).toEqual(['PACK0001247']);
  });

  it('forgets a half code that was never ended', () => {
    const half = keysOf('PACK00', { end: '' });
    const whole = keysOf('PACK0001235', { start: 20_000 });
    expect(feed(new ScanBuffer(), [...half, ...whole]).map((scan) => scan.text)).toEqual(['PACK0001235']);
  });

  describe('whose wedge sends nothing at the end', () => {
    const afterSilence = (buffer: ScanBuffer, keys: Key[], ms = silenceMs): Scan | undefined => {
      feed(buffer, keys);
      return buffer.silence((keys.at(-1)?.timeStamp ?? 0) + ms);
    };

    it('is read when it has fallen silent', () => {
      const buffer = new ScanBuffer();
      expect(afterSilence(buffer, keysOf('PACK0001234', { end: '' }))).toEqual({
        text: 'PACK0001234',
        physical: 'PACK0001234',
      });
      expect(afterSilence(buffer, keysOf('CAM-01', { end: '', start: 3_000 }))).toMatchObject({ text: 'CAM-01' });
    });

    it('is not read before', () => {
      expect(afterSilence(new ScanBuffer(), keysOf('PACK0001234', { end: '' }), 300)).toBeUndefined();
    });

    it.each([60, 120, 300])('is not a hand that types (%i ms per key)', (gap) => {
      expect(afterSilence(new ScanBuffer(), keysOf('PACK0001234', { end: '', gap }))).toBeUndefined();
    });

    it('is not read out of a field', () => {
      expect(afterSilence(new ScanBuffer(), keysOf('PACK0001234', { end: '', editable: true }))).toBeUndefined();
    });

    it('is not one that stalls: a scanner that has ended a code by itself always does', () => {
      const buffer = new ScanBuffer();
      feed(buffer, keysOf('PACK0001234'));
      expect(afterSilence(buffer, keysOf('PACK0', { end: '', start: 5_000 }))).toBeUndefined();
    });

    it('presses no button when its end comes late after all', () => {
      const buffer = new ScanBuffer();
      const keys = keysOf('PACK0001234', { end: '' });
      afterSilence(buffer, keys);
      const [end] = keysOf('', { start: (keys.at(-1)?.timeStamp ?? 0) + 900 });
      expect(buffer.key(end!)).toEqual({ swallow: true });
    });
  });
});
