import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRouteLoaderData } from '@remix-run/react';
import { type Locale } from './resources';

/**
 * How numbers and dates are written: Spanish as in the business's country (`es-CL`, `es-MX`, `es-AR`, by the tenant's locale),
 * English as in Great Britain.
 */
export function formatTag(locale: Locale, tenantLocale?: string | null): string {
  if (locale === 'en') return 'en-GB';
  return tenantLocale && /^es-[A-Z]{2}$/.test(tenantLocale) ? tenantLocale : 'es-CL';
}

export interface Format {
  /** Kilograms with at most one decimal: «456,7 kg». */
  kg(value: number): string;
  number(value: number): string;
  /** Minor units with their currency, as the country writes it: «$12.990», in English «$12,990». */
  money(value: { amount: number; currency: string }): string;
  /** The same without the currency, to be written over: «12.990». */
  amount(value: { amount: number; currency: string }): string;
  /** A difference of money: «+$500», «−$500». */
  moneyChange(value: { amount: number; currency: string }): string;
  /** Roughly, for an axis: «120 mil». */
  short(value: number): string;
  /** The weekday of a calendar day: «miércoles». */
  weekday(date: string): string;
  /** 0.125 → «12,5 %». */
  percent(share: number): string;
  /** A quantity as the API writes it, with its unit where that is no piece: «12», «0,35 kg». `signed`: «+12» too. */
  quantity(value: string, unit?: string, signed?: boolean): string;
  /** A calendar day: «miércoles, 25 de noviembre de 2026». */
  day(date: string): string;
  time(iso: string | number): string;
  /** Hours and minutes. */
  clock(iso: string | number): string;
  dateTime(iso: string | number): string;
  /** With the year, for what is printed and kept: «28 nov 2026, 19:58». */
  stamp(iso: string | number): string;
  /** «hace 3 min», from the given now. */
  ago(iso: string | number, now: number): string;
  /** «4,2 s», «3 min», «2 h 5 min», «3 días»: from one instant to another. */
  duration(from: string | number, to: string | number): string;
  /** How long something has been so, from the given now: as a duration, without tenths. */
  age(since: string | number, now: number): string;
}

const secondsBetween = (from: string | number, to: string | number): number =>
  Math.max(0, (new Date(to).getTime() - new Date(from).getTime()) / 1000);

/** A number and its unit stay in one line. */
const whole = (text: string): string => text.replaceAll(' ', '\u00a0');

/** `tag` as formatTag gives it. */
export function createFormat(tag: string, timeZone: string): Format {
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
  const stamp = new Intl.DateTimeFormat(tag, {
    timeZone,
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const thousandth = new Intl.NumberFormat(tag, { maximumFractionDigits: 3 });
  const difference = new Intl.NumberFormat(tag, { maximumFractionDigits: 3, signDisplay: 'exceptZero' });
  // A day is no instant: it is the same in every zone.
  const day = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', dateStyle: 'full' });
  const weekday = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', weekday: 'long' });
  const short = new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1 });
  /** Spanish puts a dash or «de» between day and month («25-nov»), which among tabular figures stands apart: «25 nov». */
  const dayAndTime = (format: Intl.DateTimeFormat, iso: string | number): string =>
    format
      .formatToParts(new Date(iso))
      .map(({ type, value }) => (type === 'literal' && (value === '-' || value === ' de ') ? '\u00a0' : value))
      .join('');
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 });
  const tenth = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const days = new Intl.NumberFormat(tag, { style: 'unit', unit: 'day', unitDisplay: 'long' });
  const monies = new Map<string, { format: Intl.NumberFormat; plain: Intl.NumberFormat; minor: number }>();
  const moneyOf = (currency: string) => {
    const known = monies.get(currency);
    if (known) return known;
    // English would write «CLP 12,990» on each line of a business that knows no other money: its own sign says enough.
    const currencyDisplay = tag.startsWith('en') ? 'narrowSymbol' : 'symbol';
    const format = new Intl.NumberFormat(tag, { style: 'currency', currency, currencyDisplay });
    const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
    const bare = new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    const made = { format, plain: bare, minor: 10 ** digits };
    monies.set(currency, made);
    return made;
  };
  const money = ({ amount, currency }: { amount: number; currency: string }): string => {
    const { format, minor } = moneyOf(currency);
    return format.format(amount / minor);
  };
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'always', style: 'short' });
  const lasting = (seconds: number): string => {
    if (seconds < 60) return whole(`${tenth.format(seconds)} s`);
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return whole(`${minutes} min`);
    const hours = Math.floor(minutes / 60);
    if (hours < 24) return whole(minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`);
    return whole(days.format(Math.round(hours / 24)));
  };
  return {
    kg: (value) => `${kg.format(value)}\u00a0kg`,
    number: (value) => plain.format(value),
    money,
    moneyChange: ({ amount, currency }) => {
      const sign = amount < 0 ? '−' : amount > 0 ? '+' : '';
      return `${sign}${money({ amount: Math.abs(amount), currency })}`;
    },
    quantity: (value, unit = 'unit', signed = false) => {
      const text = (signed ? difference : thousandth).format(Number(value));
      return unit === 'unit' ? text : whole(`${text} ${unit}`);
    },
    amount: ({ amount, currency }) => {
      const { plain: bare, minor } = moneyOf(currency);
      return bare.format(amount / minor);
    },
    day: (date) => day.format(new Date(`${date}T00:00:00Z`)),
    weekday: (date) => weekday.format(new Date(`${date}T00:00:00Z`)),
    // ICU writes some thousands of a country with a capital letter, and others not.
    short: (value) => whole(short.format(value).replace('K', 'k')),
    percent: (share) => percent.format(share),
    time: (iso) => time.format(new Date(iso)),
    clock: (iso) => clock.format(new Date(iso)),
    dateTime: (iso) => dayAndTime(dateTime, iso),
    stamp: (iso) => dayAndTime(stamp, iso),
    duration: (from, to) => {
      const seconds = secondsBetween(from, to);
      return lasting(seconds < 10 ? seconds : Math.round(seconds));
    },
    age: (since, now) => lasting(Math.floor(secondsBetween(since, now))),
    ago: (iso, now) => {
      const seconds = Math.max(0, Math.round((now - new Date(iso).getTime()) / 1000));
      if (seconds < 60) return relative.format(-seconds, 'second');
      if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
      if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
      return relative.format(-Math.floor(seconds / 86_400), 'day');
    },
  };
}

/** Numbers and dates in the person's language, as the business's country writes them, in its time zone; the same on server and browser. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const root = useRouteLoaderData('root') as { timeZone?: string; tenantLocale?: string | null } | undefined;
  const timeZone = root?.timeZone ?? 'UTC';
  const tag = formatTag(i18n.language === 'en' ? 'en' : 'es', root?.tenantLocale);
  return useMemo(() => createFormat(tag, timeZone), [tag, timeZone]);
}
