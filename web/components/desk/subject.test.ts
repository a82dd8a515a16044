import { createI18n } from '../../i18n/i18n';
import { subjectLabel } from './subject';

it('a document of the till is named in the reader’s language, anything else as it is', () => {
  const [es, en] = [createI18n('es').getFixedT(null, 'sales'), createI18n('en').getFixedT(null, 'sales')];
  expect(subjectLabel('sale', 'Caja · 1 · N° 123', es)).toBe('Caja · 1 · N° 123');
  expect(subjectLabel('return_sale', 'Caja · 1 · N° 123', en)).toBe('Caja · 1 · No. 123');
  expect(subjectLabel('import_products', 'lista · N° 5', en)).toBe('lista · N° 5');
});
