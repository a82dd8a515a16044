import { useLocalStorage } from '@mantine/hooks';
import type { DeviceUser } from '../offline/device';

/** A warehouse where a person may be working. */
export interface Workplace {
  id: string;
  name: string;
}

/** Where this person works, as chosen once on this device; null = not chosen, or nothing to choose. */
export function useWorkplace(
  { tenantId, id }: DeviceUser,
  workplaces: readonly Workplace[],
): [string | null, (siteId: string) => void] {
  const [kept, keep] = useLocalStorage<string | null>({
    key: `nervio-workplace:${tenantId}:${id}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  // A warehouse that the person sees no longer is none.
  return [workplaces.some((site) => site.id === kept) ? kept : null, keep];
}
