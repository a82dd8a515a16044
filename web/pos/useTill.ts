import { useLocalStorage } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { InOrder } from '../components/desk/in-order';
import { useConnection } from '../offline/useConnection';
import { readRegisters, type RegisterView } from './api';
import type { Till } from './store';
import type { SiteChoice } from './TillChoice';

/** Who has a register open changes without us. */
const lookEveryMs = 30_000;

/** Where this device sells, as chosen once on it, with the truth about who has which register open. */
export function useTill(tenantId: string, sites: readonly SiteChoice[], first: readonly RegisterView[]) {
  const [kept, keep] = useLocalStorage<string | null>({
    key: `nervio-till:${tenantId}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const [registers, setRegisters] = useState(first);
  const { online } = useConnection();
  const [order] = useState(() => new InOrder());
  const look = useCallback(async (): Promise<void> => {
    const isNewest = order.ask();
    const outcome = await readRegisters();
    if (outcome.kind === 'ok' && isNewest()) setRegisters(outcome.value.items);
  }, [order]);
  useEffect(() => {
    if (online === false) return;
    const onLook = (): void => {
      if (document.visibilityState === 'visible') void look();
    };
    onLook();
    const timer = window.setInterval(onLook, lookEveryMs);
    document.addEventListener('visibilitychange', onLook);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', onLook);
    };
  }, [online, look]);
  const till = useMemo((): Till | null => {
    const register = registers.find(({ id }) => id === kept);
    const site = sites.find(({ id }) => id === register?.siteId);
    return register && site ? { siteId: site.id, siteName: site.name, register } : null;
  }, [registers, kept, sites]);
  return { till, registers, choose: keep, look };
}
