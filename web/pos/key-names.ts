import type { PaymentMethod } from '../../domain/till';

/** What each function key does; of the two that share one, which depends on what is on the screen. */
export const keys = {
  help: 'F1',
  search: 'F2',
  quantity: 'F3',
  price: 'F4',
  park: 'F6',
  tickets: 'F7',
  sales: 'F8',
  print: 'F8',
  register: 'F9',
  charge: 'F10',
  confirm: 'Enter',
} as const;

/** While it is being paid. */
export const methodKeys: Readonly<Record<PaymentMethod, string>> = { cash: 'F2', card: 'F3', transfer: 'F4' };
