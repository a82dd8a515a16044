import { createFeed, type Feed } from '../api/operations/feed';
import type { OperationChange } from '../domain/operation';
import { startCore, type Core } from '../test/support/core';
import { eventually } from '../test/support/eventually';
import { feedHead, readFeed } from './feed';
import { moveOperation } from './operations';

let core: Core;
let serial = 0;
const feeds: Feed[] = [];
beforeAll(async () => {
  core = await startCore({ poolMax: 20 });
});
afterEach(() => {
  for (const feed of feeds.splice(0)) feed.close();
});
afterAll(() => core.close());

const accept = () => core.accept([`F-${++serial}`]);

/** A replica of the API, as far as its feed goes. */
function replica(): Feed {
  const feed = createFeed(core.db, (error) => {
    throw error;
  });
  feeds.push(feed);
  return feed;
}

interface Client {
  changes: OperationChange[];
  resets: string[];
  lastEventId: string | null;
  leave(): void;
}

function listen(feed: Feed, lastEventId: string | null = null, tenantId = core.business.tenantId): Client {
  const client: Client = { changes: [], resets: [], lastEventId, leave: () => undefined };
  client.leave = feed.subscribe(tenantId, lastEventId, {
    onChange(event) {
      client.changes.push(event.change);
      client.lastEventId = event.id;
    },
    onReset(id) {
      client.resets.push(id);
      client.lastEventId = id;
    },
  });
  return client;
}

const ready = async (client: Client): Promise<Client> => {
  await eventually(
    () => client.resets.length,
    (count) => count > 0,
  );
  return client;
};
const idsOf = (client: Client) => client.changes.map((change) => change.operationId);
const has = (client: Client, ids: string[]) =>
  eventually(
    () => idsOf(client),
    (seen) => ids.every((id) => seen.includes(id)),
    (seen) => `${seen.length} changes`,
  );

/**
 * What was committed before is behind every head from now on. Other databases of the server hold heads back for a moment,
 * and what lies between is told again, which a feed may do.
 */
async function settled(): Promise<void> {
  const now = await core.tx(async (tx) => {
    const [row] = await tx.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
    return BigInt(row!.xid);
  });
  await eventually(
    () => core.tx(feedHead),
    (head) => BigInt(head.xid) > now,
  );
}

/** A transaction that has written its change and commits when told. */
function openChange(id: string): { written: Promise<void>; commit: () => void; done: Promise<unknown> } {
  let written: () => void = () => undefined;
  let commit: () => void = () => undefined;
  const hasWritten = new Promise<void>((resolve) => (written = resolve));
  const mayCommit = new Promise<void>((resolve) => (commit = resolve));
  const done = core.tx(async (tx) => {
    await moveOperation(tx, id, { to: 'waiting', code: 'parked' });
    written();
    await mayCommit;
  });
  return { written: hasWritten, commit, done };
}

