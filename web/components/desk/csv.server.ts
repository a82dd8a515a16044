import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';

type Cell = string | number | null;

/**
 * A table as a file for a spreadsheet, sent while it is read: UTF-8 with its mark, separated as Excel expects in the
 * country of `tag` (a language tag). What looks like a formula is text.
 */
export function csvAnswer(name: string, tag: string, head: string[], rows: AsyncIterable<Cell[]>): Response {
  const text = stringify({
    bom: true,
    // Where the comma is the decimal sign, it does not separate.
    delimiter: new Intl.NumberFormat(tag).format(0.5).includes(',') ? ';' : ',',
    record_delimiter: 'windows',
    escape_formulas: true,
  });
  const source = Readable.from(
    (async function* () {
      yield head;
      yield* rows;
    })(),
  );
  source.on('error', (error) => text.destroy(error));
  source.pipe(text);
  return new Response(Readable.toWeb(text) as ReadableStream, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
      'cache-control': 'no-store',
    },
  });
}

/** `2026-11-22 10:02:11` in a zone: what a spreadsheet takes for a date. */
export function spreadsheetTime(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date(iso));
}
