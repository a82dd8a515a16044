import { inflateSync } from 'node:zlib';

/** As much of PDF (ISO 32000-1) as tests need to read what a page says. */
export interface ReadPage {
  width: number;
  height: number;
  /** Texts of the same height make a line, from left to right. */
  lines: string[];
}

interface Placed {
  x: number;
  y: number;
  /** Where it ends. */
  end: number;
  text: string;
}

interface Font {
  /** Text of a glyph, by its number in hexadecimal. */
  glyphs: Map<string, string>;
  /** Of its glyphs, in thousandths of the size. */
  widths: number[];
}

type Objects = Map<number, { dictionary: string; stream: Buffer | null }>;

function objectsOf(file: Buffer): Objects {
  const raw = file.toString('latin1');
  const objects: Objects = new Map();
  for (const { 1: id, index, 0: head } of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const begin = index + head.length;
    const body = raw.slice(begin, raw.indexOf('\nendobj', begin));
    const at = body.indexOf('stream\n');
    const dictionary = at < 0 ? body : body.slice(0, at);
    const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1] ?? 0);
    const bytes = at < 0 ? null : file.subarray(begin + at + 7, begin + at + 7 + length);
    const stream = bytes && dictionary.includes('/FlateDecode') ? inflateSync(bytes) : bytes;
    objects.set(Number(id), { dictionary, stream });
  }
  return objects;
}

const unhex = (hex: string): string => Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le');

/** Glyph → text, from a ToUnicode map whose ranges list each of their glyphs. */
function glyphsOf(map: string): Map<string, string> {
  const glyphs = new Map<string, string>();
  for (const [, first = '', , list = ''] of map.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/gi)) {
    const texts = [...list.matchAll(/<([0-9a-f ]*)>/gi)];
    texts.forEach(([, hex = ''], index) => {
      glyphs.set((Number.parseInt(first, 16) + index).toString(16).padStart(4, '0'), unhex(hex));
    });
  }
  return glyphs;
}

function textsOf(content: string, fonts: Map<string, Font>): Placed[] {
  const texts: Placed[] = [];
  for (const [, block = ''] of content.matchAll(/BT\n([\s\S]*?)ET/g)) {
    const [, x, y] = /1 0 0 1 ([\d.-]+) ([\d.-]+) Tm/.exec(block) ?? [];
    const [, name = '', size] = /\/(F\d+) ([\d.]+) Tf/.exec(block) ?? [];
    const font = fonts.get(name);
    let [text, width] = ['', 0];
    for (const [, array = ''] of block.matchAll(/\[([^\]]*)\] TJ/g)) {
      for (const [part] of array.matchAll(/<[0-9a-f]*>|-?[\d.]+/gi)) {
        if (!part.startsWith('<')) width -= Number(part);
        for (const glyph of part.startsWith('<') ? (part.match(/[0-9a-f]{4}/gi) ?? []) : []) {
          text += font?.glyphs.get(glyph.toLowerCase()) ?? '\u{fffd}';
          width += font?.widths[Number.parseInt(glyph, 16)] ?? 0;
        }
      }
    }
    texts.push({ x: Number(x), y: Number(y), end: Number(x) + (width * Number(size)) / 1000, text });
  }
  return texts;
}

/** Nearer than this, one text goes on where the other ended. */
const apart = 1.5;

function lineOf(parts: Placed[]): string {
  let [line, end] = ['', 0];
  for (const part of parts.sort((a, b) => a.x - b.x)) {
    line += line !== '' && part.x - end > apart ? ` ${part.text}` : part.text;
    end = part.end;
  }
  return line.trim();
}

function linesOf(texts: Placed[]): string[] {
  const lines = new Map<number, Placed[]>();
  for (const text of texts) lines.set(text.y, [...(lines.get(text.y) ?? []), text]);
  return [...lines.entries()].sort(([a], [b]) => b - a).map(([, parts]) => lineOf(parts));
}

export function readPdf(file: Buffer): { pages: ReadPage[] } {
  const objects = objectsOf(file);
  const of = (reference: string | undefined) => objects.get(Number(reference));
  const pages = [...objects.values()].filter(({ dictionary }) => /\/Type \/Page\n/.test(dictionary));
  return {
    pages: pages.map(({ dictionary }) => {
      const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(dictionary) ?? [];
      const resources = of(/\/Resources (\d+) 0 R/.exec(dictionary)?.[1])?.dictionary ?? dictionary;
      const fonts = new Map(
        [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id]): [string, Font] => {
          const font = of(id)?.dictionary ?? '';
          const map = of(/\/ToUnicode (\d+) 0 R/.exec(font)?.[1])?.stream;
          const inner = of(/\/DescendantFonts \[(\d+) 0 R\]/.exec(font)?.[1])?.dictionary ?? '';
          const widths = (/\/W \[0 \[([^\]]*)\]/.exec(inner)?.[1] ?? '').split(' ').map(Number);
          return [name, { glyphs: glyphsOf(map?.toString('latin1') ?? ''), widths }];
        }),
      );
      const content = of(/\/Contents (\d+) 0 R/.exec(dictionary)?.[1])?.stream?.toString('latin1') ?? '';
      return { width: Number(width), height: Number(height), lines: linesOf(textsOf(content, fonts)) };
    }),
  };
}
