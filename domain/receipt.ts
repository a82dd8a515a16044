import { lineTotal } from './money';
import type { DocumentKind, PaymentMethod } from './till';

/** A document of the till as the customer gets it. Amounts in minor units, quantities in thousandths. */
export interface Receipt {
  kind: DocumentKind;
  business: string;
  site: string;
  address: string | null;
  register: string;
  number: number;
  /** Of the sale that a void or a return takes back. */
  originalNumber: number | null;
  reason: string | null;
  cashier: string | null;
  customer: string | null;
  at: Date;
  timeZone: string;
  /** BCP 47, of the business. */
  locale: string;
  currency: string;
  lines: { name: string; quantity: number; unit: string; unitPrice: number; listPrice: number; total: number }[];
  total: number;
  tax: number;
  change: number;
  payments: { method: PaymentMethod; amount: number }[];
  /** What became of the sale since. */
  voided: boolean;
  returned: number;
}

/** What a receipt says, in the words of the business's customers, whichever way it reaches them. */
export interface ReceiptText {
  business: string;
  /** Site and address. */
  where: string[];
  title: string;
  /** Register and moment. */
  when: string[];
  /** «ANULADA»: it is not worth what it says any more. */
  mark: string | null;
  /** What it takes back and why, who served, who bought. */
  notes: string[];
  lines: { name: string; detail: string; total: string; saved: string | null }[];
  sums: { name: string; amount: string; strong: boolean }[];
  end: string;
}

const es = {
  title: { sale: 'Boleta', void: 'Anulación', return: 'Devolución' },
  number: 'N°',
  total: { sale: 'Total', void: 'Total devuelto', return: 'Total devuelto' },
  method: { cash: 'Efectivo', card: 'Tarjeta', transfer: 'Transferencia' },
  before: 'Precio normal',
  subtotal: 'Subtotal',
  discounts: 'Descuentos',
  tax: 'IVA incluido',
  change: 'Vuelto',
  of: 'De la boleta',
  reason: 'Motivo',
  servedBy: 'Atendió',
  customer: 'Cliente',
  voided: 'ANULADA',
  returned: 'DEVUELTA',
  partly: 'Devuelto después',
  end: { sale: 'Gracias por su compra.', void: '', return: '' },
};
const en: typeof es = {
  title: { sale: 'Receipt', void: 'Void', return: 'Return' },
  number: 'No.',
  total: { sale: 'Total', void: 'Total refunded', return: 'Total refunded' },
  method: { cash: 'Cash', card: 'Card', transfer: 'Transfer' },
  before: 'Regular price',
  subtotal: 'Subtotal',
  discounts: 'Discounts',
  tax: 'Tax included',
  change: 'Change',
  of: 'Of receipt',
  reason: 'Reason',
  servedBy: 'Served by',
  customer: 'Customer',
  voided: 'VOIDED',
  returned: 'RETURNED',
  partly: 'Returned since',
  end: { sale: 'Thank you for your purchase.', void: '', return: '' },
};

/** Whole pieces as «2», what is weighed as «0,350 kg». */
function quantityText({ quantity, unit }: Receipt['lines'][number], locale: string): string {
  if (unit === 'unit') return String(Math.round(quantity / 1000));
  const three = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
  return `${new Intl.NumberFormat(locale, three).format(quantity / 1000)} ${unit}`;
}

/** What the customer pays less than the list says; 0 where a price was raised. */
const savedOn = ({ unitPrice, listPrice, quantity, total }: Receipt['lines'][number]): number =>
  listPrice > unitPrice ? lineTotal(listPrice, quantity) - total : 0;

export function receiptText(receipt: Receipt): ReceiptText {
  const { kind, locale, timeZone, currency, voided, returned } = receipt;
  const words = /^en\b/i.test(locale) ? en : es;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const minor = 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0);
  const money = (amount: number): string => format.format(amount / minor);
  const said = (label: string, value: string | null): string[] => (value === null ? [] : [`${label}: ${value}`]);
  const sum = (name: string, amount: string, strong = false) => ({ name, amount, strong });

  const saved = kind === 'sale' ? receipt.lines.reduce((all, line) => all + savedOn(line), 0) : 0;
  const partly = returned > 0 && returned < receipt.total;
  return {
    business: receipt.business,
    where: [receipt.site, ...(receipt.address === null ? [] : [receipt.address])],
    title: `${words.title[kind]} ${words.number} ${receipt.number}`,
    when: [
      receipt.register,
      new Intl.DateTimeFormat(locale, {
        timeZone,
        dateStyle: 'long',
        timeStyle: 'short',
        // As on every screen; «p. m.» is how people say it, not how shops print it.
        hourCycle: 'h23',
      }).format(receipt.at),
    ],
    mark: voided ? words.voided : returned > 0 && !partly ? words.returned : null,
    notes: [
      ...(receipt.originalNumber === null ? [] : [`${words.of} ${words.number} ${receipt.originalNumber}`]),
      ...said(words.reason, receipt.reason),
      ...said(words.servedBy, receipt.cashier),
      ...said(words.customer, receipt.customer),
    ],
    lines: receipt.lines.map((line) => ({
      name: line.name,
      detail: `${quantityText(line, locale)} × ${money(line.unitPrice)}`,
      total: money(line.total),
      saved: kind === 'sale' && savedOn(line) > 0 ? `${words.before} ${money(line.listPrice)}` : null,
    })),
    sums: [
      ...(saved > 0
        ? [sum(words.subtotal, money(receipt.total + saved)), sum(words.discounts, `−${money(saved)}`)]
        : []),
      sum(words.total[kind], money(receipt.total), true),
      sum(words.tax, money(receipt.tax)),
      ...receipt.payments.map(({ method, amount }) => sum(words.method[method], money(amount))),
      ...(receipt.change > 0 ? [sum(words.change, money(receipt.change))] : []),
      ...(partly ? [sum(words.partly, money(returned))] : []),
    ],
    end: words.end[kind],
  };
}

/** A name for the file that says which one it is, in letters that every system takes. */
export function receiptFileName({ kind, register, number }: Pick<Receipt, 'kind' | 'register' | 'number'>): string {
  const place = register
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  const what = { sale: 'boleta', void: 'anulacion', return: 'devolucion' }[kind];
  return `${[what, place, number].filter((part) => part !== '').join('-')}.pdf`;
}
