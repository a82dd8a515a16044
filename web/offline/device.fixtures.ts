import type { PalletAnswer } from './api';
import type { ConnectionState } from './connection';
import type { SeenPallet } from './db';
import { Device, type DeviceParts, type DeviceUser } from './device';
import type { PlaceRef, QueueSession, SendOutcome } from './queue';
import { MemoryStorage, Mutex } from './queue.fixtures';

export const ana: DeviceUser = { id: 'ana', tenantId: 'demo', name: 'Ana' };
export const chambers: PlaceRef[] = [{ id: 'c1', name: 'Cámara 1', barcode: 'CAM-01' }];

/** A device whose disk, server and network do as they are told. */
export class World {
  readonly storage = new MemoryStorage();
  readonly mutex = new Mutex();
  readonly notes = new Map<string, unknown>();
  locations: PlaceRef[] = [];
  pallets: SeenPallet[] = [];
  /** What the disk refuses from now on. */
  refuses: 'nothing' | 'writing' | 'everything' = 'nothing';
  session: QueueSession | null | 'unreachable' = { tenantId: 'demo', userId: 'ana' };
  sent: string[] = [];
  send: (id: string) => Promise<SendOutcome> = (id) =>
    Promise.resolve({ kind: 'accepted', operationId: `op-${id}`, state: 'pending' });
  catalogue: () => Promise<PlaceRef[]> = () => Promise.resolve(chambers);
  catalogueReads = 0;
  pallet: (code: string) => Promise<PalletAnswer> = () => Promise.resolve({ kind: 'unreachable' });

  private network: ConnectionState = { online: null, latencyMs: null };
  private readonly watchers = new Set<() => void>();

  connect(online: boolean): void {
    this.network = { online, latencyMs: online ? 1 : null };
    for (const watcher of this.watchers) watcher();
  }

  watching(): number {
    return this.watchers.size;
  }

  readonly parts: DeviceParts = {
    server: {
      cancelOperation: () => Promise.resolve(true),
      findLocation: () => Promise.resolve(null),
      readLocations: () => {
        this.catalogueReads += 1;
        return this.catalogue();
      },
      readPallet: (code) => this.pallet(code),
      readSession: () => Promise.resolve(this.session),
      sendMove: (move) => {
        this.sent.push(move.id);
        return this.send(move.id);
      },
    },
    disk: {
      confirmDraft: (move) => this.write(() => this.storage.add(move)),
      queueStorage: {
        add: (move) => this.write(() => this.storage.add(move)),
        list: () => this.read(() => this.storage.list()),
        change: (id, change) => this.write(() => this.storage.change(id, change)),
      },
      readLocations: () => this.read(() => Promise.resolve(this.locations)),
      readPallets: () => this.read(() => Promise.resolve(this.pallets)),
      readNote: <T>(key: string) => this.read(() => Promise.resolve(this.notes.get(key) as T | undefined)),
      writeNote: (key, value) => this.write(() => Promise.resolve(void this.notes.set(key, value))),
      replaceLocations: (_tenant, locations) => this.write(() => Promise.resolve(void (this.locations = locations))),
      replaceMove: () => this.write(() => Promise.resolve()),
      savePallet: (_tenant, pallet) => this.write(() => Promise.resolve(void this.pallets.push(pallet))),
    },
    connection: () => ({
      snapshot: () => this.network,
      subscribe: (watcher) => {
        this.watchers.add(watcher);
        return () => this.watchers.delete(watcher);
      },
    }),
    exclusive: this.mutex.run,
    contended: () => Promise.resolve(this.mutex.waiting > 0),
  };

  device(user = ana): Device {
    return new Device(user, this.parts);
  }

  private read<T>(work: () => Promise<T>): Promise<T> {
    return this.refuses === 'everything' ? Promise.reject(new DOMException('no', 'InvalidStateError')) : work();
  }

  private write<T>(work: () => Promise<T>): Promise<T> {
    return this.refuses === 'nothing' ? work() : Promise.reject(new DOMException('full', 'QuotaExceededError'));
  }
}
