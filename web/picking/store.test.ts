import { type Page, settle, stubPage } from '../offline/page.fixtures';
import type { PalletAnswer } from '../offline/api';
import { found, scan, Shared, shown } from './store.fixtures';

let page: Page;
let shared: Shared;
let stops: (() => void)[] = [];

async function tab() {
  const one = shared.tab();
  stops.push(one.stop);
  await settle();
  return one;
}

/** A promise and how to fulfil it. */
function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

const moves = () => shared.storage.items.map((move) => [move.destination.barcode, ...move.pallets.map((p) => p.code)]);

beforeEach(() => {
  page = stubPage();
  shared = new Shared();
  stops = [];
});
afterEach(() => {
  for (const stop of stops) stop();
  expect(page.open()).toBe(0);
  page.remove();
});

describe('one person, two tabs', () => {
  it('a tab in the background shows what the other scans, and nothing of it once it is confirmed', async () => {
    const a = await tab();
    const b = await tab();
    page.focused = false;
    scan(a.picking, 'CAM-01', 'P1');
    await settle();
    expect(shown(b.picking)).toEqual(['CAM-01', 'P1']);
    await a.picking.confirm();
    await settle();
    expect(shown(b.picking)).toEqual([null]);
  });

  it('moves no pallet twice: what one tab confirmed is not part of the next move of the other', async () => {
    const a = await tab();
    const b = await tab();
    page.focused = false;
    scan(a.picking, 'CAM-01', 'P1', 'P2');
    await settle();
    await a.picking.confirm();
    await settle();
    page.focus();
    scan(b.picking, 'CAM-02', 'P3');
    await settle();
    await b.picking.confirm();
    expect(moves()).toEqual([
      ['CAM-01', 'P1', 'P2'],
      ['CAM-02', 'P3'],
    ]);
  });

  it('the next draft of one tab replaces the former one in the other, chamber and all', async () => {
    const a = await tab();
    const b = await tab();
    page.focused = false;
    scan(a.picking, 'CAM-01', 'P1');
    await settle();
    await a.picking.confirm();
    scan(a.picking, 'CAM-02', 'P2');
    await settle();
    expect(shown(b.picking)).toEqual(['CAM-02', 'P2']);
  });

  it.each(['focus', 'visibility'])('a tab that missed the news reads them when it gets the %s', async (what) => {
    const a = await tab();
    const b = await tab();
    // Both believe to have the focus: neither follows the other.
    scan(a.picking, 'CAM-01', 'P1');
    await settle();
    expect(shown(b.picking)).toEqual([null]);
    if (what === 'focus') page.focus();
    else page.visible(true);
    scan(b.picking, 'P2');
    await settle();
    expect(shown(b.picking)).toEqual(['CAM-01', 'P2', 'P1']);
  });

  it('a late answer in the background does not come over what the other tab scanned since', async () => {
    const a = await tab();
    await tab();
    const slow = later<PalletAnswer>();
    shared.answer = () => slow.promise;
    page.focused = false;
    scan(a.picking, 'CAM-01', 'P1');
    await settle();
    scan(a.picking, 'P2');
    slow.resolve(found('P1'));
    await settle();
    expect(shared.draft?.lines.map(({ code }) => code)).toEqual(['P2', 'P1']);
  });

  it('scanned on in a tab that did not hear of the confirmation: only what is new stays', async () => {
    const a = await tab();
    const b = await tab();
    scan(a.picking, 'CAM-01', 'P1');
    await settle();
    page.focus();
    await settle();
    await a.picking.confirm();
    scan(b.picking, 'P2');
    await settle();
    expect(shown(b.picking)).toEqual(['CAM-01', 'P2']);
    await b.picking.confirm();
    expect(moves()).toEqual([
      ['CAM-01', 'P1'],
      ['CAM-01', 'P2'],
    ]);
  });
});

describe('a scan while the disk is being asked', () => {
  it('goes into the next move', async () => {
    const { picking } = await tab();
    const disk = later<void>();
    shared.disk = disk.promise;
    scan(picking, 'CAM-01', 'P1');
    await settle();
    const confirming = picking.confirm();
    scan(picking, 'CAM-02', 'P2');
    disk.resolve();
    await confirming;
    await settle();
    expect(moves()).toEqual([['CAM-01', 'P1']]);
    expect(shown(picking)).toEqual(['CAM-02', 'P2']);
    expect(shared.draft?.lines.map(({ code }) => code)).toEqual(['P2']);
  });

  it('keeps the order, whatever was scanned', async () => {
    const { picking } = await tab();
    const disk = later<void>();
    shared.disk = disk.promise;
    scan(picking, 'CAM-01', 'P1');
    const confirming = picking.confirm();
    scan(picking, 'CAM-02', 'P2', 'NERVIO-CONFIRMAR', 'CAM-01', 'P3');
    disk.resolve();
    await confirming;
    await settle();
    expect(moves()).toEqual([
      ['CAM-01', 'P1'],
      ['CAM-02', 'P2'],
    ]);
    expect(shown(picking)).toEqual(['CAM-01', 'P3']);
  });

  it('stays with the same move when the disk refuses', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    const { picking } = await tab();
    const disk = later<void>();
    shared.disk = disk.promise;
    shared.diskRefuses = true;
    scan(picking, 'CAM-01', 'P1');
    const confirming = picking.confirm();
    scan(picking, 'P2');
    disk.resolve();
    await confirming;
    await settle();
    expect(error).toHaveBeenCalledTimes(1);
    expect(shown(picking)).toEqual(['CAM-01', 'P2', 'P1']);
    error.mockRestore();
  });

  it('an answer that comes after the confirmation does not bring the draft back', async () => {
    const { picking } = await tab();
    const slow = later<PalletAnswer>();
    const disk = later<void>();
    shared.answer = () => slow.promise;
    shared.disk = disk.promise;
    scan(picking, 'CAM-01', 'P1');
    await settle();
    const confirming = picking.confirm();
    slow.resolve(found('P1'));
    await settle();
    disk.resolve();
    await confirming;
    await settle();
    expect(shared.draft).toBeUndefined();
    expect(shown((await tab()).picking)).toEqual([null]);
  });
});

