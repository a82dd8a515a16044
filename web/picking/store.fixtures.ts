import type { PalletAnswer } from '../offline/api';
import type { DeviceState } from '../offline/device';
import { MemoryStorage } from '../offline/queue.fixtures';
import type { PlaceRef, QueuedMove } from '../offline/queue';
import type { Draft } from './draft';
import { type DraftStorage, Picking, type PickingDevice } from './store';

export const cold: PlaceRef = { id: 'c1', name: 'Cámara 1', barcode: 'CAM-01' };
export const other: PlaceRef = { id: 'c2', name: 'Cámara 2', barcode: 'CAM-02' };

/** What one person's tabs share: the queue, the draft, the server behind the look-ups. */
export class Shared implements DraftStorage {
  readonly storage = new MemoryStorage();
  draft: Draft | undefined;
  /** The disk answers a confirmation only when this has resolved. */
  disk: Promise<unknown> = Promise.resolve();
  diskRefuses = false;
  asked: string[] = [];
  answer: (code: string) => Promise<PalletAnswer> = (code) => Promise.resolve(found(code));
  cancelled: string[] = [];

  read(): Promise<Draft | undefined> {
    return Promise.resolve(this.draft);
  }

  save(_who: unknown, draft: Draft): Promise<QueuedMove | null> {
    const confirmed = this.storage.items.find(({ id }) => id === draft.id) ?? null;
    if (!confirmed) this.draft = draft;
    return Promise.resolve(confirmed);
  }

  tab(): { picking: Picking; device: TabDevice; stop: () => void } {
    const device = new TabDevice(this);
    const picking = new Picking(device, this);
    return { picking, device, stop: picking.start() };
  }
}

export class TabDevice implements PickingDevice {
  readonly user = { id: 'ana', tenantId: 'demo', name: 'Ana' };
  private readonly listeners = new Set<() => void>();
  private online = true;

  constructor(private readonly shared: Shared) {}

  snapshot = (): DeviceState => ({
    ready: true,
    broken: false,
    moves: this.shared.storage.items,
    locations: [cold, other],
    locationByCode,
    pallets: new Map(),
    sending: false,
    online: this.online,
    needsLogin: false,
    persistent: true,
    lastSync: null,
  });

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  isOffline = (): boolean => !this.online;

  goOnline(online: boolean): void {
    this.online = online;
    for (const listener of this.listeners) listener();
  }

  lookUp(code: string): Promise<PalletAnswer> {
    this.shared.asked.push(code);
    return this.shared.answer(code);
  }

  findLocation = (): Promise<null> => Promise.resolve(null);

  async confirm(move: Parameters<PickingDevice['confirm']>[0]): Promise<QueuedMove> {
    await this.shared.disk;
    if (this.shared.diskRefuses) throw new DOMException('full', 'QuotaExceededError');
    const kept = await this.shared.storage.add(move);
    this.shared.draft = undefined;
    return kept;
  }

  async discard(id: string, allowed: (move: QueuedMove) => boolean): Promise<boolean> {
    let discarded = false;
    await this.shared.storage.change(id, (move) => ((discarded = allowed(move)) ? null : move));
    return discarded;
  }

  cancel(operationId: string): Promise<boolean> {
    this.shared.cancelled.push(operationId);
    return Promise.resolve(true);
  }
}

const locationByCode = new Map([
  ['CAM-01', cold],
  ['CAM-02', other],
]);

export const found = (code: string): PalletAnswer => ({
  kind: 'found',
  stale: false,
  pallet: { code, weightKg: 1, product: null, location: null, asOf: new Date().toISOString(), problem: null },
});

export const scan = (picking: Picking, ...codes: string[]): void => {
  for (const code of codes) picking.scan({ text: code, physical: code });
};

export const shown = (picking: Picking): (string | null)[] => {
  const { destination, lines } = picking.snapshot().draft;
  return [destination?.barcode ?? null, ...lines.map(({ code }) => code)];
};
