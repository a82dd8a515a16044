import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { TableError, type TableLimits, type TableRow } from './table';

/** UTF-8, or what a Spanish Excel writes: Windows-1252 as «CSV», UTF-16 as «Unicode text». */
function decode(file: Buffer): string {
  if (file[0] === 0xff && file[1] === 0xfe) return new TextDecoder('utf-16le').decode(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    // Not UTF-8, which the decoder says by throwing.
    return new TextDecoder('windows-1252').decode(file);
  }
}

/** What Excel reads, and writes, as the first line to say how a file is parted. */
const separatorLine = /^sep=([;,\t])\r?\n/i;

/** Of the heading, outside of quotes: the one that stands there most often. */
function delimiterOf(text: string): string {
  const [heading = ''] = text.replace(/"[^"]*"/g, '').split(/\r?\n/, 1);
  const counts = [';', ',', '\t'].map((delimiter) => [delimiter, heading.split(delimiter).length] as const);
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

/** The lines of a CSV file that are not empty. @throws TableError */
export async function readCsv(file: Buffer, limits: TableLimits): Promise<TableRow[]> {
  const decoded = decode(file).replace(/^\ufeff/, '');
  const separator = separatorLine.exec(decoded);
  const text = separator === null ? decoded : decoded.slice(separator[0].length);
  const linesBefore = separator === null ? 0 : 1;
  const parser = parse({
    delimiter: separator?.[1] ?? delimiterOf(text),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: limits.mostText * 20,
  });
  const rows: TableRow[] = [];
  try {
    // In pieces: a large file must not hold up everybody else.
    const pieces = function* () {
      for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536);
    };
    for await (const read of Readable.from(pieces()).pipe(parser)) {
      const { record, info } = read as { record: string[]; info: { lines: number } };
      if (record.every((cell) => cell.trim() === '')) continue;
      if (rows.length > limits.mostRows) throw new TableError('too_many_rows');
      rows.push({ row: info.lines + linesBefore, cells: record });
    }
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw new TableError('file_unreadable', { cause: error });
  }
  return rows;
}
