import type { TFunction } from 'i18next';
import type { OperationState } from '../../domain/operation';
import { createI18n } from './i18n';
import { timelineText } from './timeline';
import type { Locale } from './resources';

function say(
  code: string,
  data: Record<string, unknown> | null,
  locale: Locale = 'es',
  state: OperationState = 'syncing',
) {
  const t = createI18n(locale).getFixedT(locale, 'operations') as TFunction<'operations'>;
  return timelineText({ code, data, state }, t, locale);
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
    ['Requiere atención: El pallet está vacío en Odoo.', 'attention', { code: 'empty_pallet', lines: [] }],
    ['Se pidió mover los demás', 'retried', { choice: 'others' }],
    ['La reemplaza la operación NV-45', 'replaced', { number: 45, operationId: 'x' }],
    ['Enviando', 'a_code_of_tomorrow', null],
  ])('%s', (sentence, code, data) => {
    expect(say(code, data)).toBe(sentence);
  });

  it('is English for those who read English', () => {
    expect(say('attention', { code: 'empty_pallet' }, 'en')).toBe('Needs attention: The pallet is empty in Odoo.');
  });
});
