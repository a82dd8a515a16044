import { useTranslation } from 'react-i18next';
import { type Locale, locales } from '../i18n/resources';
import { localeCookie } from '../i18n/i18n';
import classes from './LanguageSwitch.module.css';

/** Remembers the language on this device and shows it at once. */
export function useLanguage(): (locale: Locale) => void {
  const { i18n } = useTranslation();
  return (locale) => {
    document.cookie = `${localeCookie}=${locale}; path=/; max-age=31536000; samesite=lax`;
    void i18n.changeLanguage(locale);
  };
}

/** Each language in its own words. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const choose = useLanguage();
  return (
    <div className={classes.row} role="group" aria-label={t('language')}>
      {locales.map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          className={classes.button}
          aria-pressed={i18n.language === locale}
          onClick={() => choose(locale)}
        >
          {t(`language_${locale}`)}
        </button>
      ))}
    </div>
  );
}
