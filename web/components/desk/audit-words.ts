import { es } from '../../i18n/resources';

type Action = keyof typeof es.admin.audit.action;

/** The key of an action's words: `pallet.move` → `pallet_move`. */
export function auditActionOf(action: string): Action | undefined {
  const key = action.replaceAll('.', '_');
  return Object.hasOwn(es.admin.audit.action, key) ? (key as Action) : undefined;
}
