import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import type { Receipt } from '../domain/receipt';
import { readPdf } from '../test/support/pdf';
import { runsOf } from './receipt-fonts';
import { receiptPdf } from './receipt-pdf';

const line = { name: 'Polera', quantity: 1000, unit: 'unit', unitPrice: 4990, listPrice: 4990, total: 4990 };
const receipt: Receipt = {
  kind: 'sale',
  business: 'Comercial Demo',
  site: 'Tienda Maipú',
  address: null,
  register: 'Caja 1',
  number: 123,
  originalNumber: null,
  reason: null,
  cashier: null,
  customer: null,
  at: new Date('2026-11-25T15:04:00Z'),
  timeZone: 'America/Santiago',
  locale: 'es-CL',
  currency: 'CLP',
  lines: [line],
  total: 4990,
  tax: 797,
  change: 0,
  payments: [{ method: 'card', amount: 4990 }],
  voided: false,
  returned: 0,
};
const draw = (more: Partial<Receipt> = {}): Promise<Buffer> => buffer(receiptPdf({ ...receipt, ...more }));
const pagesOf = async (more: Partial<Receipt> = {}) => readPdf(await draw(more)).pages;
const named = (...names: string[]) => ({ lines: names.map((name) => ({ ...line, name })) });

it('is as long as it has to be, and no longer', async () => {
  const [short] = await pagesOf();
  const [long] = await pagesOf(named(...Array.from({ length: 60 }, (_, n) => `Producto ${n}`)));
  expect(short!.height).toBeLessThan(400);
  expect(long!.height - short!.height).toBeGreaterThan(59 * 20);
  expect(long!.lines.filter((text) => text.startsWith('Producto'))).toHaveLength(60);
});

it('200 lines with the longest names are cut into pages that readers can show, and none is lost', async () => {
  const names = Array.from({ length: 200 }, (_, n) => `Nº${n} ${'palabra '.repeat(24)}`);
  const pages = await pagesOf(named(...names));
  expect(pages.length).toBeGreaterThan(1);
  for (const { height } of pages) expect(height).toBeLessThanOrEqual(14_400);
  const lines = pages.flatMap((page) => page.lines);
  expect(lines.filter((text) => text.startsWith('Nº'))).toHaveLength(200);
  expect(lines.filter((text) => text === '1 × $4.990 $4.990')).toHaveLength(200);
});

it('the same receipt is the same bytes, another one is not', async () => {
  const [first, second, other] = [await draw(), await draw(), await draw({ number: 124 })];
  expect(first.equals(second)).toBe(true);
  expect(first.equals(other)).toBe(false);
});

it('carries its own font, so that it looks the same everywhere', async () => {
  const raw = (await draw()).toString('latin1');
  expect(raw).toContain('/FontFile2');
  expect(raw).not.toContain('/Helvetica');
});

it.each(['Ñandú «Ü» ¿sí? — 100 % … €', 'Šťáva z Łodzi', 'Борщ', 'Ελιές', 'Phở bò'])('writes %s', async (name) => {
  expect((await pagesOf(named(name)))[0]!.lines).toContain(name);
});

it('shows where there is a character that it cannot write', async () => {
  const [page] = await pagesOf(named('Té 茶 🍵'));
  expect(page!.lines).toContain('Té ? ?');
});

it('a word that is wider than the paper is broken', async () => {
  const word = 'Anticonstitucionalísimamente'.repeat(4);
  const { lines } = (await pagesOf(named(word)))[0]!;
  const from = lines.findIndex((text) => text.startsWith('Anti'));
  const to = lines.indexOf('1 × $4.990 $4.990');
  expect(lines.slice(from, to).join('')).toBe(word);
  expect(to - from).toBeGreaterThan(2);
});

it('line breaks in a name do not tear it apart', () => {
  expect(runsOf('a\nb\u200dc\td', 400)).toEqual([{ font: 'inter-latin-400-normal', text: 'a bc d' }]);
});

it('whatever people call things, it is drawn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
      const pages = await pagesOf({ ...named(text), site: text, customer: text, reason: text });
      expect(pages[0]!.lines).toContain('Total $4.990');
    }),
    { numRuns: 60 },
  );
});
