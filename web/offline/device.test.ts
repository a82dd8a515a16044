import { ana, chambers, World } from './device.fixtures';
import { type Page, settle, stubPage } from './page.fixtures';
import { move } from './queue.fixtures';

let page: Page;
let world: World;
let stops: (() => void)[] = [];
let said: jest.SpyInstance[] = [];

async function started() {
  const device = world.device();
  const stop = device.start();
  stops.push(stop);
  await settle();
  return { device, stop };
}

/** Time passes, and everything that it wakes gets its turn. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 30_000) {
    jest.advanceTimersByTime(Math.min(left, 30_000));
    await settle();
  }
}

beforeEach(() => {
  jest.useFakeTimers();
  page = stubPage();
  world = new World();
  said = [jest.spyOn(console, 'error').mockImplementation(), jest.spyOn(console, 'warn').mockImplementation()];
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  for (const spy of said) spy.mockRestore();
  page.remove();
  jest.useRealTimers();
});

describe('a browser that cannot keep anything', () => {
  it('still gets the catalogue and answers of the server', async () => {
    world.refuses = 'everything';
    world.pallet = (code) =>
      Promise.resolve({
        kind: 'found',
        stale: false,
        pallet: { code, weightKg: 3, product: null, problem: null, location: null, asOf: '2026-01-01T00:00:00Z' },
      });
    const { device } = await started();
    world.connect(true);
    await settle();
    expect(device.snapshot()).toMatchObject({ ready: true, broken: true, locations: chambers });
    expect(await device.lookUp('P1')).toMatchObject({ kind: 'found', pallet: { weightKg: 3 } });
    expect(device.snapshot().pallets.get('P1')).toMatchObject({ weightKg: 3 });
  });

  it('says that a confirmation was not kept', async () => {
    world.refuses = 'writing';
    const { device } = await started();
    world.connect(true);
    await expect(device.confirm(move('a'))).rejects.toThrow('full');
  });

  it('shows what the server has even when the copy of it cannot be written', async () => {
    world.refuses = 'writing';
    const { device } = await started();
    world.connect(true);
    await settle();
    expect(device.snapshot().locations).toEqual(chambers);
    expect(world.notes.size).toBe(0);
  });
});

describe('the catalogue of chambers', () => {
  it('is read again within minutes of being an hour old, though the network never left', async () => {
    await started();
    world.connect(true);
    await settle();
    expect(world.catalogueReads).toBe(1);
    await pass(50 * 60_000);
    expect(world.catalogueReads).toBe(1);
    await pass(25 * 60_000);
    expect(world.catalogueReads).toBe(2);
  });

  it('is not read while nobody looks, but as soon as somebody does', async () => {
    await started();
    world.connect(true);
    await settle();
    page.visible(false);
    await pass(3 * 3_600_000);
    expect(world.catalogueReads).toBe(1);
    page.visible(true);
    await settle();
    expect(world.catalogueReads).toBe(2);
  });

  it('is asked for again soon when it did not come', async () => {
    world.catalogue = () => Promise.reject(new Error('503'));
    const { device } = await started();
    world.connect(true);
    await settle();
    world.catalogue = () => Promise.resolve(chambers);
    await pass(60_000);
    expect(device.snapshot().locations).toEqual(chambers);
  });

  it('is not read twice at once', async () => {
    world.catalogue = () => new Promise(() => undefined);
    await started();
    world.connect(true);
    await settle();
    page.visible(true);
    world.connect(false);
    world.connect(true);
    await settle();
    expect(world.catalogueReads).toBe(1);
  });
});

describe('a device whose screen was left', () => {
  it('closes its channel and hears no more of the network', async () => {
    const { stop } = await started();
    expect(page.open()).toBe(1);
    stop();
    expect(page.open()).toBe(0);
    expect(world.watching()).toBe(0);
  });

  it('opens no stream and sends nothing any more, though it was still reading', async () => {
    const accepted = await world.storage.add(move('a'));
    await world.storage.change(accepted.id, (there) => ({
      ...there,
      status: 'accepted',
      operation: { id: 'op', number: 1, state: 'pending', version: 1, at: new Date().toISOString() },
    }));
    await world.storage.add(move('b'));
    world.connect(true);
    const stop = world.device().start();
    stop();
    await settle();
    await pass(60_000);
    expect(page.streams()).toBe(0);
    expect(world.sent).toEqual([]);
    expect(world.catalogueReads).toBe(0);
  });

  it('does not wake to send once more', async () => {
    world.send = () => Promise.resolve({ kind: 'later', code: 'network', unknown: true });
    const { device, stop } = await started();
    world.connect(true);
    await device.confirm(move('a'));
    await settle();
    expect(world.sent).toEqual(['a']);
    stop();
    await pass(120_000);
    expect(world.sent).toEqual(['a']);
  });
});

describe('whose answer it is', () => {
  it('nothing of another business is shown or kept: the session is not this person’s any more', async () => {
    world.pallet = () => Promise.resolve({ kind: 'unauthenticated' });
    const { device } = await started();
    world.connect(true);
    await settle();
    expect(await device.lookUp('P1')).toEqual({ kind: 'unauthenticated' });
    expect(device.snapshot()).toMatchObject({ needsLogin: true });
    expect(device.snapshot().pallets.size).toBe(0);
    expect(ana.tenantId).toBe('demo');
  });
});
