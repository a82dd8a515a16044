import { useCallback, useEffect, useRef, useState } from 'react';

const gatherMs = 1_500;

/**
 * Says changes to screen readers, gathered so that a busy minute is not a wall of words. Returns what to render and how
 * to speak: `say(words)` for one event, and `many(count)` for the words when there were several.
 */
export function useAnnouncer(many: (count: number) => string): { say(words: string): void; region: JSX.Element } {
  const [words, setWords] = useState('');
  const waiting = useRef<string[]>([]);
  const timer = useRef<number | undefined>(undefined);
  const manyNow = useRef(many);
  useEffect(() => {
    manyNow.current = many;
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const say = useCallback((one: string) => {
    waiting.current.push(one);
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      const said = waiting.current;
      waiting.current = [];
      setWords(said.length === 1 ? said[0]! : manyNow.current(said.length));
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
