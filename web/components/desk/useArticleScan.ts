import { useCallback, useEffect, useRef, useState } from 'react';
import type { ScannedVariant } from '../../../domain/product';
import { giveFeedback } from '../../scan/feedback';
import { useScanner } from '../../scan/useScanner';
import { readApi } from './api';
import { queryTo } from './list-query';
import { codeOf } from './useDeskScan';

/** What a scan came to, when it found nothing: `none` = no article has the code; `unreachable` = nobody could say. */
export interface Missed {
  code: string;
  why: 'none' | 'unreachable';
}

/**
 * «Scan anywhere» on a screen that takes articles: each code is looked up in its turn, so that scans arrive in the order in
 * which they were made. While a question is open (`busy`) it is refused.
 */
export function useArticleScan(options: {
  siteId?: string | null;
  busy?: boolean;
  onArticle(article: ScannedVariant): void;
}): { missed: Missed | null; forget(): void } {
  const [missed, setMissed] = useState<Missed | null>(null);
  const current = useRef(options);
  current.current = options;
  const waiting = useRef<string[]>([]);
  const working = useRef(false);
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);

  const work = useCallback(async (): Promise<void> => {
    if (working.current) return;
    working.current = true;
    for (let code = waiting.current.shift(); code !== undefined && !gone.current; code = waiting.current.shift()) {
      const siteId = current.current.siteId ?? null;
      const outcome = await readApi<ScannedVariant>(queryTo(`/products/scan/${encodeURIComponent(code)}`, { siteId }));
      if (gone.current) break;
      if (outcome.kind === 'ok') {
        setMissed(null);
        giveFeedback('success');
        current.current.onArticle(outcome.value);
      } else {
        giveFeedback('failure');
        const unknown = outcome.kind === 'problem' && outcome.problem.code === 'unknown_code';
        setMissed({ code, why: unknown ? 'none' : 'unreachable' });
      }
    }
    working.current = false;
  }, []);

  useScanner((scan) => {
    const code = codeOf(scan);
    if (current.current.busy === true || code === null) return giveFeedback('failure');
    waiting.current.push(code);
    void work();
  });
  return { missed, forget: useCallback(() => setMissed(null), []) };
}
