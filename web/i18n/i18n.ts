import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Locale, locales, resources } from './resources';

export const localeCookie = 'nervio_lang';

/** One instance per request on the server, one per page in the browser. All words are in the bundle: offline needs them. */
export function createI18n(locale: Locale): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: locale,
    fallbackLng: 'es',
    ns: Object.keys(resources.es),
    defaultNS: 'common',
    resources,
    initAsync: false,
    showSupportNotice: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  return instance;
}

export function isLocale(value: string | null | undefined): value is Locale {
  return locales.some((locale) => locale === value);
}

/** The person's choice on this device, else the person's own, else what the browser asks for, else Spanish. */
export function localeOf(request: Request, own: Locale | null | undefined): Locale {
  const chosen = new RegExp(`(?:^|;\\s*)${localeCookie}=(\\w+)`).exec(request.headers.get('cookie') ?? '')?.[1];
  if (isLocale(chosen)) return chosen;
  if (own) return own;
  const asked = (request.headers.get('accept-language') ?? '')
    .split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase());
  return asked.find(isLocale) ?? 'es';
}
