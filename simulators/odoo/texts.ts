import type { Env } from './orm/env';

/** Texts that differ by version or by language. `{0}`, `{1}` are filled in. */
type Text = Record<16 | 17 | 18, string> & { es?: Partial<Record<16 | 17 | 18, string>> };

const same = (text: string, es?: Text['es']): Text => ({ 16: text, 17: text, 18: text, ...(es ? { es } : {}) });

const MISSING = 'Record does not exist or has been deleted.\n(Record: {0}, User: {1})';
const EMPTY_17 = 'You can’t validate an empty transfer. Please add some products to move before proceeding.';
const EMPTY_17_ES = 'No es posible validar un traslado vacío. Agregue los productos a trasladar antes de continuar.';
const UNRESERVED_17 =
  'You cannot validate a transfer if no quantities are reserved. To force the transfer, encode quantities.';
const DISABLE_17 = "You can't disable locations {0} because they still contain products.";
const BARCODE = 'The operation cannot be completed: The barcode for a location must be unique per company';

const TEXTS = {
  missing: same(MISSING, { 18: 'El registro no existe o se eliminó.\n(Registro: {0}, Usuario: {1})' }),
  emptyTransfer: {
    16: 'Please add some items to move.',
    17: EMPTY_17,
    18: EMPTY_17,
    es: { 16: 'Por favor agregue algunos items para procesar movimiento.', 17: EMPTY_17_ES, 18: EMPTY_17_ES },
  },
  emptyTransfers: same('Transfers {0}: Please add some items to move.'),
  unreserved: {
    16: 'You cannot validate a transfer if no quantities are reserved nor done. To force the transfer, switch in edit mode and encode the done quantities.',
    17: UNRESERVED_17,
    18: UNRESERVED_17,
  },
  unreservedTransfers: same(
    'Transfers {0}: You cannot validate these transfers if no quantities are reserved nor done. To force these transfers, switch in edit more and encode the done quantities.',
  ),
  nothingToCheck: same('Nothing to check the availability for.'),
  cancelDone: same(
    "You cannot cancel a stock move that has been set to 'Done'. Create a return in order to reverse the moves which took place.",
  ),
  splitPackage: same(
    'You cannot move the same package content more than once in the same transfer or split the same package into two location.',
  ),
  duplicateName: same('The operation cannot be completed: Reference must be unique per company!'),
  senderEmail: same("Unable to send message, please configure the sender's email address."),
  recursion: same('Recursion Detected.'),
  usageView: same("This location's usage cannot be changed to view as it contains products."),
  archiveNonEmpty: { 16: 'You still have some product in locations {0}', 17: DISABLE_17, 18: DISABLE_17 },
  barcodeTaken: { 16: `${BARCODE} !`, 17: `${BARCODE}!`, 18: `${BARCODE}!` },
  privateMethod: {
    16: 'Private methods (such as {1}) cannot be called remotely.',
    17: "Private methods (such as '{0}.{1}') cannot be called remotely.",
    18: "Private methods (such as '{0}.{1}') cannot be called remotely.",
  },
} satisfies Record<string, Text>;

export type TextKey = keyof typeof TEXTS;

/** The text of the call's version, in Spanish when the call asks for it and the recordings have it. */
export function translate(env: Env, key: TextKey, ...values: string[]): string {
  const text: Text = TEXTS[key];
  const spanish = env.lang.startsWith('es') ? text.es?.[env.version] : undefined;
  return (spanish ?? text[env.version]).replace(/\{(\d)\}/g, (_whole, index: string) => values[Number(index)] ?? '');
}
