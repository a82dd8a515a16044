import type { TFunction } from 'i18next';
import { kindSpecs } from '../../domain/kinds';
import type { OperationKind, TimelineEntry } from '../../domain/operation';
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

/** What was waited for was Odoo itself. */
const away: readonly unknown[] = ['odoo_unreachable', 'odoo_unknown_outcome'];

/** Some codes read differently by what happened with them. */
function keyOf({ code, state, data }: Pick<TimelineEntry, 'code' | 'state' | 'data'>): string {
  if (code === 'accepted' && Number(data?.ahead) > 0) return 'accepted_in_line';
  if (code === 'validated' && data?.elsewhere !== undefined) return 'validated_elsewhere';
  if (code === 'waiting' && state === 'compensating') return 'waiting_undo';
  if (code === 'resumed' && !away.includes(data?.after)) return 'resumed_other';
  if (code === 'retried') return `retried_${String(data?.choice)}`;
  return code;
}

/** The words of its kind where they differ: a sale has nothing to do with Odoo. */
function keyOfKind(entry: Pick<TimelineEntry, 'code' | 'state' | 'data'>, kind: OperationKind): string {
  const own = `${entry.code}_${kindSpecs[kind].family}`;
  return isEventCode(own) ? own : keyOf(entry);
}

const steps: readonly string[] = ['progress', 'taken_back'];

/** Of the steps of long work that follow one another, the last one: a hundred lines of «200 of 20,000» tell nobody more. */
export function gathered(entries: readonly TimelineEntry[]): TimelineEntry[] {
  return entries.filter(({ code, attempt }, at) => {
    const next = entries[at + 1];
    return !(steps.includes(code) && next?.code === code && next.attempt === attempt);
  });
}

/** The business sentence of a timeline entry; a code without a sentence of its own says the state it led to. */
export function timelineText(
  entry: Pick<TimelineEntry, 'code' | 'state' | 'data'>,
  kind: OperationKind,
  t: TFunction<'operations'>,
  locale: Locale = 'es',
): string {
  const key = keyOfKind(entry, kind);
  if (!isEventCode(key)) return t(`state.${entry.state}`);
  const { data } = entry;
  const problem = typeof data?.code === 'string' ? problemText(data.code, locale) : '';
  return t(`event.${key}`, { ...data, trouble: troubleText(data?.code, t), problem });
}
