import { type PaymentMethod, paymentMethods } from '../../domain/till';

/** How it is being paid: pure. One amount for each way; what is mixed is more than one of them. Minor units. */
export interface Payment {
  total: number;
  /** A refund: nobody gives change on it. */
  exact: boolean;
  active: PaymentMethod;
  amounts: Readonly<Record<PaymentMethod, number>>;
  /** Which amounts a person said; the others follow. */
  said: Readonly<Partial<Record<PaymentMethod, true>>>;
}

export const mostAmount = 1_000_000_000_000;

const nothing = { cash: 0, card: 0, transfer: 0 } as const;

/** All of it in one way until somebody says otherwise. */
export function startPayment(total: number, exact = false, method: PaymentMethod = 'cash'): Payment {
  return { total, exact, active: method, amounts: { ...nothing, [method]: total }, said: {} };
}

const paidOf = ({ amounts }: Payment): number => amounts.cash + amounts.card + amounts.transfer;

/** The other way takes what is left; when nothing is, all of it is paid so instead. */
export function choose(payment: Payment, method: PaymentMethod): Payment {
  const { active, said, total } = payment;
  if (method === active) return payment;
  const amounts = { ...payment.amounts, ...(said[active] ? {} : { [active]: 0 }) };
  const rest = total - (amounts.cash + amounts.card + amounts.transfer - amounts[method]);
  if (rest <= 0) return startPayment(total, payment.exact, method);
  return { ...payment, active: method, amounts: said[method] ? amounts : { ...amounts, [method]: rest } };
}

/** What was handed over in the chosen way. Just what is left to pay is what would stand there anyway: nobody said anything. */
export function put(payment: Payment, amount: number): Payment {
  const { active, amounts, total } = payment;
  const next = Math.min(Math.max(Math.trunc(amount), 0), mostAmount);
  const { [active]: _, ...others } = payment.said;
  const just = next === total - (paidOf(payment) - amounts[active]);
  return {
    ...payment,
    amounts: { ...amounts, [active]: next },
    said: just ? others : { ...others, [active]: true },
  };
}

/** One more note on the counter. */
export function addNote(payment: Payment, note: number): Payment {
  const cash = payment.active === 'cash' ? payment : { ...payment, active: 'cash' as const };
  return put(cash, (payment.said.cash ? payment.amounts.cash : 0) + note);
}

export interface PaymentState {
  paid: number;
  missing: number;
  change: number;
  /** It adds up, as the server will see it (domain/cart.ts). */
  fits: boolean;
}

export function stateOf(payment: Payment): PaymentState {
  const { total, exact, amounts } = payment;
  const paid = paidOf(payment);
  const over = paid - total;
  const fits = over === 0 || (!exact && over > 0 && over < amounts.cash);
  return { paid, missing: Math.max(-over, 0), change: Math.max(over, 0), fits };
}

export function paymentsOf({ amounts }: Payment): { method: PaymentMethod; amount: number }[] {
  return paymentMethods.filter((method) => amounts[method] > 0).map((method) => ({ method, amount: amounts[method] }));
}

/** Notes in minor units, smallest first. */
const notesOf: Readonly<Record<string, readonly number[]>> = {
  CLP: [1_000, 2_000, 5_000, 10_000, 20_000],
  MXN: [2_000, 5_000, 10_000, 20_000, 50_000],
  ARS: [100_000, 200_000, 1_000_000, 2_000_000],
};
const anyNotes = [500, 1_000, 2_000, 5_000, 10_000];
/** Nobody gathers pairs of small notes to pay a large sum. */
const rare: Readonly<Record<string, number>> = { CLP: 2_000, MXN: 2_000 };

export const notes = (currency: string): readonly number[] => notesOf[currency] ?? anyNotes;

/** What a customer is likely to hand over: the next round sums above what is due. */
export function likelyCash(due: number, currency: string, most = 3): number[] {
  const sums = notes(currency)
    .filter((note) => note !== rare[currency] || due < note)
    .map((note) => Math.ceil(due / note) * note);
  return [...new Set(sums)]
    .filter((sum) => sum > due)
    .sort((a, b) => a - b)
    .slice(0, most);
}
