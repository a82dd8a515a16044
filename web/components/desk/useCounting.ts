import { useCallback, useEffect, useRef, useState } from 'react';
import type { CountLines } from '../../../api/stock/schemas';
import { type Problem, sendCommand } from './api';
import { readUnsaved, type Unsaved, withoutSent } from './count-draft';

/** A scanner goes from unit to unit; what is counted goes in one command when it rests. */
const gatherMs = 700;
const againMs = 3_000;
/** Of what the API takes at once. */
const mostLines = 200;
/** Refusals that pass by themselves: the same command again. */
const passing: ReadonlySet<string> = new Set(['command_in_progress', 'unavailable', 'internal', 'rate_limited']);

export interface Counting {
  unsaved: Unsaved;
  /** The last try got no answer: it is tried again by itself. */
  offline: boolean;
  /** Which articles the server refused, and why; they are unsaved no longer. */
  refused: { skus: string[]; problem: Problem } | null;
  note(sku: string, counted: string): void;
  /** What waits here at this moment, also before it is rendered: a scanner is faster. */
  unsavedNow(): Unsaved;
}

/**
 * Saves what is counted: at once on the device, so that nothing is lost with the network or the page, and with the server as
 * soon as there is one. The same lines are sent under the same key until there is an answer.
 */
export function useCounting(countId: string, onSaved: (lines: CountLines['lines']) => void): Counting {
  const place = `nervio-count-${countId}`;
  const [unsaved, setUnsaved] = useState<Unsaved>({});
  const [offline, setOffline] = useState(false);
  const [refused, setRefused] = useState<Counting['refused']>(null);
  const now = useRef<Unsaved>({});
  const sending = useRef<{ lines: Unsaved; key: string } | null>(null);
  const busy = useRef(false);
  const timer = useRef<number | undefined>(undefined);
  const told = useRef(onSaved);
  told.current = onSaved;

  const keep = useCallback(
    (next: Unsaved): void => {
      now.current = next;
      setUnsaved(next);
      if (Object.keys(next).length === 0) window.localStorage.removeItem(place);
      else window.localStorage.setItem(place, JSON.stringify(next));
    },
    [place],
  );

  const flush = useCallback(async (): Promise<void> => {
    window.clearTimeout(timer.current);
    if (busy.current) return;
    const waiting = Object.entries(now.current).slice(0, mostLines);
    sending.current ??= waiting.length === 0 ? null : { lines: Object.fromEntries(waiting), key: crypto.randomUUID() };
    if (sending.current === null) return;
    const { lines, key } = sending.current;
    busy.current = true;
    const body = { lines: Object.entries(lines).map(([sku, counted]) => ({ sku, counted })) };
    const outcome = await sendCommand<CountLines>('POST', `/stock/counts/${countId}/lines`, body, key);
    busy.current = false;
    const later = outcome.kind === 'unreachable' || (outcome.kind === 'problem' && passing.has(outcome.problem.code));
    setOffline(later);
    if (later) {
      timer.current = window.setTimeout(() => void flush(), againMs);
      return;
    }
    sending.current = null;
    if (outcome.kind === 'ok') {
      // First known as saved, then no longer as unsaved: at no moment as neither.
      told.current(outcome.value.lines);
      keep(withoutSent(now.current, lines));
      setRefused(null);
    } else {
      // Where it says which, the others were all right and go again without them.
      const skus = outcome.problem.skus ?? Object.keys(lines);
      keep(withoutSent(now.current, Object.fromEntries(Object.entries(lines).filter(([sku]) => skus.includes(sku)))));
      setRefused({ skus, problem: outcome.problem });
    }
    if (Object.keys(now.current).length > 0) timer.current = window.setTimeout(() => void flush(), gatherMs);
  }, [countId, keep]);

  useEffect(() => {
    const left = readUnsaved(window.localStorage.getItem(place));
    if (Object.keys(left).length > 0) {
      keep({ ...left, ...now.current });
      void flush();
    }
    const back = (): void => void flush();
    window.addEventListener('online', back);
    return () => {
      window.removeEventListener('online', back);
      window.clearTimeout(timer.current);
    };
  }, [place, keep, flush]);

  const note = useCallback(
    (sku: string, counted: string): void => {
      keep({ ...now.current, [sku]: counted });
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => void flush(), gatherMs);
    },
    [keep, flush],
  );
  const unsavedNow = useCallback(() => now.current, []);
  return { unsaved, offline, refused, note, unsavedNow };
}