describe('a pallet that is scanned again', () => {
  it('for the next move, while the answer for the last one is on its way, gets its own', async () => {
    const { picking } = await tab();
    const slow = later<PalletAnswer>();
    shared.answer = () => slow.promise;
    scan(picking, 'CAM-01', 'P1');
    await picking.confirm();
    scan(picking, 'CAM-02', 'P1');
    shared.answer = (code) => Promise.resolve(found(code));
    slow.resolve(found('P1'));
    await settle();
    expect(shared.asked).toEqual(['P1', 'P1']);
    expect(picking.snapshot().draft.lines).toMatchObject([{ code: 'P1', lookup: 'known' }]);
  });
});

describe('undoing the move of the receipt', () => {
  async function confirmed() {
    const one = await tab();
    scan(one.picking, 'CAM-01', 'P1');
    await one.picking.confirm();
    return { ...one, id: one.picking.snapshot().receipt?.moveId ?? '' };
  }

  it('brings it back onto the screen as long as it has not left', async () => {
    const { picking, id } = await confirmed();
    expect(await picking.undoMove(id)).toBe(true);
    expect(moves()).toEqual([]);
    expect(picking.snapshot().receipt).toBeNull();
    expect(shown(picking)).toEqual(['CAM-01', 'P1']);
  });

  it('asks the server when it left between the look and the press', async () => {
    const { picking, device, id } = await confirmed();
    const discard = device.discard.bind(device);
    device.discard = async (moveId, allowed) => {
      const operation = { id: 'op-1', number: 1, state: 'pending' as const, version: 1, at: '2026-01-01T00:00:00Z' };
      await shared.storage.change(moveId, (move) => ({ ...move, status: 'accepted', operation }));
      return discard(moveId, allowed);
    };
    expect(await picking.undoMove(id)).toBe(true);
    expect(shared.cancelled).toEqual(['op-1']);
    expect(moves()).toHaveLength(1);
  });

  it('says so when neither is possible', async () => {
    const { picking, id } = await confirmed();
    await shared.storage.change(id, (move) => ({ ...move, maybeSent: true }));
    expect(await picking.undoMove(id)).toBe(false);
    expect(moves()).toHaveLength(1);
  });

  it('does not mix it into what was scanned since', async () => {
    const { picking, id } = await confirmed();
    scan(picking, 'CAM-02', 'P2');
    await settle();
    expect(await picking.undoMove(id)).toBe(true);
    expect(shown(picking)).toEqual(['CAM-02', 'P2']);
  });
});

describe('a pallet that the server cannot say anything about now', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 500) {
      jest.advanceTimersByTime(500);
      await settle();
    }
  };

  it('is asked about again with growing pauses, until it answers', async () => {
    const { picking } = await tab();
    shared.answer = () => Promise.resolve({ kind: 'unreachable' });
    scan(picking, 'CAM-01', 'P1', 'P2');
    await settle();
    await pass(120_000);
    const many = shared.asked.length;
    expect(many).toBeGreaterThanOrEqual(8);
    expect(many).toBeLessThanOrEqual(20);
    shared.answer = (code) => Promise.resolve(found(code));
    await pass(60_000);
    expect(picking.snapshot().draft.lines.map(({ lookup }) => lookup)).toEqual(['known', 'known']);
    const done = shared.asked.length;
    await pass(120_000);
    expect(shared.asked).toHaveLength(done);
  });

  it('is not asked about while there is no network, nor after the screen is left', async () => {
    const { picking, device, stop } = await tab();
    shared.answer = () => Promise.resolve({ kind: 'unreachable' });
    scan(picking, 'CAM-01', 'P1');
    await settle();
    device.goOnline(false);
    const before = shared.asked.length;
    await pass(120_000);
    expect(shared.asked).toHaveLength(before);
    device.goOnline(true);
    await settle();
    stop();
    const left = shared.asked.length;
    await pass(120_000);
    expect(shared.asked).toHaveLength(left);
  });
});
