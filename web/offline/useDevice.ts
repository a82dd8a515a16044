import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { Device, type DeviceState, type DeviceUser } from './device';

/** The device for this person, working as long as the component is mounted; null on the server and in the first render. */
export function useDevice({ id, tenantId, name }: DeviceUser): Device | null {
  const [device, setDevice] = useState<Device | null>(null);
  useEffect(() => {
    const own = new Device({ id, tenantId, name });
    setDevice(own);
    return own.start();
  }, [id, tenantId, name]);
  return device;
}

/** Re-renders when what the device knows changes. */
export function useDeviceState(device: Device): DeviceState {
  return useSyncExternalStore(
    device.subscribe,
    device.snapshot,
    useCallback(() => device.snapshot(), [device]),
  );
}
