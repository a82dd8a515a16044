import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import ranges from '@fontsource/inter/unicode.json';
import { sfntOf } from './woff';

/** The font of the web app, as files that go into a PDF: one for each group of characters and weight. */
export type Weight = 400 | 700;

type Subset = keyof typeof ranges;

const subsets = Object.entries(ranges).map(([name, text]) => ({
  name: name as Subset,
  spans: text.split(',').map((span): [number, number] => {
    const [first = '', last = first] = span.replace('U+', '').split('-');
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
  }),
}));

const has =
  (code: number) =>
  ({ spans }: (typeof subsets)[number]): boolean =>
    spans.some(([first, last]) => code >= first && code <= last);

/** In the order in which a character is looked for: what is in several files is in the one that is used anyhow. */
const order = [...subsets].sort(
  (a, b) => Number(b.name === 'latin') - Number(a.name === 'latin') || Number(has(0x100)(b)) - Number(has(0x100)(a)),
);

/** What no file has is shown as this. */
const unknown = '?';

export interface Run {
  font: string;
  text: string;
}

/** Cuts a text into pieces that one file can write. What has no shape is a space when it parts words, and nothing otherwise. */
export function runsOf(text: string, weight: Weight): Run[] {
  const runs: Run[] = [];
  for (const character of text) {
    if (/[\p{Cf}\p{Cs}]/u.test(character)) continue;
    const parts = /[\p{Cc}\p{Z}]/u.test(character);
    const found = parts ? undefined : order.find(has(character.codePointAt(0) ?? 0));
    const shown = parts ? ' ' : found ? character : unknown;
    const last = runs.at(-1);
    const font = fontName(found?.name ?? 'latin', weight);
    if (last?.font === font) last.text += shown;
    else runs.push({ font, text: shown });
  }
  return runs;
}

const fontName = (subset: Subset, weight: Weight): string => `inter-${subset}-${weight}-normal`;

const require = createRequire(__filename);
const files = new Map<string, Buffer>();
/** Other shapes by what stands beside a letter: most of the time of a receipt went there, and a till's paper shows none of it. */
const shaping = ['GSUB', 'GPOS', 'GDEF'];

/** The bytes of a run's font, read once. */
export function fontFile(name: string): Buffer {
  const path = `@fontsource/inter/files/${name}.woff`;
  const known = files.get(name) ?? sfntOf(readFileSync(require.resolve(path)), shaping);
  files.set(name, known);
  return known;
}
