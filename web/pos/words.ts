import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Format, useFormat } from '../i18n/format';
import { problemText } from '../i18n/problem';
import type { Line, LineProblem } from './cart';
import type { Product } from './product';
import type { Refusal } from './refusal';
import type { Said } from './store';

type Words = TFunction<'pos'>;

/** The till's way to write things, in the reader's language. */
export interface Wording {
  t: Words;
  format: Format;
  locale: 'es' | 'en';
  /** Minor units of the business's currency. */
  money(amount: number): string;
  /** Thousandths: «3», «0,35 kg». */
  quantity(milli: number, unit: Product['unit']): string;
}

export function useWording(currency: string): Wording {
  const { t, i18n } = useTranslation('pos');
  const format = useFormat();
  const locale = i18n.language === 'en' ? 'en' : 'es';
  return useMemo(
    () => ({
      t,
      format,
      locale,
      money: (amount) => format.money({ amount, currency }),
      quantity: (milli, unit) =>
        unit === 'unit' ? format.number(milli / 1000) : `${format.number(milli / 1000)}\u00a0${t(`unit.${unit}`)}`,
    }),
    [t, format, locale, currency],
  );
}

export function saidText(said: Said, { t, quantity, locale }: Wording): string {
  switch (said.key) {
    case 'ready':
    case 'nothing_to_undo':
    case 'no_till':
    case 'cart_open':
    case 'offline':
      return t(`said.${said.key}`);
    case 'asking':
    case 'unknown_code':
    case 'unreachable':
    case 'removed':
    case 'undone':
    case 'weigh':
    case 'withdrawn':
    case 'parked':
    case 'resumed':
      return t(`said.${said.key}`, { what: said.what });
    case 'added':
      return t('said.added', { what: said.what, quantity: quantity(said.quantity, said.unit) });
    case 'short':
      if (said.available === 0) return t('said.short_none', { what: said.what });
      return t('said.short', { what: said.what, quantity: quantity(said.available, said.unit) });
    case 'times':
      return t('said.times', { quantity: quantity(said.quantity, 'unit') });
    case 'blocked':
      return t(`blocked.${said.why}`);
    case 'waits':
    case 'too_many':
      return t(`said.${said.key}`, { count: said.count });
    case 'refused':
      return problemText(said.code, locale);
  }
}

export function problemWords(problem: LineProblem, line: Line, { t, money, quantity }: Wording): string {
  switch (problem.code) {
    case 'insufficient_stock':
      return problem.available > 0
        ? t('problem.insufficient_stock', { quantity: quantity(problem.available, line.product?.unit ?? 'unit') })
        : t('problem.insufficient_stock_none');
    case 'price_changed':
      return t('problem.price_changed', { price: money(problem.price) });
    case 'product_withdrawn':
    case 'unknown_sku':
    case 'unknown_code':
    case 'quantity_not_whole':
    case 'bad_quantity':
      return t(`problem.${problem.code}`);
  }
}

export function mendWords(problem: LineProblem, line: Line, { t, money, quantity }: Wording): string {
  switch (problem.code) {
    case 'insufficient_stock':
      return problem.available > 0
        ? t('mend.lower', { quantity: quantity(problem.available, line.product?.unit ?? 'unit') })
        : t('mend.remove');
    case 'price_changed':
      return t('mend.accept', { price: money(problem.price) });
    case 'product_withdrawn':
    case 'unknown_sku':
    case 'unknown_code':
      return t('mend.remove');
    case 'quantity_not_whole':
    case 'bad_quantity':
      return t('mend.quantity');
  }
}

/** The sentence of a refusal that no line is to blame for: the server's own, where this build does not know the code. */
export const refusalWords = ({ code, detail }: Refusal, { locale }: Wording): string =>
  problemText(code, locale, detail);
