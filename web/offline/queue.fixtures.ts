import type { NewMove, QueuedMove, QueueSession, QueueStorage, SendOutcome } from './queue';

export function move(id: string, options: { userId?: string; tenantId?: string; pallets?: string[] } = {}): NewMove {
  return {
    id,
    tenantId: options.tenantId ?? 'demo',
    userId: options.userId ?? 'ana',
    userName: options.userId ?? 'Ana',
    destination: { id: 'cam-1', name: 'Cámara 1', barcode: 'CAM-01' },
    pallets: (options.pallets ?? [`P-${id}`]).map((code) => ({ code, from: null, weightKg: 1 })),
    scannedAt: '2026-01-01T00:00:00.000Z',
  };
}

export class Clock {
  ms = 1_000_000;
}

/** The contract of the real storage, without a disk; `copy` is what a restart finds. */
export class MemoryStorage implements QueueStorage {
  constructor(public items: QueuedMove[] = []) {}

  add(item: NewMove): Promise<QueuedMove> {
    const there = this.items.find(({ id }) => id === item.id);
    if (there) return Promise.resolve(there);
    const seq = (this.items.at(-1)?.seq ?? 0) + 1;
    const fresh: QueuedMove = {
      ...item,
      seq,
      status: 'queued',
      attempts: 0,
      notBefore: 0,
      maybeSent: false,
      reason: null,
      operation: null,
    };
    this.items = [...this.items, fresh];
    return Promise.resolve(fresh);
  }

  list(): Promise<QueuedMove[]> {
    return Promise.resolve(this.items);
  }

  change(id: string, change: (item: QueuedMove) => QueuedMove | null): Promise<QueuedMove | null> {
    const there = this.items.find((item) => item.id === id);
    const next = there ? change(there) : null;
    this.items = this.items.flatMap((item) => (item.id !== id ? [item] : next ? [next] : []));
    return Promise.resolve(next);
  }

  copy(): MemoryStorage {
    return new MemoryStorage(structuredClone(this.items));
  }
}

/** Web Locks for one process. */
export class Mutex {
  private tail: Promise<unknown> = Promise.resolve();
  waiting = 0;

  run = <T>(work: () => Promise<T>): Promise<T> => {
    this.waiting += 1;
    const turn = this.tail.then(() => {
      this.waiting -= 1;
      return work();
    });
    this.tail = turn.catch(() => undefined);
    return turn;
  };
}

export type Fault = 'ok' | 'lose' | 'drop' | 'busy' | 'progress' | 'broken' | 'expire';

/** The server's side of the contract: one effect per key, refusals stored with the key, faults by script. */
export class Server {
  session: QueueSession | null = { tenantId: 'demo', userId: 'ana' };
  effects: string[] = [];
  received: string[] = [];
  bodies: string[] = [];
  refuse = new Set<string>();
  bad: string[] = [];
  script: Fault[] = [];

  async receive(item: QueuedMove): Promise<SendOutcome> {
    await Promise.resolve();
    const fault = this.script.shift() ?? 'ok';
    if (fault === 'drop') throw new TypeError('Failed to fetch');
    this.received.push(item.id);
    this.bodies.push(JSON.stringify([item.destination.id, item.pallets, item.scannedAt]));
    switch (fault) {
      case 'expire':
        return { kind: 'unauthenticated' };
      case 'busy':
        return { kind: 'later', code: 'rate_limited', unknown: false, afterMs: 5_000 };
      case 'progress':
        return { kind: 'later', code: 'command_in_progress', unknown: true, afterMs: 1_000 };
      case 'broken':
        return { kind: 'later', code: 'internal', unknown: true };
      case 'lose':
      case 'ok': {
        const refused = this.refuse.has(item.id);
        if (!refused && !this.effects.includes(item.id)) this.effects.push(item.id);
        if (fault === 'lose') throw new TypeError('Failed to fetch');
        if (refused)
          return {
            kind: 'refused',
            reason: { code: 'unknown_pallet', detail: 'Ese pallet no existe en Odoo.', pallets: this.bad },
          };
        return { kind: 'accepted', operationId: `op-${item.id}`, state: 'pending' };
      }
    }
  }
}
