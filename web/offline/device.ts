import { finalStates } from '../../domain/operation';
import { sessionLockWanted, withSessionLock } from '../session/lock';
import * as server from './api';
import type { PalletAnswer } from './api';
import { clockOffset, recallClockOffset } from './clock';
import type { ConnectionMonitor } from './connection';
import * as disk from './db';
import type { SeenPallet } from './db';
import { Follower } from './follow';
import { again, isOf, type NewMove, type PlaceRef, type QueuedMove, retryNow, withOperation } from './queue';
import { Sender } from './sender';
import { connectionMonitor } from './useConnection';

export interface DeviceUser {
  id: string;
  tenantId: string;
  name: string;
}

/** What the screen knows of this device. */
export interface DeviceState {
  /** IndexedDB has been read. */
  ready: boolean;
  /** It cannot be read or written: nothing can be kept, and the screen must say so. */
  broken: boolean;
  /** All moves on the device, of all people, in order. */
  moves: readonly QueuedMove[];
  locations: readonly PlaceRef[];
  locationByCode: ReadonlyMap<string, PlaceRef>;
  pallets: ReadonlyMap<string, SeenPallet>;
  sending: boolean;
  /** Whether the server answers; null = not known yet. */
  online: boolean | null;
  /** The server does not take this person's session any more. */
  needsLogin: boolean;
  /** The answer of navigator.storage.persist(); null = not asked or not known. */
  persistent: boolean | null;
  /** When the server last took something from here or gave its catalogue. */
  lastSync: string | null;
}

const initial: DeviceState = {
  ready: false,
  broken: false,
  moves: [],
  locations: [],
  locationByCode: new Map(),
  pallets: new Map(),
  sending: false,
  online: null,
  needsLogin: false,
  persistent: null,
  lastSync: null,
};

/** What the device is made of; the browser's own, but for tests. */
export interface DeviceParts {
  server: Pick<
    typeof server,
    'cancelOperation' | 'findLocation' | 'readLocations' | 'readPallet' | 'readSession' | 'sendMove'
  >;
  disk: Pick<
    typeof disk,
    | 'confirmDraft'
    | 'queueStorage'
    | 'readLocations'
    | 'readNote'
    | 'readPallets'
    | 'replaceLocations'
    | 'replaceMove'
    | 'savePallet'
    | 'writeNote'
  >;
  connection: () => Pick<ConnectionMonitor, 'snapshot' | 'subscribe'>;
  exclusive: typeof withSessionLock;
  contended: typeof sessionLockWanted;
}

const browser: DeviceParts = {
  server,
  disk,
  connection: connectionMonitor,
  exclusive: withSessionLock,
  contended: sessionLockWanted,
};

const catalogueFreshMs = 3_600_000;
/** How often the age of the catalogue is looked at, while somebody looks at the screen. */
const catalogueLookMs = 600_000;
/** A catalogue that did not come is asked for again after so long. */
const catalogueRetryMs = 30_000;
/** A change of the clock's offset that is worth a write. */
const clockDriftMs = 2_000;
/** A move that has ended stays in the list of the device for a working day. */
const keepEndedMs = 12 * 3_600_000;
const keepEnded = 50;

/**
 * The device: its queue, its copy of the catalogue, and the sending in the background. One per page; pages of the same
 * device tell each other of changes, and only one sends at a time (session/lock.ts).
 */
export class Device {
  private state = initial;
  private readonly listeners = new Set<() => void>();
  /** Null before the start and after the stop. */
  private channel: BroadcastChannel | null = null;
  private readonly follower = new Follower(({ operationId, ...seen }) => {
    const move = this.state.moves.find(({ operation }) => operation?.id === operationId);
    if (move && seen.version > (move.operation?.version ?? 0))
      void this.change(move.id, (there) => withOperation(there, seen));
  });
  private readonly sender: Sender;
  private refreshing = false;
  private refreshLater: number | undefined;
  private keptOffset = 0;

  constructor(
    readonly user: DeviceUser,
    private readonly parts: DeviceParts = browser,
  ) {
    const { disk, server, exclusive, contended } = parts;
    this.sender = new Sender({
      storage: {
        ...disk.queueStorage,
        change: async (id, change) => {
          const changed = await disk.queueStorage.change(id, change);
          await this.changed();
          return changed;
        },
      },
      send: server.sendMove,
      session: server.readSession,
      exclusive,
      contended,
      offline: () => this.isOffline(),
      onSending: (sending) => this.set({ sending }),
      onSession: (session) =>
        this.set({ needsLogin: session === null || !isOf({ tenantId: user.tenantId, userId: user.id }, session) }),
      onSent: () => this.synced(),
    });
  }