describe('the live feed', () => {
  it('gives nothing above a transaction that is still open, and loses nothing when they commit in reverse order', async () => {
    const [one, two] = [await accept(), await accept()];
    await settled();
    const head = await core.tx(feedHead);
    const first = openChange(one);
    await first.written;
    const second = openChange(two);
    await second.written;
    second.commit();
    await second.done;
    // The later transaction is there, the earlier one is not: telling of it now would leave the earlier one behind.
    const early = await core.tx((tx) => readFeed(tx, head));
    expect([early.changes, early.more]).toEqual([[], true]);
    first.commit();
    await first.done;
    // Transactions of other databases of the server may keep it waiting a little longer.
    const late = await eventually(
      () => core.tx((tx) => readFeed(tx, head)),
      ({ more }) => !more,
    );
    expect(late.changes.map((change) => change.operationId)).toEqual([one, two]);
  });

  it('tells every change of many overlapping transactions to every replica', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, accept));
    await settled();
    const clients = [await ready(listen(replica())), await ready(listen(replica()))];
    const open = ids.map(openChange);
    await Promise.all(open.map((change) => change.written));
    for (const change of [...open].reverse()) {
      change.commit();
      await change.done;
    }
    const told = (client: Client) =>
      client.changes.filter((change) => change.code === 'parked').map((change) => change.operationId);
    for (const client of clients) {
      await eventually(
        () => told(client),
        (seen) => ids.every((id) => seen.includes(id)),
      );
      expect(told(client).sort()).toEqual([...ids].sort());
    }
  });

  it('goes on at Last-Event-ID, also on another replica', async () => {
    const [here, there] = [replica(), replica()];
    const client = await ready(listen(here));
    const ids = [await accept(), await accept()];
    await has(client, ids);
    client.leave();
    const missed = [await accept(), await accept(), await accept()];
    const back = listen(there, client.lastEventId);
    await has(back, missed);
    expect([idsOf(back), back.resets]).toEqual([missed, []]);
  });

  it('goes on from where the first `reset` stood when nothing had happened yet', async () => {
    const client = await ready(listen(replica()));
    client.leave();
    const id = await accept();
    const back = listen(replica(), client.lastEventId);
    await has(back, [id]);
    expect(back.resets).toEqual([]);
  });

  it.each([
    ['of another life of the database', 'abcdef012345.100.7'],
    ['that is nonsense', 'nonsense'],
    ['that is too long for a number', `abcdef012345.${'9'.repeat(30)}.1`],
  ])('answers an id %s with a reset, then goes on from now', async (_, lastEventId) => {
    const before = await accept();
    await settled();
    const client = await ready(listen(replica(), lastEventId));
    const after = await accept();
    await has(client, [after]);
    expect(idsOf(client)).not.toContain(before);
    expect(client.resets).toHaveLength(1);
  });

  it.each(['99999999999999999999.1', '1.9999999999999999999'])(
    'a forged position (%s) is answered with a reset, and does not disturb the other listeners',
    async (position) => {
      const feed = replica();
      const client = await ready(listen(feed));
      const epoch = client.lastEventId!.split('.')[0]!;
      client.leave();
      const forged = listen(feed, `${epoch}.${position}`);
      const honest = await ready(listen(feed));
      await ready(forged);
      const id = await accept();
      await has(honest, [id]);
      await has(forged, [id]);
    },
  );

  it('has another epoch in another database', async () => {
    const elsewhere = await startCore();
    try {
      const there = createFeed(elsewhere.db, () => undefined);
      feeds.push(there);
      const client = await ready(listen(replica()));
      const moved = await ready(listen(there, client.lastEventId, elsewhere.business.tenantId));
      expect(moved.resets[0]?.split('.')[0]).not.toBe(client.lastEventId?.split('.')[0]);
      there.close();
    } finally {
      await elsewhere.close();
    }
  });

  it('tells of a business only to that business', async () => {
    await settled();
    const feed = replica();
    const [mine, theirs] = [await ready(listen(feed)), await ready(listen(feed, null, core.other.tenantId))];
    const own = await accept();
    const other = await core.accept([`F-${++serial}`], { business: core.other });
    await has(mine, [own]);
    await has(theirs, [other]);
    expect([idsOf(mine), idsOf(theirs)]).toEqual([[own], [other]]);
  });

  it('orders the changes of an operation by version', async () => {
    const client = await ready(listen(replica()));
    const id = await accept();
    await core.take(id);
    await core.move(id, { to: 'waiting' });
    await core.move(id, { to: 'syncing' });
    await core.move(id, { to: 'synced' });
    await eventually(
      () => client.changes.filter((change) => change.operationId === id).map((change) => change.version),
      (versions) => versions.length === 5,
    );
    const mine = client.changes.filter((change) => change.operationId === id);
    expect(mine.map((change) => change.version)).toEqual([1, 2, 3, 4, 5]);
    expect(mine.at(-1)?.state).toBe('synced');
  });

  it('reads on from page to page', async () => {
    const head = await core.tx(feedHead);
    const id = await accept();
    await core.database.query(
      `INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code)
       SELECT tenant_id, id, 1, 'x', 'pending', n, 'retrying' FROM operation, generate_series(2, 1200) n WHERE id = $1`,
      [id],
    );
    let position = head;
    const versions: number[] = [];
    for (let more = true; more;) {
      const page = await core.tx((tx) => readFeed(tx, position));
      versions.push(...page.changes.map((change) => change.version));
      position = page.changes.at(-1)?.position ?? position;
      more = page.more;
    }
    expect(versions).toEqual(Array.from({ length: 1200 }, (_, index) => index + 1));
  });
});
