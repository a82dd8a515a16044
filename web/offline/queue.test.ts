import { again, backOff, canDiscard, drain, type NewMove, type QueuedMove, retryNow, withOperation } from './queue';
import { Clock, MemoryStorage, Mutex, move, Server } from './queue.fixtures';

const ana = { tenantId: 'demo', userId: 'ana' };

function device(server = new Server(), storage = new MemoryStorage(), clock = new Clock()) {
  const mutex = new Mutex();
  const deps = {
    storage,
    send: (item: QueuedMove) => server.receive(item),
    session: () => Promise.resolve(server.session),
    exclusive: mutex.run,
    contended: () => Promise.resolve(mutex.waiting > 0),
    now: () => clock.ms,
    random: () => 0.5,
  };
  return {
    server,
    storage,
    clock,
    deps,
    mutex,
    add: (...items: NewMove[]) => Promise.all(items.map((item) => storage.add(item))),
  };
}

const states = (storage: MemoryStorage) => storage.items.map((item) => `${item.id} ${item.status}`);

describe('queue of moves on the device', () => {
  it('sends in the order of confirmation, each once', async () => {
    const { deps, add, server } = device();
    await add(move('a'), move('b'), move('c'));
    expect(await drain(deps)).toEqual({ stopped: 'empty', sent: 3 });
    expect(server.effects).toEqual(['a', 'b', 'c']);
  });

  it('survives a power cut between the write and the receipt: the move is there and goes once', async () => {
    const { storage, server } = device();
    await storage.add(move('a'));
    // The tab died before the screen said anything; after the restart the person confirms the same draft again.
    const restarted = device(server, storage.copy());
    await restarted.storage.add(move('a'));
    await drain(restarted.deps);
    expect(server.effects).toEqual(['a']);
    expect(restarted.storage.items).toHaveLength(1);
  });

  it('survives a power cut between the answer and its note: sent again, one effect', async () => {
    const { deps, storage, server } = device();
    await storage.add(move('a'));
    const before = storage.copy();
    await drain(deps);
    await drain({ ...deps, storage: before });
    expect(server.received).toEqual(['a', 'a']);
    expect(server.effects).toEqual(['a']);
  });

  it('sends an item whose answer was lost again, with the same key and content', async () => {
    const { deps, storage, server, clock } = device();
    await storage.add(move('a'));
    server.script = ['lose'];
    expect(await drain(deps)).toMatchObject({ stopped: 'backing_off', sent: 0 });
    expect(storage.items[0]).toMatchObject({ status: 'queued', maybeSent: true, reason: { code: 'network' } });
    clock.ms += 60_000;
    await drain(deps);
    expect(server.effects).toEqual(['a']);
    expect(new Set(server.bodies)).toHaveProperty('size', 1);
  });

  it('sets a poisoned item aside with its reason and goes on with the rest', async () => {
    const { deps, add, storage, server } = device();
    await add(move('a'), move('poison'), move('c'));
    server.refuse.add('poison');
    expect(await drain(deps)).toEqual({ stopped: 'empty', sent: 2 });
    expect(states(storage)).toEqual(['a accepted', 'poison set_aside', 'c accepted']);
    expect(storage.items[1]?.reason).toMatchObject({ code: 'unknown_pallet', detail: 'Ese pallet no existe en Odoo.' });
  });

  it('keeps the order through a temporary failure', async () => {
    const { deps, add, server, clock } = device();
    await add(move('a'), move('b'));
    server.script = ['busy'];
    const stopped = await drain(deps);
    expect(stopped).toEqual({ stopped: 'backing_off', sent: 0, wakeAt: clock.ms + 5_000 });
    expect(await drain(deps)).toMatchObject({ stopped: 'backing_off' });
    expect(server.received).toEqual(['a']);
    clock.ms += 5_000;
    await drain(deps);
    expect(server.effects).toEqual(['a', 'b']);
  });

  it('one of two tabs sends an item', async () => {
    const { deps, add, server } = device();
    await add(...Array.from({ length: 20 }, (_, at) => move(`m${at}`)));
    await Promise.all([drain(deps), drain(deps)]);
    expect(server.received).toEqual(server.effects);
    expect(server.effects).toHaveLength(20);
  });

  it('keeps everything when the session has ended, and sends it after the log-in', async () => {
    const { deps, add, storage, server } = device();
    await add(move('a'), move('b'));
    server.session = null;
    expect(await drain(deps)).toEqual({ stopped: 'unauthenticated', sent: 0 });
    server.session = ana;
    server.script = ['expire'];
    expect(await drain(deps)).toEqual({ stopped: 'unauthenticated', sent: 0 });
    expect(states(storage)).toEqual(['a queued', 'b queued']);
    await drain(deps);
    expect(server.effects).toEqual(['a', 'b']);
  });

  it("never sends one person's move in another's session", async () => {
    const { deps, add, storage, server } = device();
    await add(move('a'), move('b', { userId: 'beto' }), move('c', { tenantId: 'otra' }), move('d'));
    await drain(deps);
    expect(server.effects).toEqual(['a', 'd']);
    expect(states(storage)).toEqual(['a accepted', 'b queued', 'c queued', 'd accepted']);
    server.session = { tenantId: 'demo', userId: 'beto' };
    await drain(deps);
    expect(server.effects).toEqual(['a', 'd', 'b']);
  });

  it('lets a log-in in after the move that is under way, and sends the rest only as its maker', async () => {
    const { deps, add, storage, server, mutex } = device();
    await add(move('a'), move('b'), move('c', { userId: 'beto' }), move('d'));
    let loggedIn: Promise<void> | undefined;
    const send = (item: QueuedMove) => {
      loggedIn ??= mutex.run(() => {
        server.session = { tenantId: 'demo', userId: 'beto' };
        return Promise.resolve();
      });
      return server.receive(item);
    };
    const draining = drain({ ...deps, send });
    expect(await draining).toEqual({ stopped: 'empty', sent: 2 });
    await loggedIn;
    expect(server.effects).toEqual(['a', 'c']);
    expect(states(storage)).toEqual(['a accepted', 'b queued', 'c accepted', 'd queued']);
  });

  it('asks whose session it is once for all, as long as nobody else wants to know', async () => {
    const { deps, add } = device();
    await add(move('a'), move('b'), move('c'));
    const session = jest.fn(deps.session);
    await drain({ ...deps, session });
    expect(session).toHaveBeenCalledTimes(1);
  });

  it('does not ask the server anything when nothing waits', async () => {
    const { deps } = device();
    const session = jest.fn(deps.session);
    await drain({ ...deps, session });
    expect(session).not.toHaveBeenCalled();
  });

  it('tries again what was set aside, without the pallets that were named', async () => {
    const { deps, storage, server } = device();
    await storage.add(move('poison', { pallets: ['P1', 'P2', 'P3'] }));
    server.refuse.add('poison');
    server.bad = ['P2'];
    await drain(deps);
    const copy = again(storage.items[0]!, 'fresh');
    expect(copy).toMatchObject({ id: 'fresh', pallets: [{ code: 'P1' }, { code: 'P3' }] });
  });

  it('tries again at the same site, but for one that was refused', async () => {
    const { deps, storage, server } = device();
    await storage.add({ ...move('a', { pallets: ['P1'] }), siteId: 's1' });
    server.refuse.add('a');
    server.bad = [];
    await drain(deps);
    const [refused] = storage.items;
    expect(again({ ...refused!, reason: { code: 'unknown_location' } }, 'b').siteId).toBe('s1');
    expect(again({ ...refused!, reason: { code: 'unknown_site' } }, 'c')).not.toHaveProperty('siteId');
  });

  it('tries a move again whole when every pallet was named: what was wrong with them may be put right', async () => {
    const { deps, storage, server } = device();
    await storage.add(move('poison', { pallets: ['P1', 'P2'] }));
    server.refuse.add('poison');
    server.bad = ['P1', 'P2'];
    await drain(deps);
    expect(again(storage.items[0]!, 'fresh')).toMatchObject({ id: 'fresh', pallets: [{ code: 'P1' }, { code: 'P2' }] });
  });

  it('lets nobody discard what the server may have', async () => {
    const { deps, storage, server } = device();
    await storage.add(move('a'));
    expect(canDiscard(storage.items[0]!)).toBe(true);
    server.script = ['lose'];
    await drain(deps);
    expect(canDiscard(storage.items[0]!)).toBe(false);
    expect(canDiscard(retryNow(storage.items[0]!))).toBe(false);
  });

  it('never shows an older state over a newer one', async () => {
    const { deps, storage } = device();
    await storage.add(move('a'));
    await drain(deps);
    const seen = { number: 7, at: '2026-01-01T00:00:00.000Z' };
    const synced = withOperation(storage.items[0]!, { ...seen, state: 'synced', version: 5 });
    expect(withOperation(synced, { ...seen, state: 'syncing', version: 4 }).operation?.state).toBe('synced');
    expect(synced.operation).toMatchObject({ number: 7, state: 'synced' });
  });

  it('backs off longer each time, up to half a minute, and never less than the server asks', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((attempt) => backOff(attempt, 0.5))).toEqual([
      1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000,
    ]);
    expect(backOff(1, 0, 7_000)).toBe(7_000);
  });
});
