import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRouteLoaderData } from '@remix-run/react';
import { type Locale } from './resources';

const tags: Record<Locale, string> = { es: 'es-CL', en: 'en-GB' };

export interface Format {
  /** Kilograms with at most one decimal: «456,7 kg». */
  kg(value: number): string;
  number(value: number): string;
  time(iso: string | number): string;
  dateTime(iso: string | number): string;
  /** «hace 3 min», from the given now. */
  ago(iso: string | number, now: number): string;
}

export function createFormat(locale: Locale, timeZone: string): Format {
  const tag = tags[locale];
  const kg = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const plain = new Intl.NumberFormat(tag);
  const time = new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  const dateTime = new Intl.DateTimeFormat(tag, {
    timeZone,
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'always', style: 'short' });
  return {
    kg: (value) => `${kg.format(value)} kg`,
    number: (value) => plain.format(value),
    time: (iso) => time.format(new Date(iso)),
    dateTime: (iso) => dateTime.format(new Date(iso)),
    ago: (iso, now) => {
      const seconds = Math.max(0, Math.round((now - new Date(iso).getTime()) / 1000));
      if (seconds < 60) return relative.format(-seconds, 'second');
      if (seconds < 3600) return relative.format(-Math.round(seconds / 60), 'minute');
      if (seconds < 86_400) return relative.format(-Math.round(seconds / 3600), 'hour');
      return relative.format(-Math.round(seconds / 86_400), 'day');
    },
  };
}

/** Numbers and dates in the person's language and the business's time zone, the same on server and browser. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const root = useRouteLoaderData('root') as { timeZone?: string } | undefined;
  const timeZone = root?.timeZone ?? 'America/Santiago';
  return useMemo(() => createFormat(i18n.language === 'en' ? 'en' : 'es', timeZone), [i18n.language, timeZone]);
}
