import { finalStates } from '../../domain/operation';
import { withSessionLock } from '../session/lock';
import { findLocation, type PalletAnswer, readLocations, readPallet, readSession, sendMove } from './api';
import {
  confirmDraft,
  queueStorage,
  readLocations as storedLocations,
  readNote,
  readPallets as storedPallets,
  replaceLocations,
  replaceMove,
  savePallet,
  type SeenPallet,
  writeNote,
} from './db';
import { Follower } from './follow';
import { again, drain, isOf, type NewMove, type PlaceRef, type QueuedMove, retryNow, withOperation } from './queue';
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

const catalogueFreshMs = 3_600_000;
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
  private readonly channel = new BroadcastChannel('nervio-device');
  private readonly follower = new Follower(({ operationId, ...seen }) => {
    const move = this.state.moves.find(({ operation }) => operation?.id === operationId);
    if (move && seen.version > (move.operation?.version ?? 0))
      void this.change(move.id, (there) => withOperation(there, seen));
  });
  private wake: number | undefined;
  private draining = false;
  private drainAgain = false;

  constructor(readonly user: DeviceUser) {
    this.channel.addEventListener('message', () => void this.reload());
  }

  snapshot = (): DeviceState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Reads the device and starts working; gives back how to stop. */
  start(): () => void {
    const monitor = connectionMonitor();
    const onConnection = (): void => {
      const { online } = monitor.snapshot();
      // Not before the device is read: what is stored must not come over what the server says.
      if (online === this.state.online || !this.state.ready) return;
      this.set({ online });
      this.follow();
      if (online) {
        this.send();
        void this.refreshCatalogue();
      }
    };
    const stopListening = monitor.subscribe(onConnection);
    void this.load().then(onConnection);
    return () => {
      stopListening();
      window.clearTimeout(this.wake);
      this.follower.follow([], false);
    };
  }

  /** Resolves when the move is on disk (and its draft gone); then it is sent in the background. */
  async confirm(move: NewMove): Promise<QueuedMove> {
    const kept = await confirmDraft(move);
    await this.changed();
    void this.askToPersist();
    this.send();
    return kept;
  }

  /** Tries a waiting or set-aside move again at once. A refused one goes with a new key, without the pallets that were named. */
  async retry(move: QueuedMove): Promise<void> {
    if (move.status === 'set_aside') {
      const copy = again(move, crypto.randomUUID());
      if (copy.pallets.length > 0) await replaceMove(move.id, copy);
    } else {
      await queueStorage.change(move.id, retryNow);
    }
    await this.changed();
    this.send();
  }

  /** Throws a move away; not while it is being sent, and never one that the server may have. */
  async discard(id: string, allowed: (move: QueuedMove) => boolean): Promise<void> {
    await withSessionLock(async () => {
      await queueStorage.change(id, (move) => (allowed(move) ? null : move));
    });
    await this.changed();
  }

  /** The server is known not to answer. */
  isOffline(): boolean {
    return this.state.online === false;
  }

  async lookUp(code: string): Promise<PalletAnswer> {
    let answer: PalletAnswer = this.state.online === false ? { kind: 'unreachable' } : await readPallet(code);
    if (answer.kind === 'unauthenticated') this.set({ needsLogin: true });
    if (answer.kind === 'found') {
      const pallet = { ...answer.pallet, location: this.named(answer.pallet.location) };
      answer = { ...answer, pallet };
      this.set({ pallets: new Map(this.state.pallets).set(pallet.code.toUpperCase(), pallet) });
      await savePallet(this.user.tenantId, pallet);
    }
    return answer;
  }

  /** A place as this device's catalogue calls it. */
  private named(location: PlaceRef | null): PlaceRef | null {
    return this.state.locations.find(({ id }) => id === location?.id) ?? location;
  }

  /** A chamber that the catalogue of this device does not have yet. */
  async findLocation(barcode: string): Promise<PlaceRef | null> {
    return this.state.online === false ? null : findLocation(barcode);
  }

  /** Sends what waits, in the background; again when something came in meanwhile. */
  send(): void {
    if (this.state.online === false) return;
    if (this.draining) {
      this.drainAgain = true;
      return;
    }
    void this.drainAll();
  }

  private async drainAll(): Promise<void> {
    this.draining = true;
    window.clearTimeout(this.wake);
    try {
      const result = await drain({
        storage: {
          ...queueStorage,
          change: async (id, change) => {
            const changed = await queueStorage.change(id, change);
            await this.changed();
            return changed;
          },
        },
        send: (move) => {
          this.set({ sending: true });
          return sendMove(move);
        },
        session: async () => {
          const session = await readSession();
          if (session !== 'unreachable')
            this.set({
              needsLogin: session === null || !isOf({ tenantId: this.user.tenantId, userId: this.user.id }, session),
            });
          return session;
        },
        exclusive: withSessionLock,
        now: Date.now,
        random: Math.random,
      });
      if (result.sent > 0) await this.synced();
      if (result.stopped === 'unauthenticated') this.set({ needsLogin: true });
      if (result.stopped === 'backing_off')
        this.wake = window.setTimeout(() => this.send(), Math.max(200, result.wakeAt - Date.now()));
      if (result.stopped === 'unreachable') this.wake = window.setTimeout(() => this.send(), 2_000);
    } finally {
      this.draining = false;
      this.set({ sending: false });
    }
    if (this.drainAgain) {
      this.drainAgain = false;
      this.send();
    }
  }

  private async load(): Promise<void> {
    try {
      const [locations, pallets, lastSync] = await Promise.all([
        storedLocations(this.user.tenantId),
        storedPallets(this.user.tenantId),
        readNote<string>('lastSync'),
      ]);
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
    const key = `catalogue:${this.user.tenantId}`;
    const last = await readNote<number>(key);
    if (this.state.locations.length > 0 && last !== undefined && Date.now() - last < catalogueFreshMs) return;
    try {
      const locations = await readLocations();
      this.setLocations(locations);
      await replaceLocations(this.user.tenantId, locations);
      await writeNote(key, Date.now());
      await this.synced();
    } catch (error) {
      // What is on the device goes on answering; the next return of the network tries again.
      console.warn('catalogue not refreshed', error);
    }
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
    await queueStorage.change(id, change);
    await this.changed();
  }

  private async changed(): Promise<void> {
    this.channel.postMessage('changed');
    await this.reload();
  }

  private async reload(): Promise<void> {
    this.set({ moves: await queueStorage.list() });
    this.follow();
  }

  private follow(): void {
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
    const ended = (await queueStorage.list()).filter(
      (move) => move.operation && finalStates.includes(move.operation.state),
    );
    const old = ended.filter(
      (move, at) => at < ended.length - keepEnded || Date.now() - Date.parse(move.operation?.at ?? '') > keepEndedMs,
    );
    for (const { id } of old) await queueStorage.change(id, () => null);
  }

  private async askToPersist(): Promise<void> {
    if (this.state.persistent === true) return;
    this.set({ persistent: (await navigator.storage?.persist?.()) ?? null });
  }

  private async synced(): Promise<void> {
    const now = new Date().toISOString();
    this.set({ lastSync: now });
    await writeNote('lastSync', now);
  }

  private set(change: Partial<DeviceState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
