import { createI18n, localeOf } from '../../i18n/i18n';

/** Words for the title of a page, in the language of whoever asks for it. */
export function deskWords(request: Request, locale: 'es' | 'en') {
  return createI18n(localeOf(request, locale)).getFixedT(null, [
    'desk',
    'system',
    'admin',
    'stores',
    'stock',
    'sales',
    'products',
  ]);
}
