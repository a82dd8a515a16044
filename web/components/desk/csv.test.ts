import { csvAnswer } from './csv.server';
import { everyRow } from './every-row';

const text = async (answer: Response) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer());
async function* rows(...list: (string | number | null)[][]) {
  yield* list;
}

it('a file that a Spanish Excel opens as columns; what looks like a formula is text', async () => {
  const answer = csvAnswer('lista', 'es', ['Qué', 'Cuánto'], rows(['=HYPERLINK("x")', 1], ['uno; "dos"', null]));
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="lista.csv"');
  expect(await text(answer)).toBe('\ufeffQué;Cuánto\r\n"\'=HYPERLINK(""x"")";1\r\n"uno; ""dos""";\r\n');
});

it('a list that breaks off is no file that looks whole', async () => {
  async function* broken() {
    yield ['a'];
    throw new Error('gone');
  }
  await expect(text(csvAnswer('lista', 'en', ['x'], broken()))).rejects.toThrow('gone');
});

it('reads page after page up to the last', async () => {
  const pages = [
    { items: [1, 2], nextCursor: 'b' },
    { items: [3], nextCursor: null },
  ];
  const seen: number[] = [];
  for await (const row of everyRow(async (cursor) => pages[cursor === undefined ? 0 : 1]!)) seen.push(row);
  expect(seen).toEqual([1, 2, 3]);
});
