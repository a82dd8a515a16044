import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Draft } from '../picking/draft';
import type { KnownPlace } from './places';
import type { NewMove, PlaceRef, QueuedMove, QueueStorage } from './queue';

/** A pallet that this device has seen. */
export interface SeenPallet extends KnownPlace {
  code: string;
  weightKg: number | null;
  product: string | null;
  /** Why it cannot be moved, as far as was known. */
  problem: string | null;
}

interface NervioDb extends DBSchema {
  queue: { key: string; value: QueuedMove; indexes: { seq: number } };
  /** What a person is scanning and has not confirmed yet; key `tenant:user`. */
  draft: { key: string; value: Draft };
  location: { key: [string, string]; value: PlaceRef & { tenantId: string } };
  pallet: { key: [string, string]; value: SeenPallet & { tenantId: string } };
  note: { key: string; value: unknown };
}

let opening: Promise<IDBPDatabase<NervioDb>> | undefined;

/** The device's database. A tab with an older version of the app closes its connection so that a newer one can migrate. */
export function database(): Promise<IDBPDatabase<NervioDb>> {
  opening ??= openDB<NervioDb>('nervio', 1, {
    upgrade(db) {
      db.createObjectStore('queue', { keyPath: 'id' }).createIndex('seq', 'seq', { unique: true });
      db.createObjectStore('draft');
      db.createObjectStore('location', { keyPath: ['tenantId', 'id'] });
      db.createObjectStore('pallet', { keyPath: ['tenantId', 'code'] });
      db.createObjectStore('note');
    },
    blocking: () => {
      void opening?.then((db) => db.close());
      opening = undefined;
    },
    terminated: () => {
      opening = undefined;
    },
  }).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/** Strict: the promise resolves when the disk has it, not when the browser intends to. The receipt is shown after that. */
const strict = { durability: 'strict' } as const;

export const draftKey = (who: { tenantId: string; userId: string }): string => `${who.tenantId}:${who.userId}`;

async function append(move: NewMove, clearDraft: boolean): Promise<QueuedMove> {
  const db = await database();
  const tx = db.transaction(['queue', 'draft'], 'readwrite', strict);
  const queue = tx.objectStore('queue');
  const there = await queue.get(move.id);
  const last = there ? null : await queue.index('seq').openCursor(null, 'prev');
  const fresh: QueuedMove = there ?? {
    ...move,
    seq: (last?.value.seq ?? 0) + 1,
    status: 'queued',
    attempts: 0,
    notBefore: 0,
    maybeSent: false,
    reason: null,
    operation: null,
  };
  if (!there) await queue.add(fresh);
  // In one transaction with the move: after a power cut there is the draft or the move, never both.
  if (clearDraft) await tx.objectStore('draft').delete(draftKey(move));
  await tx.done;
  return fresh;
}

/** Keeps a confirmed move and takes its draft away, in one transaction. */
export const confirmDraft = (move: NewMove): Promise<QueuedMove> => append(move, true);

export const queueStorage: QueueStorage = {
  add: (move) => append(move, false),
  async list() {
    return (await database()).getAllFromIndex('queue', 'seq');
  },
  async change(id, change) {
    const tx = (await database()).transaction('queue', 'readwrite', strict);
    const there = await tx.store.get(id);
    const next = there ? change(there) : null;
    if (next) await tx.store.put(next);
    else if (there) await tx.store.delete(id);
    await tx.done;
    return next;
  },
};

/** Puts a fresh copy at the end and takes the set-aside original away, in one transaction. */
export async function replaceMove(originalId: string, copy: NewMove): Promise<void> {
  const tx = (await database()).transaction('queue', 'readwrite', strict);
  const original = await tx.store.get(originalId);
  if (original?.status === 'set_aside') {
    const last = await tx.store.index('seq').openCursor(null, 'prev');
    await tx.store.delete(originalId);
    await tx.store.add({
      ...copy,
      seq: (last?.value.seq ?? 0) + 1,
      status: 'queued',
      attempts: 0,
      notBefore: 0,
      maybeSent: false,
      reason: null,
      operation: null,
    });
  }
  await tx.done;
}

export async function readDraft(who: { tenantId: string; userId: string }): Promise<Draft | undefined> {
  return (await database()).get('draft', draftKey(who));
}

/**
 * Keeps what is being scanned, unless it has been confirmed: a write that comes late, or from a tab that did not hear of it,
 * must not bring a draft back that has become a move. Resolves to that move, if so.
 */
export async function saveDraft(who: { tenantId: string; userId: string }, draft: Draft): Promise<QueuedMove | null> {
  const tx = (await database()).transaction(['queue', 'draft'], 'readwrite');
  const confirmed = await tx.objectStore('queue').get(draft.id);
  if (!confirmed) await tx.objectStore('draft').put(draft, draftKey(who));
  await tx.done;
  return confirmed ?? null;
}

export async function readLocations(tenantId: string): Promise<PlaceRef[]> {
  return (await database()).getAll('location', IDBKeyRange.bound([tenantId, ''], [tenantId, '\uffff']));
}

/** The whole catalogue of a tenant, replaced at once. */
export async function replaceLocations(tenantId: string, locations: PlaceRef[]): Promise<void> {
  const tx = (await database()).transaction('location', 'readwrite');
  void tx.store.delete(IDBKeyRange.bound([tenantId, ''], [tenantId, '\uffff']));
  for (const { id, name, barcode } of locations) void tx.store.put({ tenantId, id, name, barcode });
  await tx.done;
}

export async function readPallets(tenantId: string): Promise<SeenPallet[]> {
  return (await database()).getAll('pallet', IDBKeyRange.bound([tenantId, ''], [tenantId, '\uffff']));
}

export async function savePallet(tenantId: string, pallet: SeenPallet): Promise<void> {
  await (await database()).put('pallet', { tenantId, ...pallet });
}

export async function readNote<T>(key: string): Promise<T | undefined> {
  return (await (await database()).get('note', key)) as T | undefined;
}

export async function writeNote(key: string, value: unknown): Promise<void> {
  await (await database()).put('note', value, key);
}
