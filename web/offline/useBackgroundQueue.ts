import { useEffect, useState } from 'react';
import { sessionLockWanted, withSessionLock } from '../session/lock';
import * as server from './api';
import { type QueueSummary, sendInBackground } from './background-queue';
import * as disk from './db';
import type { DeviceUser } from './device';
import { connectionMonitor } from './useConnection';

const parts = { server, disk, connection: connectionMonitor, exclusive: withSessionLock, contended: sessionLockWanted };

/** Sends what this person confirmed on this device while the component is mounted, and says what waits; null = nobody. */
export function useBackgroundQueue(user: DeviceUser | null): QueueSummary {
  const [summary, setSummary] = useState<QueueSummary>({ pending: 0, lastSync: null });
  const { id, tenantId, name } = user ?? {};
  useEffect(() => {
    if (id === undefined || tenantId === undefined || name === undefined) return;
    return sendInBackground({ id, tenantId, name }, parts, setSummary);
  }, [id, tenantId, name]);
  return summary;
}
