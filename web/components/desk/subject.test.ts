import { createFormat } from '../../i18n/format';
import { createI18n } from '../../i18n/i18n';
import { subjectLabel, subjectTotal } from './subject';

const subject = { id: 'x', label: 'Caja · 1 · N° 123', document: null, count: 1, total: null };
const document = { register: 'Caja · 1', number: 123 };

it('a document of the till is named in the reader’s language, anything else as it is', () => {
  const [es, en] = [createI18n('es').getFixedT(null, 'sales'), createI18n('en').getFixedT(null, 'sales')];
  expect(subjectLabel({ ...subject, document }, es)).toBe('Caja · 1 · N° 123');
  expect(subjectLabel({ ...subject, document }, en)).toBe('Caja · 1 · No. 123');
  expect(subjectLabel(subject, en)).toBe('Caja · 1 · N° 123');
});

it('what goes back has a minus', () => {
  const format = createFormat('es-CL', 'America/Santiago');
  const sold = { ...subject, total: { amount: 1990, currency: 'CLP' } };
  expect(subjectTotal('sale', sold, format)).toBe('$1.990');
  expect(subjectTotal('return_sale', sold, format)).toBe('−$1.990');
  expect(subjectTotal('void_sale', sold, format)).toBe('−$1.990');
  expect(subjectTotal('import_products', subject, format)).toBeNull();
});
