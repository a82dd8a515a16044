import type { TFunction } from 'i18next';
import { kindSpecs } from '../../../domain/kinds';
import type { OperationChoice, OperationSummary } from '../../../domain/operation';
import { problemText } from '../../i18n/problem';
import type { Locale } from '../../i18n/resources';

/** What a parked operation waits for. */
const whenParked = { move: 'odoo_unreachable', sale: 'mail_unreachable', catalogue: 'unavailable' } as const;

/** What an error means for the person who reads the list; null where the state says enough. */
export function shortSentence(
  { kind, state, error }: Pick<OperationSummary, 'kind' | 'state' | 'error'>,
  locale: Locale,
): string | null {
  switch (state) {
    case 'needs_attention':
      return error === null ? null : problemText(error.code, locale, error.detail);
    case 'waiting':
      // Parked before it was ever tried: its connection is down.
      return problemText(error?.code ?? whenParked[kindSpecs[kind].family], locale, error?.detail);
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
export function todoText(code: string, choices: readonly OperationChoice[], t: TFunction<'desk'>): string {
  // What cannot be cancelled is not told to be.
  if (!choices.includes('cancel')) return t('todo.again');
  const known = todoCodes.find((one) => one === code);
  return t(`todo.${known ?? 'other'}`);
}

/** Errors after which something of the operation may still stand in the outside system. */
const leftCodes: readonly string[] = [
  'undo_blocked',
  'undo_failed',
  'reference_taken',
  'stopped_by_person',
  'process_failing',
];

export function leavesSomething(code: string): boolean {
  return leftCodes.includes(code);
}
