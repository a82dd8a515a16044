import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../components/desk/api';
import { unreachable } from '../components/desk/useCommand';
import { readSales, type SaleSummary } from './api';

type Sales =
  | { kind: 'loading' }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'ok'; items: SaleSummary[]; nextCursor: string | null };

const pauseMs = 150;

/** Documents of a register, or of its whole site; `q` finds by number or customer. An older answer that comes late is not shown. */
export function useSales(siteId: string, registerId: string | null, q: string) {
  const [sales, setSales] = useState<Sales>({ kind: 'loading' });
  const turn = useRef(0);
  const read = useCallback(
    async (cursor?: string, before: SaleSummary[] = []): Promise<void> => {
      const mine = cursor === undefined ? (turn.current += 1) : turn.current;
      const outcome = await readSales({
        siteId,
        ...(registerId !== null && { registerId }),
        ...(q !== '' && { q }),
        ...(cursor !== undefined && { cursor }),
      });
      if (turn.current !== mine) return;
      setSales(
        outcome.kind === 'ok'
          ? { ...outcome.value, kind: 'ok', items: [...before, ...outcome.value.items] }
          : { kind: 'failed', problem: outcome.kind === 'problem' ? outcome.problem : unreachable },
      );
    },
    [siteId, registerId, q],
  );
  useEffect(() => {
    const timer = window.setTimeout(() => void read(), q === '' ? 0 : pauseMs);
    return () => window.clearTimeout(timer);
  }, [read, q]);
  return {
    sales,
    again: () => void read(),
    more: () => {
      if (sales.kind === 'ok' && sales.nextCursor !== null) void read(sales.nextCursor, sales.items);
    },
  };
}
