import { auditActions, auditEntities } from '../../../domain/audit';
import { es } from '../../i18n/resources';
import { auditActionOf } from './audit-words';

it.each(auditActions)('«%s» has words', (action) => {
  expect(auditActionOf(action)).toBeDefined();
});

it.each(auditEntities)('«%s» has a name', (entity) => {
  expect(es.admin.audit.entity[entity]).toBeTruthy();
});

it('no words are left of what nobody does any more', () => {
  const known = auditActions.map((action) => auditActionOf(action) as string);
  expect(Object.keys(es.admin.audit.action).filter((key) => !known.includes(key))).toEqual([]);
});
