import { useRouteLoaderData } from '@remix-run/react';
import { useMemo } from 'react';
import type { RootData } from '../../root';
import { dayOf } from './days';

/** Calendar days of the business. */
export function useDay(): { timeZone: string; of(instant: string | number): string } {
  const timeZone = useRouteLoaderData<RootData>('root')?.timeZone ?? 'UTC';
  return useMemo(() => ({ timeZone, of: (instant) => dayOf(new Date(instant).getTime(), timeZone) }), [timeZone]);
}
