import type { OperationChange } from '../../domain/operation';
import type { Database } from '../../store/db';
import { feedEpoch, feedHead, readFeed, type FeedPosition } from '../../store/feed';

export interface FeedEvent {
  /** `<epoch>.<xid>.<id>`; what a client sends back as Last-Event-ID. */
  id: string;
  change: OperationChange;
}

/** `reset`: what the client knew cannot be continued; it reads everything anew. */
export interface FeedListener {
  onChange(event: FeedEvent): void;
  onReset(id: string): void;
}

export interface Feed {
  /** `lastEventId` null = from now on. Returns how to leave. */
  subscribe(tenantId: string, lastEventId: string | null, listener: FeedListener): () => void;
  /** Someone committed for this tenant: look now. */
  hint(tenantId: string): void;
  close(): void;
}

/** A poll each second is the truth; while somebody is committing, every 50 ms. */
const pollMs = 1_000;
const busyMs = 50;

interface Subscriber {
  position: FeedPosition | null;
  listener: FeedListener;
  lastEventId: string | null;
  left: boolean;
}

/** Ends of xid8 and int8: what is beyond them would fail in the database, for every listener of the tenant. */
const lastXid = 2n ** 64n - 1n;
const lastId = 2n ** 63n - 1n;

/** The position that a client had; null when it is of another life of the database, or never was one of ours. */
function positionOf(lastEventId: string | null, epoch: string): FeedPosition | null {
  const parts = lastEventId?.match(/^([0-9a-f]+)\.(\d{1,20})\.(\d{1,19})$/);
  if (!parts || parts[1] !== epoch) return null;
  const [xid, id] = [parts[2]!, parts[3]!];
  return BigInt(xid) <= lastXid && BigInt(id) <= lastId ? { xid, id } : null;
}

/** One reader per tenant that has listeners here; each listener has a position of its own, so a late one misses nothing. */
class TenantFeed {
  readonly subscribers = new Set<Subscriber>();
  private timer: NodeJS.Timeout | null = null;
  private reading = false;
  private again = false;

  constructor(
    private readonly db: Database,
    private readonly tenantId: string,
    private readonly epoch: () => Promise<string>,
    private readonly onError: (error: unknown) => void,
  ) {}

  look(): void {
    if (this.reading) {
      this.again = true;
      return;
    }
    if (this.timer) clearTimeout(this.timer);
    this.reading = true;
    this.again = false;
    this.read()
      .catch((error: unknown) => {
        this.onError(error);
        return false;
      })
      .then((more) => {
        this.reading = false;
        if (this.subscribers.size === 0) return;
        if (this.again) this.look();
        else this.timer = setTimeout(() => this.look(), more ? busyMs : pollMs);
      })
      .catch(this.onError);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
  }

  private async read(): Promise<boolean> {
    const epoch = await this.epoch();
    let more = false;
    for (const subscriber of [...this.subscribers]) {
      if (subscriber.left) continue;
      const position = subscriber.position ?? (await this.place(subscriber, epoch));
      const page = await this.db.withTenant(this.tenantId, (tx) => readFeed(tx, position));
      if (subscriber.left) continue;
      subscriber.position = page.changes.at(-1)?.position ?? position;
      for (const { position: at, ...change } of page.changes) {
        subscriber.listener.onChange({ id: `${epoch}.${at.xid}.${at.id}`, change });
      }
      more ||= page.more;
    }
    return more;
  }

  private async place(subscriber: Subscriber, epoch: string): Promise<FeedPosition> {
    const known = positionOf(subscriber.lastEventId, epoch);
    if (known) return known;
    const head = await this.db.withTenant(this.tenantId, feedHead);
    subscriber.listener.onReset(`${epoch}.${head.xid}.${head.id}`);
    return head;
  }
}

export function createFeed(db: Database, onError: (error: unknown) => void): Feed {
  const tenants = new Map<string, TenantFeed>();
  let known: { epoch: Promise<string>; until: number } | null = null;
  // A restore ends our connections, so an epoch needs to be asked for only now and then.
  const epoch = (): Promise<string> => {
    if (!known || known.until < Date.now()) {
      const asked = feedEpoch(db.installation);
      known = { epoch: asked, until: Date.now() + 30_000 };
      asked.catch(() => {
        known = null;
      });
    }
    return known.epoch;
  };
  return {
    subscribe(tenantId, lastEventId, listener) {
      const feed = tenants.get(tenantId) ?? new TenantFeed(db, tenantId, epoch, onError);
      tenants.set(tenantId, feed);
      const subscriber: Subscriber = { position: null, listener, lastEventId, left: false };
      feed.subscribers.add(subscriber);
      feed.look();
      return () => {
        // The second time this tenant's feed may be another one already.
        if (subscriber.left) return;
        subscriber.left = true;
        feed.subscribers.delete(subscriber);
        if (feed.subscribers.size > 0) return;
        feed.stop();
        tenants.delete(tenantId);
      };
    },
    hint: (tenantId) => tenants.get(tenantId)?.look(),
    close() {
      for (const feed of tenants.values()) feed.stop();
      tenants.clear();
    },
  };
}
