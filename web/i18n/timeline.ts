import type { TFunction } from 'i18next';
import type { TimelineEntry } from '../../domain/operation';
import { es } from './resources';

type EventCode = keyof typeof es.operations.event;

function isEventCode(code: string): code is EventCode {
  return Object.hasOwn(es.operations.event, code);
}

/** The business sentence of a timeline entry; a code without a sentence of its own says the state it led to. */
export function timelineText(entry: Pick<TimelineEntry, 'code' | 'state' | 'data'>, t: TFunction<'operations'>): string {
  return isEventCode(entry.code) ? t(`event.${entry.code}`, { ...entry.data }) : t(`state.${entry.state}`);
}
