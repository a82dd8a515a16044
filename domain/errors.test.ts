import { errors, type ErrorCode } from './errors';

/**
 * What a move can be refused with, wait for, or come to rest with: read by somebody with a scanner in the hand. What to do about
 * it is said beside it (web/i18n, `todo`).
 */
const onTheFloor = [
  'no_connection',
  'unknown_location',
  'no_pallets',
  'too_many_pallets',
  'duplicate_pallet',
  'same_location',
  'unknown_pallet',
  'ambiguous_pallet',
  'empty_pallet',
  'split_pallet',
  'reserved_elsewhere',
  'moved_since_scan',
  'superseded_scan',
  'odoo_unreachable',
  'odoo_unknown_outcome',
  'odoo_busy',
  'odoo_throttled',
  'odoo_credentials',
  'odoo_incompatible',
  'odoo_forbidden',
  'odoo_refused',
  'odoo_failed',
  'reference_taken',
  'undo_blocked',
  'undo_failed',
  'start_refused',
  'stopped_by_person',
  'process_failing',
  'internal',
  'unavailable',
  'unauthenticated',
  'token_expired',
  'session_ended',
  'forbidden',
  'rate_limited',
] as const satisfies readonly ErrorCode[];

/** What a sale, a void, a return or a parked ticket can be refused with: read by a cashier, with a customer before them. */
const atTheTill = [
  'insufficient_stock',
  'unknown_sku',
  'quantity_not_whole',
  'bad_quantity',
  'register_closed',
  'unknown_register',
  'unknown_site',
  'payments_mismatch',
  'product_withdrawn',
  'price_changed',
  'sale_too_large',
  'wrong_currency',
  'ticket_ended',
  'unknown_ticket',
  'not_a_sale',
  'already_voided',
  'sale_has_returns',
  'void_too_late',
  'unknown_line',
  'more_than_sold',
  'not_enough_cash',
  'command_in_progress',
] as const satisfies readonly ErrorCode[];

describe('a sentence of the catalogue', () => {
  it.each(Object.entries(errors))('%s is one in both languages, with an end', (_, { es, en }) => {
    expect(es).toMatch(/^\p{Lu}.*\.$/u);
    expect(en).toMatch(/^\p{Lu}.*\.$/u);
    expect(en).not.toBe(es);
  });

  it.each([...new Set([...onTheFloor, ...atTheTill])])('%s has no word that only we know', (code) => {
    const ours =
      /\b(proceso|motor|consola|workflow|temporal|token|servidor|timeout|process|engine|console|server|outbox|API)\b/i;
    expect(errors[code].es).not.toMatch(ours);
    expect(errors[code].en).not.toMatch(ours);
  });
});
