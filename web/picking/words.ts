import type { TFunction } from 'i18next';
import { es } from '../i18n/resources';
import { problemText } from '../i18n/problem';
import type { Said } from './store';

type Words = TFunction<'picking'>;

const known = (why: string): why is keyof typeof es.picking.problem => Object.hasOwn(es.picking.problem, why);

/** «ya está en esta cámara»: the end of a sentence that begins with the pallet's code. */
export function whyText(why: string, t: Words, locale: 'es' | 'en'): string {
  return known(why) ? t(`problem.${why}`) : problemText(why, locale).replace(/\.$/, '');
}

export function saidText(said: Said, t: Words, locale: 'es' | 'en'): string {
  switch (said.key) {
    case 'ready':
    case 'nothing_to_undo':
      return t(`said.${said.key}`);
    case 'destination':
    case 'destination_same':
      return t(`said.${said.key}`, { place: said.place });
    case 'added':
    case 'duplicate':
    case 'unknown':
    case 'unknown_offline':
      return t(`said.${said.key}`, { code: said.code });
    case 'problem':
      return t('said.problem', { code: said.code, why: whyText(said.why, t, locale) });
    case 'too_many':
      return t('said.too_many', { count: said.count });
    case 'undone':
      return t('said.undone', { what: said.what });
  }
}

const reasons = ['network', 'rate_limited', 'command_in_progress'] as const;

/** Why a queued or set-aside move is not on its way, for the person: our own words where we have them, else the server's. */
export function reasonText(reason: { code: string; detail?: string }, t: Words, locale: 'es' | 'en'): string {
  const own = reasons.find((code) => code === reason.code);
  if (own) return t(`reason.${own}`);
  if (/^http_|^internal$|^unavailable$/.test(reason.code)) return t('reason.server');
  return problemText(reason.code, locale, reason.detail);
}
