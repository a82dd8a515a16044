import { useTranslation } from 'react-i18next';
import { isErrorCode } from '../../../../domain/errors';
import { problemText } from '../../../i18n/problem';
import { es } from '../../../i18n/resources';
import type { FormError } from './product-form';

type Own = keyof typeof es.products.form;

/** The sentence beside a field that is wrong; null = nothing is. */
export function useErrorWords(): (error: FormError | undefined) => string | null {
  const { t, i18n } = useTranslation('products');
  return (error) => {
    if (error === undefined) return null;
    if (Object.hasOwn(es.products.form, error)) return t(`form.${error as Own}`);
    return problemText(isErrorCode(error) ? error : 'malformed', i18n.language === 'en' ? 'en' : 'es');
  };
}
