import { es } from '../../i18n/resources';

type Action = keyof typeof es.admin.audit.action;

/** The key of an action's words: `pallet.move` → `pallet_move`. */
export function auditActionOf(action: string): Action | undefined {
  const key = action.replaceAll('.', '_');
  return Object.hasOwn(es.admin.audit.action, key) ? (key as Action) : undefined;
}

/** Ids of things name nothing to a person; sites of a user are counted. */
export const isId = (field: string): boolean => field !== 'siteIds' && (field === 'id' || /Ids?$/.test(field));

const amounts = ['amount', 'float', 'expected', 'counted', 'difference', 'total', 'price', 'retailPrice', 'cost'];

/** Written down with three decimals: «23.000» is twenty-three. */
export const isQuantity = (field: string): boolean => ['onHand', 'quantity', 'minStock', 'maxStock'].includes(field);

/** Written down in minor units of the business's currency. */
export const isAmount = (field: string): boolean => amounts.includes(field);
