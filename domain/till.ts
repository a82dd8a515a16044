import type { Money } from './money';

/** How people pay, at the till and back. */
export const paymentMethods = ['cash', 'card', 'transfer'] as const;
export type PaymentMethod = (typeof paymentMethods)[number];

export const documentKinds = ['sale', 'void', 'return'] as const;
/** What a till writes: a sale, its void on the same day, or goods that come back. */
export type DocumentKind = (typeof documentKinds)[number];

export interface Named {
  id: string;
  name: string;
}

/** Between the opening of a till and its close. */
export interface SessionView {
  id: string;
  register: Named;
  site: Named;
  openedAt: string;
  openedBy: Named;
  closedAt: string | null;
  closedBy: Named | null;
  zNumber: number | null;
  note: string | null;
}

export interface CountAndTotal {
  count: number;
  total: Money;
}

export interface CashMovementView {
  id: string;
  at: string;
  amount: Money;
  reason: string;
  by: Named;
}

/** X while the session is open, Z when it was closed. What came back is taken off `payments` and `tax`. */
export interface RegisterReport {
  session: SessionView;
  sales: CountAndTotal;
  voids: CountAndTotal;
  returns: CountAndTotal;
  payments: { method: PaymentMethod; total: Money }[];
  tax: { rate: number; base: Money; tax: Money }[];
  /** `expected` is what the drawer should hold: float + sales − refunds + in − out; the change given is not in `sales`. */
  cash: { float: Money; sales: Money; refunds: Money; in: Money; out: Money; expected: Money };
  movements: CashMovementView[];
}
