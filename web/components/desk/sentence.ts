import type { TFunction } from 'i18next';
import type { OperationError, OperationState } from '../../../domain/operation';
import { problemText } from '../../i18n/problem';
import type { Locale } from '../../i18n/resources';

/** What an error means for the person who reads the list; null where the state says enough. */
export function shortSentence(state: OperationState, error: OperationError | null, locale: Locale): string | null {
  switch (state) {
    case 'needs_attention':
      return error === null ? null : problemText(error.code, locale, error.detail);
    case 'waiting':
      // Parked before it was ever tried: its connection is down.
      return problemText(error?.code ?? 'odoo_unreachable', locale, error?.detail);
    case 'pending':
    case 'syncing':
    case 'synced':
    case 'compensating':
    case 'compensated':
    case 'cancelled':
      return null;
  }
}

const todoCodes = [
  'unknown_pallet',
  'ambiguous_pallet',
  'empty_pallet',
  'split_pallet',
  'reserved_elsewhere',
  'moved_since_scan',
  'superseded_scan',
  'same_location',
  'odoo_forbidden',
  'odoo_refused',
  'odoo_failed',
  'reference_taken',
  'undo_blocked',
  'undo_failed',
  'start_refused',
  'stopped_by_person',
  'unknown_location',
  'no_connection',
] as const;

/** What to do about an error that asks for a person. */
export function todoText(code: string, t: TFunction<'desk'>): string {
  const known = todoCodes.find((one) => one === code);
  return t(`todo.${known ?? 'other'}`);
}

/** Errors after which something of the operation may still stand in the outside system. */
const leftCodes: readonly string[] = ['undo_blocked', 'undo_failed', 'reference_taken', 'stopped_by_person'];

export function leavesSomething(code: string): boolean {
  return leftCodes.includes(code);
}
