import type { TFunction } from 'i18next';
import type { TimelineEntry } from '../../domain/operation';
import { problemText } from './problem';
import { es, type Locale } from './resources';

type EventCode = keyof typeof es.operations.event;
type Trouble = keyof typeof es.operations.trouble;

function isEventCode(code: string): code is EventCode {
  return Object.hasOwn(es.operations.event, code);
}

function isTrouble(code: unknown): code is Trouble {
  return typeof code === 'string' && Object.hasOwn(es.operations.trouble, code);
}

/** Why something is repeated or waits, in some words: «Odoo no responde». */
export function troubleText(code: unknown, t: TFunction<'operations'>): string {
  return t(`trouble.${isTrouble(code) ? code : 'other'}`);
}

/** Some codes read differently by what happened with them. */
function keyOf({ code, data }: Pick<TimelineEntry, 'code' | 'data'>): string {
  if (code === 'accepted' && Number(data?.ahead) > 0) return 'accepted_in_line';
  if (code === 'validated' && data?.elsewhere !== undefined) return 'validated_elsewhere';
  if (code === 'retried') return `retried_${String(data?.choice)}`;
  return code;
}

/** The business sentence of a timeline entry; a code without a sentence of its own says the state it led to. */
export function timelineText(
  entry: Pick<TimelineEntry, 'code' | 'state' | 'data'>,
  t: TFunction<'operations'>,
  locale: Locale = 'es',
): string {
  const key = keyOf(entry);
  if (!isEventCode(key)) return t(`state.${entry.state}`);
  const { data } = entry;
  const problem = typeof data?.code === 'string' ? problemText(data.code, locale) : '';
  return t(`event.${key}`, { ...data, trouble: troubleText(data?.code, t), problem });
}
