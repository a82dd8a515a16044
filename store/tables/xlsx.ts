import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { type Cell, isEmptyCell } from '../../domain/product-import';
import { TableError, type TableLimits, type TableRow } from './table';

/**
 * The first sheet of an Excel workbook (ECMA-376 part 1, §18): a zip of XML files, read as a stream and only as far as is needed.
 * A formula's kept result is read; nothing is calculated, no link is followed, no entity is expanded.
 */
export async function readXlsx(file: Buffer, limits: TableLimits): Promise<TableRow[]> {
  try {
    const book = await openBook(file, limits);
    const sheet = await firstSheet(book);
    const words = { shared: await sharedStrings(book), dates: await dateStyles(book) };
    return await rowsOf(book, sheet, words, limits);
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw new TableError('file_unreadable', { cause: error });
  }
}

interface Book {
  zip: ZipFile;
  entries: Map<string, Entry>;
  /** Bytes that may still be unpacked: a small file can hold a very large one. */
  left: number;
}

const mostEntries = 2_000;

async function openBook(file: Buffer, limits: TableLimits): Promise<Book> {
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(file, { lazyEntries: true, validateEntrySizes: true }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    ),
  );
  if (zip.entryCount > mostEntries) throw new TableError('table_too_large');
  const entries = new Map<string, Entry>();
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve());
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
  return { zip, entries, left: limits.mostBytes };
}

/** Walks an XML file of the book. `handlers` hear of local names, without prefixes. */
async function walk(
  book: Book,
  name: string,
  handlers: {
    open?(tag: string, attributes: Record<string, string>): void;
    text?(text: string): void;
    close?(tag: string): void;
  },
): Promise<void> {
  const entry = book.entries.get(name);
  if (entry === undefined) throw new TableError('file_unreadable');
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    book.zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  const parser = new SaxesParser();
  const local = (tag: string) => tag.slice(tag.indexOf(':') + 1);
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new TableError('file_unreadable');
  });
  parser.on('opentag', (tag: SaxesTagPlain) => handlers.open?.(local(tag.name), tag.attributes));
  parser.on('closetag', (tag: SaxesTagPlain) => handlers.close?.(local(tag.name)));
  parser.on('text', (text) => handlers.text?.(text));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of stream) {
    const bytes = piece as Buffer;
    book.left -= bytes.length;
    if (book.left < 0) throw new TableError('table_too_large');
    parser.write(decoder.decode(bytes, { stream: true }));
  }
  parser.write(decoder.decode()).close();
}

/** The path of the sheet that stands first. */
async function firstSheet(book: Book): Promise<string> {
  let id: string | undefined;
  await walk(book, 'xl/workbook.xml', {
    open(tag, attributes) {
      if (tag === 'sheet') id ??= Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1];
    },
  });
  let target: string | undefined;
  await walk(book, 'xl/_rels/workbook.xml.rels', {
    open(tag, attributes) {
      if (tag === 'Relationship' && attributes.Id === id && id !== undefined) target ??= attributes.Target;
    },
  });
  if (target === undefined) throw new TableError('file_unreadable');
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

async function sharedStrings(book: Book): Promise<string[]> {
  const strings: string[] = [];
  if (!book.entries.has('xl/sharedStrings.xml')) return strings;
  let current = '';
  let inText = false;
  let phonetic = 0;
  await walk(book, 'xl/sharedStrings.xml', {
    open(tag) {
      if (tag === 'si') current = '';
      else if (tag === 'rPh') phonetic++;
      else if (tag === 't') inText = true;
    },
    text(text) {
      if (inText && phonetic === 0) current += text;
    },
    close(tag) {
      if (tag === 'si') strings.push(current);
      else if (tag === 'rPh') phonetic--;
      else if (tag === 't') inText = false;
    },
  });
  return strings;
}

/** «C» of «C12» → 2 */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '';
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** Cells beyond are nobody's columns. */
const mostColumns = 200;

/** What cells refer to. */
interface Words {
  shared: string[];
  /** Styles that show a number as a date. */
  dates: Set<number>;
}

/** Formats of a date that have no text of their own (§18.8.30). */
const isBuiltInDate = (format: number): boolean => (format >= 14 && format <= 22) || (format >= 45 && format <= 47);

/** Of a day, month, year or hour, outside of quotes, escapes and brackets such as «[Red]». */
const isDateFormat = (code: string): boolean =>
  /[dmyhs]/i.test(code.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').replace(/general/gi, ''));

async function dateStyles(book: Book): Promise<Set<number>> {
  const dates = new Set<number>();
  if (!book.entries.has('xl/styles.xml')) return dates;
  const own = new Map<number, boolean>();
  let inCells = false;
  let style = 0;
  await walk(book, 'xl/styles.xml', {
    open(tag, attributes) {
      if (tag === 'numFmt') own.set(Number(attributes.numFmtId), isDateFormat(attributes.formatCode ?? ''));
      else if (tag === 'cellXfs') inCells = true;
      else if (tag === 'xf' && inCells) {
        const format = Number(attributes.numFmtId ?? 0);
        if (own.get(format) ?? isBuiltInDate(format)) dates.add(style);
        style++;
      }
    },
    close(tag) {
      if (tag === 'cellXfs') inCells = false;
    },
  });
  return dates;
}

interface RawCell {
  column: number;
  type: string;
  style: number;
  value: string;
  hasFormula: boolean;
}

function cellOf(raw: RawCell, { shared, dates }: Words): Cell {
  if (raw.value === '') return raw.hasFormula ? { trouble: 'no_value' } : '';
  switch (raw.type) {
    case 's':
      return shared[Number(raw.value)] ?? '';
    case 'b':
      return raw.value === '1' ? 'VERDADERO' : 'FALSO';
    case 'd':
      return { trouble: 'is_date' };
    case 'e':
      // A result that is an error is no value.
      return { trouble: 'no_value' };
    case 'n': {
      const number = Number(raw.value);
      if (!Number.isFinite(number)) return raw.value;
      return dates.has(raw.style) ? { trouble: 'is_date' } : number;
    }
    default:
      return raw.value;
  }
}

async function rowsOf(book: Book, sheet: string, words: Words, limits: TableLimits): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  let row = 0;
  let cells: Cell[] = [];
  let cell: RawCell | null = null;
  let reading = false;
  await walk(book, sheet, {
    open(tag, attributes) {
      switch (tag) {
        case 'row':
          row = attributes.r === undefined ? row + 1 : Number(attributes.r);
          cells = [];
          break;
        case 'c':
          cell = {
            column: attributes.r === undefined ? cells.length : columnOf(attributes.r),
            type: attributes.t ?? 'n',
            style: Number(attributes.s ?? 0),
            value: '',
            hasFormula: false,
          };
          break;
        case 'f':
          if (cell !== null) cell.hasFormula = true;
          break;
        case 'v':
        case 't':
          reading = true;
          break;
      }
    },
    text(text) {
      if (!reading || cell === null) return;
      cell.value += text;
      if (cell.value.length > limits.mostText * 2) throw new TableError('table_too_large');
    },
    close(tag) {
      if (tag === 'v' || tag === 't') reading = false;
      if (tag === 'c' && cell !== null) {
        if (cell.column >= 0 && cell.column < mostColumns) cells[cell.column] = cellOf(cell, words);
        cell = null;
      }
      if (tag === 'row' && cells.some((one) => !isEmptyCell(one))) {
        if (rows.length > limits.mostRows) throw new TableError('too_many_rows');
        rows.push({ row, cells: Array.from(cells, (one: Cell | undefined) => one ?? '') });
      }
    },
  });
  return rows;
}
