import { useCallback, useEffect, useRef, useState } from 'react';
import type { Outcome, Problem } from '../components/desk/api';
import { unreachable } from '../components/desk/useCommand';

export type Asked<T> = { kind: 'loading' } | { kind: 'ok'; value: T } | { kind: 'failed'; problem: Problem };

/** What the server says now, and again on demand; an answer to an older question is not shown. `ask` changes with the question. */
export function useAsked<T>(ask: () => Promise<Outcome<T>>): { asked: Asked<T>; again: () => Promise<void> } {
  const [asked, setAsked] = useState<Asked<T>>({ kind: 'loading' });
  const turn = useRef(0);
  const again = useCallback(async (): Promise<void> => {
    const mine = (turn.current += 1);
    const outcome = await ask();
    if (turn.current !== mine) return;
    setAsked(
      outcome.kind === 'ok'
        ? outcome
        : { kind: 'failed', problem: outcome.kind === 'problem' ? outcome.problem : unreachable },
    );
  }, [ask]);
  useEffect(() => {
    void again();
    return () => {
      turn.current += 1;
    };
  }, [again]);
  return { asked, again };
}
