import type { TFunction } from 'i18next';
import type { OperationKind, OperationSubject } from '../../../domain/operation';
import type { Format } from '../../i18n/format';

/** What an operation is about; a document of the till in the reader's words. */
export const subjectLabel = ({ document, label }: OperationSubject, t: TFunction<'sales'>): string =>
  document === null ? label : t('label', { ...document });

/** What it comes to; what goes back to the customer has a minus. */
export const subjectTotal = (kind: OperationKind, { total }: OperationSubject, format: Format): string | null =>
  total === null ? null : `${kind === 'sale' ? '' : '−'}${format.money(total)}`;
