import { useEffect, useState, useSyncExternalStore } from 'react';
import { Device, type DeviceState, type DeviceUser } from './device';

/** The device for this person, working as long as the component is mounted. */
export function useDevice(user: DeviceUser): { device: Device | null; state: DeviceState | null } {
  const [device, setDevice] = useState<Device | null>(null);
  const { id, tenantId, name } = user;
  useEffect(() => {
    const own = new Device({ id, tenantId, name });
    setDevice(own);
    return own.start();
  }, [id, tenantId, name]);
  const state = useSyncExternalStore(
    (listener) => device?.subscribe(listener) ?? (() => undefined),
    () => device?.snapshot() ?? null,
    () => null,
  );
  return { device, state };
}
