import { useCallback, useEffect, useRef, useState } from 'react';
import type { ImportView } from '../../../../api/imports/schemas';
import { refreshApi } from '../api';
import { useFeed } from '../useFeed';

const gatherMs = 200;

/** The operation that works on it now. */
export function runningOf({ state, operationId, undoOperationId }: ImportView): string | null {
  if (state === 'applying') return operationId;
  return state === 'undoing' ? undoOperationId : null;
}

/** A file of products, live while an operation works on it. `onEnd`: one has come to its end. */
export function useImport(loaded: ImportView, onEnd: () => void) {
  const [file, setFile] = useState(loaded);
  const [stale, setStale] = useState(false);
  const now = useRef({ file, onEnd });
  useEffect(() => {
    now.current = { file, onEnd };
  });
  useEffect(() => setFile(loaded), [loaded]);

  const timer = useRef<number | undefined>(undefined);
  const look = useCallback(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      void refreshApi<ImportView>(`/imports/${loaded.id}`).then((outcome) => {
        setStale(outcome.kind === 'unreachable');
        if (outcome.kind !== 'ok') return;
        const before = now.current.file.state;
        setFile(outcome.value);
        if (outcome.value.state !== before) now.current.onEnd();
      });
    }, gatherMs);
  }, [loaded.id]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  // What happened between that answer and now, nobody here has heard of.
  const running = runningOf(file);
  useEffect(() => {
    if (running !== null) look();
  }, [running, look]);

  useFeed({
    onChange({ operationId }) {
      const { file: known } = now.current;
      if (operationId === known.operationId || operationId === known.undoOperationId) look();
    },
    onReset: look,
  });
  return { file, stale, look };
}
