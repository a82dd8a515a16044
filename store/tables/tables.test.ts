import { Workbook, type CellValue } from 'exceljs';
import { readTable } from './read';

const limits = { mostRows: 50, mostText: 1_000, mostBytes: 1_000_000 };
const cellsOf = async (file: Buffer) => (await readTable(file, limits)).map(({ cells }) => cells);

async function xlsx(rows: CellValue[][], more: (book: Workbook) => void = () => undefined): Promise<Buffer> {
  const book = new Workbook();
  book.addWorksheet('Hoja 1').addRows(rows);
  more(book);
  return Buffer.from(await book.xlsx.writeBuffer());
}

describe('a CSV file', () => {
  it.each([
    [';', 'sku;nombre\nA;"Uno; dos"\n'],
    [',', 'sku,nombre\nA,"Uno; dos"\n'],
    ['\t', 'sku\tnombre\nA\tUno; dos\n'],
  ])('is parted by «%s»', async (_, text) => {
    expect(await cellsOf(Buffer.from(text))).toEqual([
      ['sku', 'nombre'],
      ['A', 'Uno; dos'],
    ]);
  });

  it('is UTF-8, with a mark or without, or what a Spanish Excel writes', async () => {
    for (const file of [
      Buffer.from('ñandú;á\n'),
      Buffer.from('\ufeffñandú;á\n'),
      Buffer.from('ñandú;á\r\n', 'latin1'),
      Buffer.from('\ufeffñandú\tá\r\n', 'utf16le'),
    ]) {
      expect(await cellsOf(file)).toEqual([['ñandú', 'á']]);
    }
  });

  it('counts lines as people see them, without the empty ones', async () => {
    const rows = await readTable(Buffer.from('sku;n\n\nA;1\n;\n"B\nb";2\nC;3\n'), limits);
    expect(rows.map(({ row, cells }) => [row, cells[0]])).toEqual([
      [1, 'sku'],
      [3, 'A'],
      [6, 'B\nb'],
      [7, 'C'],
    ]);
  });

  it('says by itself how it is parted, where Excel wrote it', async () => {
    const rows = await readTable(Buffer.from('sep=;\r\nsku;nombre, largo\r\nA;1\r\n'), limits);
    expect(rows).toEqual([
      { row: 2, cells: ['sku', 'nombre, largo'] },
      { row: 3, cells: ['A', '1'] },
    ]);
  });

  it('is not taken when it has too many lines or is none', async () => {
    await expect(readTable(Buffer.from('a\n'.repeat(60)), limits)).rejects.toMatchObject({ code: 'too_many_rows' });
    await expect(readTable(Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), limits)).rejects.toMatchObject({
      code: 'file_unreadable',
    });
    await expect(readTable(Buffer.from(`a;b\n"${'x'.repeat(60_000)}`), limits)).rejects.toMatchObject({
      code: 'file_unreadable',
    });
  });
});

describe('an Excel file', () => {
  it('is read as people see it: texts, numbers, long codes, gaps', async () => {
    const file = await xlsx([
      ['sku', 'código', 'precio', 'min'],
      ['A-1', 7804520000013, 12990, 0.35],
      [null, null, null, null],
      ['ñ', null, 0.1 + 0.2, true],
    ]);
    const rows = await readTable(file, limits);
    expect(rows).toEqual([
      { row: 1, cells: ['sku', 'código', 'precio', 'min'] },
      { row: 2, cells: ['A-1', 7804520000013, 12990, 0.35] },
      { row: 4, cells: ['ñ', '', 0.1 + 0.2, 'VERDADERO'] },
    ]);
  });

  it('has rich text and more sheets: the first one counts', async () => {
    const file = await xlsx([['sku'], [{ richText: [{ text: 'A' }, { text: '-1', font: { bold: true } }] }]], (book) =>
      book.addWorksheet('Otra').addRow(['no']),
    );
    expect(await cellsOf(file)).toEqual([['sku'], ['A-1']]);
  });

  it('is not calculated: a formula is its kept result, or nothing', async () => {
    const file = await xlsx([
      ['sku', 'precio'],
      ['A', { formula: '1+1', result: 7 }],
      ['B', { formula: 'WEBSERVICE("http://127.0.0.1:1")' }],
    ]);
    expect(await cellsOf(file)).toEqual([
      ['sku', 'precio'],
      ['A', 7],
      ['B', { trouble: 'no_value' }],
    ]);
  });

  it('has dates that are told from numbers, whatever the format calls them', async () => {
    const file = await xlsx([['a', 'b', 'c', 'd', 'e']], (book) => {
      const row = book.getWorksheet('Hoja 1')!.addRow([45_939, 45_939, 12_990, 0.19, 45_939]);
      const formats = ['dd-mm-yyyy', 'mmm-yy', '"$"#,##0;[Red]\\-"$"#,##0', '0%', '[$-340A]d "de" mmmm'];
      formats.forEach((format, at) => (row.getCell(at + 1).numFmt = format));
    });
    const date = { trouble: 'is_date' };
    expect((await cellsOf(file))[1]).toEqual([date, date, 12_990, 0.19, date]);
  });

  it('that unpacks to more than its limit is given up before', async () => {
    const file = await xlsx([['x'.repeat(900)], ...Array.from({ length: 40 }, () => ['y'.repeat(900)])]);
    await expect(readTable(file, { ...limits, mostBytes: 5_000 })).rejects.toMatchObject({ code: 'table_too_large' });
    await expect(readTable(file, { ...limits, mostRows: 10 })).rejects.toMatchObject({ code: 'too_many_rows' });
  });

  it('that is broken, or is another zip, is said to be so', async () => {
    const file = await xlsx([['sku']]);
    for (const broken of [file.subarray(0, file.length / 2), Buffer.from('PK\u0003\u0004no', 'latin1')]) {
      await expect(readTable(broken, limits)).rejects.toMatchObject({ code: 'file_unreadable' });
    }
  });
});
