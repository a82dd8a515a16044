import type { SaleDetail } from '../../api/sales/schemas';
import type { DocumentKind, PaymentMethod, RegisterReport } from '../../domain/till';
import { parseQuantity } from '../../domain/quantity';
import { productUnits } from '../../domain/product';
import { amountOf, nameOf, priceOf } from './cart';
import type { Product } from './product';
import type { Done, Till } from './store';

/** What a roll of 80 mm shows of a sale; amounts in minor units, quantities in thousandths. */
export interface ReceiptPaper {
  kind: 'receipt';
  document: DocumentKind;
  number: number;
  site: string;
  register: string;
  cashier: string | null;
  at: string;
  lines: { name: string; quantity: number; unit: Product['unit']; unitPrice: number; total: number }[];
  total: number;
  tax: number;
  payments: { method: PaymentMethod; amount: number }[];
  change: number;
  original: number | null;
  reason: string | null;
}

/** The X report, or with a number the Z. */
export interface ReportPaper {
  kind: 'report';
  report: RegisterReport;
  counted: { expected: number; counted: number; difference: number } | null;
  /** When an X report was asked for; a Z report tells of the close. */
  takenAt?: string;
}

export type Paper = ReceiptPaper | ReportPaper;

export function paperOfDone({ accepted, cart, payments, at }: Done, till: Till, cashier: string): ReceiptPaper {
  return {
    kind: 'receipt',
    document: cart.mode,
    number: accepted.number,
    site: till.siteName,
    register: till.register.name,
    cashier,
    at,
    lines: cart.lines
      .flatMap((line) =>
        line.product === null || line.quantity === null
          ? []
          : [
              {
                name: nameOf(line),
                quantity: line.quantity,
                unit: line.product.unit,
                unitPrice: priceOf(line) ?? 0,
                total: amountOf(line),
              },
            ],
      )
      .reverse(),
    total: accepted.total.amount,
    tax: accepted.tax.amount,
    payments,
    change: accepted.change.amount,
    original: null,
    reason: null,
  };
}

export const unitOf = (unit: string): Product['unit'] => productUnits.find((one) => one === unit) ?? 'unit';

export function paperOfSale(sale: SaleDetail, original: number | null): ReceiptPaper {
  return {
    kind: 'receipt',
    document: sale.kind,
    number: sale.number,
    site: sale.site.name,
    register: sale.register.name,
    cashier: sale.cashier?.name ?? null,
    at: sale.at,
    lines: sale.lines.map((line) => ({
      name: line.name,
      quantity: parseQuantity(line.quantity) ?? 0,
      unit: unitOf(line.unit),
      unitPrice: line.unitPrice.amount,
      total: line.total.amount,
    })),
    total: sale.total.amount,
    tax: sale.tax.amount,
    payments: sale.payments.map(({ method, amount }) => ({ method, amount: amount.amount })),
    change: sale.change.amount,
    original,
    reason: sale.reason,
  };
}
