import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRouteLoaderData } from '@remix-run/react';
import { type Locale } from './resources';

const tags: Record<Locale, string> = { es: 'es-CL', en: 'en-GB' };

export interface Format {
  /** Kilograms with at most one decimal: «456,7 kg». */
  kg(value: number): string;
  number(value: number): string;
  /** 0.125 → «12,5 %». */
  percent(share: number): string;
  time(iso: string | number): string;
  /** Hours and minutes. */
  clock(iso: string | number): string;
  dateTime(iso: string | number): string;
  /** «hace 3 min», from the given now. */
  ago(iso: string | number, now: number): string;
  /** «4,2 s», «3 min», «2 h 5 min», «3 días»: from one instant to another. */
  duration(from: string | number, to: string | number): string;
}

export function createFormat(locale: Locale, timeZone: string): Format {
  const tag = tags[locale];
  const kg = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const plain = new Intl.NumberFormat(tag);
  const time = new Intl.DateTimeFormat(tag, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const clock = new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const dateTime = new Intl.DateTimeFormat(tag, {
    timeZone,
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 });
  const tenth = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const day = new Intl.NumberFormat(tag, { style: 'unit', unit: 'day', unitDisplay: 'long' });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'always', style: 'short' });
  return {
    kg: (value) => `${kg.format(value)}\u00a0kg`,
    number: (value) => plain.format(value),
    percent: (share) => percent.format(share),
    time: (iso) => time.format(new Date(iso)),
    clock: (iso) => clock.format(new Date(iso)),
    dateTime: (iso) => dateTime.format(new Date(iso)),
    duration: (from, to) => {
      const seconds = Math.max(0, (new Date(to).getTime() - new Date(from).getTime()) / 1000);
      if (seconds < 60) return `${tenth.format(seconds < 10 ? seconds : Math.round(seconds))} s`;
      const minutes = Math.round(seconds / 60);
      if (minutes < 60) return `${minutes} min`;
      const hours = Math.floor(minutes / 60);
      if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
      return day.format(Math.round(hours / 24));
    },
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
