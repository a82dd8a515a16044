import { type Receipt, receiptFileName, receiptText } from './receipt';
import { maskAddress, receiptLetter } from './receipt-letter';

const receipt: Receipt = {
  kind: 'sale',
  business: 'Comercial Demo',
  site: 'Tienda Maipú',
  address: 'Av. Pajaritos 123',
  register: 'Caja 1',
  number: 123,
  originalNumber: null,
  reason: null,
  cashier: 'Ana',
  customer: null,
  at: new Date('2026-11-25T02:04:00Z'),
  timeZone: 'America/Santiago',
  locale: 'es-CL',
  currency: 'CLP',
  lines: [
    { name: 'Polera <M>', quantity: 2000, unit: 'unit', unitPrice: 4990, listPrice: 4990, total: 9980 },
    { name: 'Queso', quantity: 350, unit: 'kg', unitPrice: 8600, listPrice: 8600, total: 3010 },
  ],
  total: 12_990,
  tax: 2_074,
  change: 10,
  payments: [{ method: 'cash', amount: 13_000 }],
  voided: false,
  returned: 0,
};
const [shirt, cheese] = receipt.lines as [Receipt['lines'][0], Receipt['lines'][0]];
const sumsOf = (more: Partial<Receipt>) =>
  Object.fromEntries(receiptText({ ...receipt, ...more }).sums.map(({ name, amount }) => [name, amount]));

it('says where and when, what was bought, for how much and how it was paid', () => {
  expect(receiptText(receipt)).toEqual({
    business: 'Comercial Demo',
    where: ['Tienda Maipú', 'Av. Pajaritos 123'],
    title: 'Boleta N° 123',
    // The day at the shop, not the one in Greenwich.
    when: ['Caja 1', expect.stringMatching(/^24 de noviembre de 2026.*23:04$/)],
    mark: null,
    notes: ['Atendió: Ana'],
    lines: [
      { name: 'Polera <M>', detail: '2 × $4.990', total: '$9.980', saved: null },
      { name: 'Queso', detail: '0,350 kg × $8.600', total: '$3.010', saved: null },
    ],
    sums: [
      { name: 'Total', amount: '$12.990', strong: true },
      { name: 'IVA incluido', amount: '$2.074', strong: false },
      { name: 'Efectivo', amount: '$13.000', strong: false },
      { name: 'Vuelto', amount: '$10', strong: false },
    ],
    end: 'Gracias por su compra.',
  });
});

it('a lowered price shows the list price and what it saves, and the sums add up', () => {
  const lines = [{ ...shirt, unitPrice: 3990, total: 7980 }, cheese];
  const text = receiptText({ ...receipt, lines, total: 10_990 });
  expect(text.lines[0]).toMatchObject({ detail: '2 × $3.990', total: '$7.980', saved: 'Precio normal $4.990' });
  expect(sumsOf({ lines, total: 10_990 })).toMatchObject({
    Subtotal: '$12.990',
    Descuentos: '−$2.000',
    Total: '$10.990',
  });
});

it('a raised price is no discount', () => {
  const lines = [{ ...shirt, unitPrice: 5990, total: 11_980 }, cheese];
  expect(Object.keys(sumsOf({ lines, total: 14_990 }))).not.toContain('Descuentos');
});

it.each<[string, Partial<Receipt>, string | null]>([
  ['voided', { voided: true }, 'ANULADA'],
  ['all returned', { returned: 12_990 }, 'DEVUELTA'],
  ['partly returned', { returned: 3010 }, null],
])('a sale that was %s since says so', (_, more, mark) => {
  expect(receiptText({ ...receipt, ...more }).mark).toBe(mark);
  expect(sumsOf(more)['Devuelto después']).toBe(more.returned === 3010 ? '$3.010' : undefined);
});

it('a return says of what and why, and thanks nobody', () => {
  const back = receiptText({
    ...receipt,
    ...{ kind: 'return', originalNumber: 120, reason: 'Talla', customer: 'Señora Ñuñez', change: 0 },
  });
  expect(back).toMatchObject({ title: 'Devolución N° 123', end: '' });
  expect(back.notes).toEqual(['De la boleta N° 120', 'Motivo: Talla', 'Atendió: Ana', 'Cliente: Señora Ñuñez']);
  expect(back.sums[0]).toEqual({ name: 'Total devuelto', amount: '$12.990', strong: true });
});

it('speaks to the customers of an English business in English, with decimals where the currency has them', () => {
  const { title, sums } = receiptText({ ...receipt, locale: 'en-US', currency: 'USD' });
  expect([title, sums[0]]).toEqual(['Receipt No. 123', { name: 'Total', amount: '$129.90', strong: true }]);
});

describe('as a mail', () => {
  it('says the same as text', () => {
    const { subject, text } = receiptLetter(receipt);
    expect(subject).toBe('Boleta N° 123 · Comercial Demo · $12.990');
    for (const part of ['Polera <M>\n  2 × $4.990  $9.980', 'Total: $12.990', 'Efectivo: $13.000', 'Vuelto: $10'])
      expect(text).toContain(part);
  });

  it('names of products are no HTML', () => {
    const { html } = receiptLetter({ ...receipt, cashier: '<b>Ana</b>', site: 'A & B' });
    expect(html).toContain('Polera &lt;M&gt;');
    expect(html).toContain('A &amp; B');
    expect(html).not.toMatch(/<M>|<b>/);
  });

  it('of a sale that was voided since says so', () => {
    const { text, html } = receiptLetter({ ...receipt, voided: true });
    expect([text, html]).toEqual([expect.stringContaining('*** ANULADA ***'), expect.stringContaining('>ANULADA<')]);
  });
});

it.each([
  ['ana.maria@cliente.test', 'an…@cliente.test'],
  ['a@b.test', 'a…@b.test'],
  ['nobody', '…'],
])('%s is shown as %s', (address, shown) => {
  expect(maskAddress(address)).toBe(shown);
});

it.each([
  [{ kind: 'sale', register: 'Caja 1', number: 12 }, 'boleta-caja-1-12.pdf'],
  [{ kind: 'return', register: '«Ñandú / 2»', number: 3 }, 'devolucion-nandu-2-3.pdf'],
  [{ kind: 'void', register: '收银', number: 3 }, 'anulacion-3.pdf'],
] as const)('the file of %j is %s', (of, name) => {
  expect(receiptFileName(of)).toBe(name);
});