  snapshot = (): DeviceState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Reads the device and starts working; gives back how to stop, for good. */
  start(): () => void {
    const channel = (this.channel = new BroadcastChannel('nervio-device'));
    channel.addEventListener('message', () => void this.reload());
    const monitor = this.parts.connection();
    const onConnection = (): void => {
      const { online } = monitor.snapshot();
      // Not before the device is read: what is stored must not come over what the server says.
      if (!this.channel || online === this.state.online || !this.state.ready) return;
      this.set({ online });
      this.follow();
      if (online) {
        this.send();
        void this.refreshCatalogue();
      }
    };
    const onLook = (): void => {
      if (document.visibilityState === 'visible' && this.state.online === true) void this.refreshCatalogue();
    };
    const stopListening = monitor.subscribe(onConnection);
    const looking = window.setInterval(onLook, catalogueLookMs);
    document.addEventListener('visibilitychange', onLook);
    void this.load().then(onConnection);
    return () => {
      stopListening();
      window.clearInterval(looking);
      window.clearTimeout(this.refreshLater);
      document.removeEventListener('visibilitychange', onLook);
      channel.close();
      this.channel = null;
      this.sender.stop();
      this.follower.follow([], false);
    };
  }

  /** Resolves when the move is on disk (and its draft gone); then it is sent in the background. */
  async confirm(move: NewMove): Promise<QueuedMove> {
    const kept = await this.parts.disk.confirmDraft(move);
    await this.changed();
    void this.askToPersist();
    this.send();
    return kept;
  }

  /** Tries a waiting or set-aside move again at once; a refused one with a new key. */
  async retry(move: QueuedMove): Promise<void> {
    if (move.status === 'set_aside') {
      await this.parts.disk.replaceMove(move.id, again(move, crypto.randomUUID()));
    } else {
      await this.parts.disk.queueStorage.change(move.id, retryNow);
    }
    await this.changed();
    this.send();
  }

  /** Throws a move away; not while it is being sent, and never one that the server may have. Whether it did. */
  async discard(id: string, allowed: (move: QueuedMove) => boolean): Promise<boolean> {
    let discarded = false;
    await this.parts.exclusive(async () => {
      await this.parts.disk.queueStorage.change(id, (move) => {
        discarded = allowed(move);
        return discarded ? null : move;
      });
    });
    await this.changed();
    return discarded;
  }

  /** Asks the server to cancel or undo what it has accepted; whether it took the wish. */
  cancel(operationId: string): Promise<boolean> {
    return this.parts.server.cancelOperation(operationId);
  }

  /** The server is known not to answer. */
  isOffline(): boolean {
    return this.state.online === false;
  }

  /** What the server says of a pallet. `again`: by itself, without a scan just now. */
  async lookUp(code: string, again = false): Promise<PalletAnswer> {
    let answer: PalletAnswer =
      this.state.online === false
        ? { kind: 'unreachable' }
        : await this.parts.server.readPallet(code, this.user.tenantId, again);
    if (answer.kind === 'unauthenticated') this.set({ needsLogin: true });
    if (answer.kind === 'found') {
      const pallet = { ...answer.pallet, location: this.named(answer.pallet.location) };
      answer = { ...answer, pallet };
      this.set({ pallets: new Map(this.state.pallets).set(pallet.code.toUpperCase(), pallet) });
      await this.remember(() => this.parts.disk.savePallet(this.user.tenantId, pallet));
      await this.keepClock();
    }
    return answer;
  }

  /** A place as this device's catalogue calls it. */
  private named(location: PlaceRef | null): PlaceRef | null {
    return this.state.locations.find(({ id }) => id === location?.id) ?? location;
  }

  /** A chamber that the catalogue of this device does not have yet. */
  async findLocation(barcode: string): Promise<PlaceRef | null> {
    return this.state.online === false ? null : this.parts.server.findLocation(barcode, this.user.tenantId);
  }

  /** Sends what waits, in the background. */
  send(): void {
    this.sender.send();
  }

