import type { TFunction } from 'i18next';
import type { OperationKind, OperationState, TimelineEntry } from '../../domain/operation';
import { createI18n } from './i18n';
import { gathered, timelineText } from './timeline';
import type { Locale } from './resources';

function say(
  code: string,
  data: Record<string, unknown> | null,
  locale: Locale = 'es',
  state: OperationState = 'syncing',
  kind: OperationKind = 'move_pallets',
) {
  const t = createI18n(locale).getFixedT(locale, 'operations') as TFunction<'operations'>;
  return timelineText({ code, data, state }, kind, t, locale);
}

describe('the sentence of a timeline entry', () => {
  it.each<[string, string, Record<string, unknown> | null]>([
    ['Aceptada', 'accepted', { ahead: 0, pallets: 2 }],
    ['Aceptada; espera su turno detrás de otro movimiento de estos pallets', 'accepted', { ahead: 1 }],
    ['Traslado NV-123 creado en Odoo', 'transfer_created', { name: 'NV-123' }],
    ['Odoo no responde, reintento 2 de 3', 'retrying', { code: 'odoo_unreachable', retry: 2, of: 3 }],
    [
      'Odoo no responde. Sigue guardado y continúa solo',
      'waiting',
      { code: 'odoo_unreachable', detail: 'ECONNREFUSED' },
    ],
    ['Hubo un problema. Sigue guardado y continúa solo', 'waiting', { code: 'never_heard_of' }],
    ['Odoo volvió; continúa', 'resumed', { after: 'odoo_unreachable' }],
    ['Continúa', 'resumed', { after: 'internal' }],
    ['Requiere atención: El pallet está vacío en Odoo.', 'attention', { code: 'empty_pallet', lines: [] }],
    ['Se pidió mover los demás', 'retried', { choice: 'others' }],
    ['La reemplaza la operación NV-45', 'replaced', { number: 45, operationId: 'x' }],
    ['Enviando', 'a_code_of_tomorrow', null],
  ])('%s', (sentence, code, data) => {
    expect(say(code, data)).toBe(sentence);
  });

  it('an undo that waits is not «saved to be sent»', () => {
    expect(say('waiting', { code: 'odoo_unreachable' }, 'es', 'compensating')).toBe(
      'Odoo no responde. Se deshace solo en cuanto se pueda',
    );
  });

  it.each<[string, string, OperationKind, Record<string, unknown> | null]>([
    ['Cobrada y guardada', 'accepted', 'sale', { ahead: 0 }],
    ['Lista: no queda nada pendiente', 'synced', 'void_sale', null],
    ['Terminada', 'synced', 'sync_prices', null],
    [
      'El servidor de correo no responde. La venta está guardada y el correo sale solo',
      'waiting',
      'sale',
      { code: 'mail_unreachable' },
    ],
    ['Boleta enviada a ana@cliente.test', 'receipt_sent', 'sale', { to: 'ana@cliente.test' }],
    ['El sistema la encontró detenida y la retomó', 'swept', 'return_sale', { reason: 'closed' }],
    ['Continúa', 'resumed', 'sale', { after: 'mail_unreachable' }],
  ])('«%s» where no pallet is moved', (sentence, code, kind, data) => {
    expect(say(code, data, 'es', 'syncing', kind)).toBe(sentence);
  });

  it('is English for those who read English', () => {
    expect(say('attention', { code: 'empty_pallet' }, 'en')).toBe('Needs attention: The pallet is empty in Odoo.');
  });
});

it('long work that goes on is one line of the timeline: how far it has come', () => {
  const entry = (id: number, code: string, attempt = 1) =>
    ({ id: String(id), code, attempt }) as unknown as TimelineEntry;
  const entries = [
    entry(1, 'taken'),
    entry(2, 'progress'),
    entry(3, 'progress'),
    entry(4, 'progress', 2),
    entry(5, 'taken_back', 2),
    entry(6, 'taken_back', 2),
    entry(7, 'compensated', 2),
  ];
  expect(gathered(entries).map(({ id }) => id)).toEqual(['1', '3', '4', '6', '7']);
});
