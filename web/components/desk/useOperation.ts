import { useCallback, useEffect, useRef, useState } from 'react';
import type { OperationDetail } from '../../../domain/operation';
import { refreshApi } from './api';
import { useFeed } from './useFeed';

const gatherMs = 150;

/** One operation, live. A change of state shows at once; its timeline and choices follow with the next answer. */
export function useOperation(loaded: OperationDetail): { operation: OperationDetail; stale: boolean; look(): void } {
  const [operation, setOperation] = useState(loaded);
  const [stale, setStale] = useState(false);
  const { id } = loaded;
  const take = useCallback(
    (seen: OperationDetail) =>
      setOperation((known) => (known.id !== seen.id || seen.version >= known.version ? seen : known)),
    [],
  );
  useEffect(() => take(loaded), [loaded, take]);

  const timer = useRef<number | undefined>(undefined);
  const look = useCallback(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      void refreshApi<OperationDetail>(`/operations/${id}`).then((outcome) => {
        setStale(outcome.kind === 'unreachable');
        if (outcome.kind === 'ok') take(outcome.value);
      });
    }, gatherMs);
  }, [id, take]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  useFeed({
    onChange(change) {
      if (change.operationId !== id) return;
      setOperation((known) =>
        change.version > known.version
          ? {
              ...known,
              state: change.state,
              step: change.step,
              attempt: change.attempt,
              choices: change.state === known.state ? known.choices : [],
            }
          : known,
      );
      look();
    },
    onReset: look,
  });
  return { operation, stale, look };
}
