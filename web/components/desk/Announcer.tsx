import { useCallback, useEffect, useRef, useState } from 'react';

const gatherMs = 1_500;
const mostAtOnce = 3;

/**
 * Says changes to screen readers, gathered so that a busy minute is not a wall of words: of each thing only the last, and
 * of many things only `many(count)`. Returns what to render and how to speak.
 */
export function useAnnouncer(many: (count: number) => string): {
  say(about: string, words: string): void;
  region: JSX.Element;
} {
  const [words, setWords] = useState('');
  const waiting = useRef(new Map<string, string>());
  const timer = useRef<number | undefined>(undefined);
  const manyNow = useRef(many);
  useEffect(() => {
    manyNow.current = many;
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const say = useCallback((about: string, one: string) => {
    waiting.current.set(about, one);
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      const said = [...waiting.current.values()];
      waiting.current.clear();
      setWords(said.length <= mostAtOnce ? said.join('. ') : manyNow.current(said.length));
    }, gatherMs);
  }, []);

  return {
    say,
    region: (
      <span className="nv-hidden" role="status" aria-live="polite">
        {words}
      </span>
    ),
  };
}

/** Says `words` when they change, not at first. Returns what to render. */
export function useAnnounceChange(words: string): JSX.Element {
  const [said, setSaid] = useState('');
  const last = useRef(words);
  useEffect(() => {
    if (last.current === words) return;
    last.current = words;
    setSaid(words);
  }, [words]);
  return (
    <span className="nv-hidden" role="status" aria-live="polite">
      {said}
    </span>
  );
}
