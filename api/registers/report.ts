import { money } from '../../domain/money';
import type { RegisterReport, SessionView } from '../../domain/till';
import type { Tx } from '../../store/db';
import { type SessionRecord, sumSession } from '../../store/registers';

export const sessionView = (session: SessionRecord): SessionView => ({
  id: session.id,
  register: session.register,
  site: session.site,
  openedAt: session.openedAt.toISOString(),
  openedBy: session.openedBy,
  closedAt: session.closedAt?.toISOString() ?? null,
  closedBy: session.closedBy,
  zNumber: session.zNumber,
  note: session.note,
});

/** What the session took and gave so far, or until it was closed. */
export async function reportOf(tx: Tx, session: SessionRecord, currency: string): Promise<RegisterReport> {
  const sums = await sumSession(tx, session.id);
  const amount = (value: number) => money(value, currency);
  const total = ({ count, total: sum }: { count: number; total: number }) => ({ count, total: amount(sum) });
  const { cash } = sums;
  return {
    session: sessionView(session),
    sales: total(sums.documents.sale),
    voids: total(sums.documents.void),
    returns: total(sums.documents.return),
    payments: sums.payments.map((row) => ({ method: row.method, total: amount(row.total) })),
    tax: sums.tax.map((row) => ({ rate: row.rate, base: amount(row.base), tax: amount(row.tax) })),
    cash: {
      float: amount(session.openingFloat),
      sales: amount(cash.sales),
      refunds: amount(cash.refunds),
      in: amount(cash.in),
      out: amount(cash.out),
      expected: amount(session.openingFloat + cash.sales - cash.refunds + cash.in - cash.out),
    },
    movements: sums.movements.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      amount: amount(row.amount),
      reason: row.reason,
      by: row.by,
    })),
  };
}
