import type { DeviceParts, DeviceUser } from './device';
import { isOf } from './queue';
import { Sender } from './sender';

/** What a screen that is not the picking screen says of the queue. */
export interface QueueSummary {
  /** Confirmed moves of this person that wait on this device. */
  pending: number;
  /** When the server last took something from here or gave its catalogue. */
  lastSync: string | null;
}

export type BackgroundParts = Pick<DeviceParts, 'connection' | 'exclusive' | 'contended'> & {
  server: Pick<DeviceParts['server'], 'readSession' | 'sendMove'>;
  disk: Pick<DeviceParts['disk'], 'queueStorage' | 'readNote' | 'writeNote'>;
};

/** Sends one person's queue from screens that show nothing of it; no catalogue, no live feed. Gives back how to stop. */
export function sendInBackground(
  user: DeviceUser,
  parts: BackgroundParts,
  onChange: (summary: QueueSummary) => void,
): () => void {
  const { disk, server, exclusive, contended } = parts;
  const channel = new BroadcastChannel('nervio-device');
  const monitor = parts.connection();
  let stopped = false;
  const tell = async (): Promise<void> => {
    try {
      const [moves, lastSync] = await Promise.all([disk.queueStorage.list(), disk.readNote<string>('lastSync')]);
      const own = { tenantId: user.tenantId, userId: user.id };
      const pending = moves.filter((move) => move.status === 'queued' && isOf(move, own)).length;
      if (!stopped) onChange({ pending, lastSync: lastSync ?? null });
    } catch (error) {
      console.warn('the queue of this device cannot be read', error);
    }
  };
  const sender = new Sender({
    storage: {
      ...disk.queueStorage,
      change: async (id, change) => {
        const changed = await disk.queueStorage.change(id, change);
        if (!stopped) channel.postMessage('changed');
        await tell();
        return changed;
      },
    },
    send: server.sendMove,
    session: server.readSession,
    exclusive,
    contended,
    offline: () => monitor.snapshot().online === false,
    onSending: () => undefined,
    onSession: () => undefined,
    onSent: async () => {
      await disk.writeNote('lastSync', new Date().toISOString());
      await tell();
    },
  });
  channel.addEventListener('message', () => void tell());
  let online: boolean | null = null;
  const onConnection = (): void => {
    const now = monitor.snapshot().online;
    if (now === online) return;
    online = now;
    if (now) sender.send();
  };
  const stopListening = monitor.subscribe(onConnection);
  onConnection();
  void tell();
  return () => {
    stopped = true;
    stopListening();
    sender.stop();
    channel.close();
  };
}