  private async load(): Promise<void> {
    try {
      const [locations, pallets, lastSync, offset] = await Promise.all([
        this.parts.disk.readLocations(this.user.tenantId),
        this.parts.disk.readPallets(this.user.tenantId),
        this.parts.disk.readNote<string>('lastSync'),
        this.parts.disk.readNote<number>('clockOffset'),
      ]);
      if (offset !== undefined && clockOffset() === 0) recallClockOffset((this.keptOffset = offset));
      this.setLocations(locations);
      this.set({
        pallets: new Map(pallets.map((pallet) => [pallet.code.toUpperCase(), pallet])),
        lastSync: lastSync ?? null,
      });
      await this.prune();
      await this.reload();
      this.set({ ready: true, persistent: (await navigator.storage?.persisted?.()) ?? null });
    } catch (error) {
      console.error('the device cannot keep anything', error);
      this.set({ ready: true, broken: true });
    }
  }

  private async refreshCatalogue(): Promise<void> {
    if (this.refreshing) return;
    this.refreshing = true;
    window.clearTimeout(this.refreshLater);
    try {
      const { disk, server } = this.parts;
      const { tenantId } = this.user;
      const key = `catalogue:${tenantId}`;
      const last = this.state.broken ? undefined : await disk.readNote<number>(key);
      if (this.state.locations.length > 0 && last !== undefined && Date.now() - last < catalogueFreshMs) return;
      const locations = await server.readLocations(tenantId);
      this.setLocations(locations);
      await this.remember(async () => {
        await disk.replaceLocations(tenantId, locations);
        await disk.writeNote(key, Date.now());
      });
      await this.keepClock();
      await this.synced();
    } catch (error) {
      // What is on the device goes on answering.
      console.warn('catalogue not refreshed', error);
      if (this.channel)
        this.refreshLater = window.setTimeout(() => {
          if (this.state.online === true) void this.refreshCatalogue();
        }, catalogueRetryMs);
    } finally {
      this.refreshing = false;
    }
  }

  /** Writes a copy of what the server said. That it cannot be kept is no reason not to show it. */
  private async remember(write: () => Promise<void>): Promise<void> {
    if (this.state.broken) return;
    try {
      await write();
    } catch (error) {
      console.warn('not kept on this device', error);
    }
  }

  private async keepClock(): Promise<void> {
    const offset = clockOffset();
    if (Math.abs(offset - this.keptOffset) < clockDriftMs) return;
    this.keptOffset = offset;
    await this.remember(() => this.parts.disk.writeNote('clockOffset', offset));
  }

  private setLocations(locations: readonly PlaceRef[]): void {
    const sorted = [...locations].sort((a, b) => a.name.localeCompare(b.name, 'es', { numeric: true }));
    const coded = sorted.filter((location) => location.barcode !== null && location.barcode !== '');
    this.set({
      locations: sorted,
      locationByCode: new Map(coded.map((location) => [location.barcode!.trim().toUpperCase(), location])),
    });
  }

  private async change(id: string, change: (move: QueuedMove) => QueuedMove | null): Promise<void> {
    await this.parts.disk.queueStorage.change(id, change);
    await this.changed();
  }

  private async changed(): Promise<void> {
    this.channel?.postMessage('changed');
    await this.reload();
  }

  private async reload(): Promise<void> {
    try {
      this.set({ moves: await this.parts.disk.queueStorage.list() });
    } catch (error) {
      console.error('the queue of this device cannot be read', error);
      this.set({ broken: true });
    }
    this.follow();
  }

  private follow(): void {
    if (!this.channel) return;
    const open = this.state.moves.filter(
      (move) =>
        move.operation &&
        !finalStates.includes(move.operation.state) &&
        move.userId === this.user.id &&
        move.tenantId === this.user.tenantId,
    );
    this.follower.follow(
      open.flatMap(({ operation }) => operation?.id ?? []),
      this.state.online === true,
    );
  }

  private async prune(): Promise<void> {
    const ended = (await this.parts.disk.queueStorage.list()).filter(
      (move) => move.operation && finalStates.includes(move.operation.state),
    );
    const old = ended.filter(
      (move, at) => at < ended.length - keepEnded || Date.now() - Date.parse(move.operation?.at ?? '') > keepEndedMs,
    );
    for (const { id } of old) await this.parts.disk.queueStorage.change(id, () => null);
  }

  private async askToPersist(): Promise<void> {
    if (this.state.persistent === true) return;
    this.set({ persistent: (await navigator.storage?.persist?.()) ?? null });
  }

  private async synced(): Promise<void> {
    const now = new Date().toISOString();
    this.set({ lastSync: now });
    await this.remember(() => this.parts.disk.writeNote('lastSync', now));
  }

  private set(change: Partial<DeviceState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
