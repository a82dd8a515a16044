import type { TFunction } from 'i18next';
import { kindSpecs } from '../../../domain/kinds';
import type { OperationKind } from '../../../domain/operation';

/** What an operation is about; a document of the till, written «Caja 1 · N° 123», in the reader's words. */
export function subjectLabel(kind: OperationKind, label: string, t: TFunction<'sales'>): string {
  const document = kindSpecs[kind].family === 'sale' ? /^(.*) · N° (\d+)$/.exec(label) : null;
  return document === null ? label : t('label', { register: document[1], number: document[2] });
}
