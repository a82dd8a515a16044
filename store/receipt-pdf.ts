import type { Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import { type Receipt, receiptText } from '../domain/receipt';
import { fontFile, type Run, runsOf, type Weight } from './receipt-fonts';

/**
 * SALE-05: the receipt as a PDF for the roll of a till's printer (80 mm, as long as it has to be), to print or to keep. The same
 * receipt is the same bytes.
 */

/** Rises when the same receipt looks otherwise: copies that people hold are old then. */
export const receiptLayout = 1;

const mm = 72 / 25.4;
const paper = 80 * mm;
const margin = 4 * mm;
const inside = paper - 2 * margin;
/** What readers take as the longest page (ISO 32000-1, annex C). */
const longest = 14_400;

interface Style {
  size: number;
  weight?: Weight;
  align?: 'left' | 'center';
}
const styles = {
  name: { size: 12, weight: 700, align: 'center' },
  where: { size: 8, align: 'center' },
  title: { size: 10, weight: 700, align: 'center' },
  mark: { size: 14, weight: 700, align: 'center' },
  item: { size: 8.5, weight: 700 },
  plain: { size: 8.5 },
  small: { size: 7.5 },
  total: { size: 12, weight: 700 },
} as const satisfies Record<string, Style>;

/** Height of a line by its size. */
const leading = 1.35;

interface Piece {
  x: number;
  y: number;
  size: number;
  run: Run;
}
/** Sets lines under one another; where they stand is known before anything is drawn, and with it the length of the paper. */
class Column {
  y = margin;
  readonly pieces: Piece[] = [];
  readonly strokes: { y: number }[] = [];
  private readonly fonts = new Set<string>();

  constructor(private readonly doc: PDFKit.PDFDocument) {}

  /** Lines of text as wide as the paper. */
  text(text: string, style: Style): void {
    for (const line of this.wrap(text, style, inside)) {
      const free = inside - this.width(line, style);
      this.put(line, style, margin + (style.align === 'center' ? free / 2 : 0));
      this.y += style.size * leading;
    }
  }

  /** What is on the left goes round what is on the right, an amount. */
  pair(left: string, right: string, style: Style): void {
    const taken = this.width(right, style);
    const lines = this.wrap(left, style, Math.max(inside - taken - 3 * mm, inside / 4));
    lines.forEach((line, index) => {
      this.put(line, style, margin);
      if (index === lines.length - 1) this.put(right, style, margin + inside - taken);
      this.y += style.size * leading;
    });
  }

  rule(): void {
    this.y += 1.5 * mm;
    this.strokes.push({ y: this.y });
    this.y += 1.5 * mm;
  }

  gap(): void {
    this.y += mm;
  }

  private put(text: string, { size, weight = 400 }: Style, x: number): void {
    for (const run of runsOf(text, weight)) {
      this.pieces.push({ x, y: this.y, size, run });
      x += this.runWidth(run, size);
    }
  }

  private width(text: string, { size, weight = 400 }: Style): number {
    return runsOf(text, weight).reduce((sum, run) => sum + this.runWidth(run, size), 0);
  }

  private runWidth({ font, text }: Run, size: number): number {
    if (!this.fonts.has(font)) {
      this.fonts.add(font);
      this.doc.registerFont(font, fontFile(font));
    }
    return this.doc.font(font).fontSize(size).widthOfString(text);
  }

  /** Breaks between words; a word that is wider than the paper breaks where it must. */
  private wrap(text: string, style: Style, width: number): string[] {
    const fits = (line: string): boolean => this.width(line, style) <= width;
    const lines: string[] = [];
    let line = '';
    const words = text.split(/[\p{Cc}\p{Z}]+/u).filter((word) => word !== '');
    for (const word of words) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (fits(longer)) {
        line = longer;
        continue;
      }
      if (line !== '') lines.push(line);
      line = '';
      for (const character of word) {
        if (line !== '' && !fits(line + character)) {
          lines.push(line);
          line = '';
        }
        line += character;
      }
    }
    return line === '' ? lines : [...lines, line];
  }
}

function layOut(doc: PDFKit.PDFDocument, receipt: Receipt): Column {
  const said = receiptText(receipt);
  const column = new Column(doc);
  column.text(said.business, styles.name);
  for (const line of said.where) column.text(line, styles.where);
  column.rule();
  column.text(said.title, styles.title);
  for (const line of said.when) column.text(line, styles.where);
  if (said.mark !== null) column.text(`*** ${said.mark} ***`, styles.mark);
  for (const note of said.notes) column.text(note, styles.small);
  column.rule();
  for (const { name, detail, total, saved } of said.lines) {
    column.text(name, styles.item);
    column.pair(detail, total, styles.plain);
    if (saved !== null) column.text(saved, styles.small);
    column.gap();
  }
  column.rule();
  for (const { name, amount, strong } of said.sums) column.pair(name, amount, strong ? styles.total : styles.plain);
  if (said.end !== '') {
    column.rule();
    column.text(said.end, styles.where);
  }
  column.y += margin;
  return column;
}

/** Where pages begin: one, but for a receipt that is longer than a page may be. It is cut between lines. */
function pageStarts(pieces: readonly Piece[], length: number): number[] {
  const starts = [0];
  if (length <= longest) return starts;
  for (const { y, size } of pieces) {
    if (y + size * leading + margin > (starts.at(-1) ?? 0) + longest) starts.push(y - margin);
  }
  return starts;
}

/** @returns the bytes as a stream */
export function receiptPdf(receipt: Receipt): Readable {
  const { title, business } = receiptText(receipt);
  const doc = new PDFDocument({
    autoFirstPage: false,
    margin: 0,
    lang: receipt.locale,
    displayTitle: true,
    // All that goes into it is the receipt's own, the moment included.
    info: { Title: `${title} · ${business}`, Author: business, CreationDate: receipt.at },
  });
  const { y: length, pieces, strokes } = layOut(doc, receipt);
  const starts = pageStarts(pieces, length);
  starts.forEach((from, index) => {
    const to = starts[index + 1] ?? length;
    doc.addPage({ size: [paper, to - from], margin: 0 });
    const here = ({ y }: { y: number }): boolean => y >= from && y < to;
    for (const { y } of strokes.filter(here)) {
      doc.moveTo(margin, y - from).lineTo(paper - margin, y - from);
      doc.lineWidth(0.5).dash(1, { space: 2 }).stroke();
    }
    for (const { x, y, size, run } of pieces.filter(here)) {
      doc
        .font(run.font)
        .fontSize(size)
        .text(run.text, x, y - from, { lineBreak: false });
    }
  });
  doc.end();
  return doc;
}
