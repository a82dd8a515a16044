import { findLocation, readLocations, readPallet } from './api';
import { serverNow } from './clock';
import { type Page, stubPage } from './page.fixtures';

let page: Page;
const realFetch = globalThis.fetch;
const pallet = { code: 'P1', weightKg: 3, product: null, location: null, problem: null, pendingOperationId: null };

/** The server answers every question so. */
function answers(body: unknown, headers: Record<string, string> = {}, status = 200): void {
  globalThis.fetch = () =>
    Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'nervio-tenant': 'mine', ...headers } }));
}

beforeEach(() => {
  page = stubPage();
});
afterEach(() => {
  globalThis.fetch = realFetch;
  page.remove();
});

describe('an answer for another business (somebody logged in there in another tab)', () => {
  const theirs = { 'nervio-tenant': 'theirs' };

  it('is no answer about a pallet', async () => {
    answers({ ...pallet, asOf: '2026-01-01T00:00:00Z', stale: false }, theirs);
    expect(await readPallet('P1', 'mine')).toEqual({ kind: 'unauthenticated' });
    answers({ code: 'unknown_pallet' }, theirs, 422);
    expect(await readPallet('P1', 'mine')).toEqual({ kind: 'unauthenticated' });
  });

  it('is no catalogue', async () => {
    answers({ items: [{ id: 'x', name: 'X', barcode: 'X' }] }, theirs);
    await expect(readLocations('mine')).rejects.toThrow('another tenant');
    expect(await findLocation('X', 'mine')).toBeNull();
  });

  it('is one for this business', async () => {
    answers({ items: [{ id: 'x', name: 'X', barcode: 'X' }] });
    expect(await readLocations('mine')).toEqual([{ id: 'x', name: 'X', barcode: 'X' }]);
    answers({ ...pallet, asOf: '2026-01-01T00:00:00Z', stale: false });
    expect(await readPallet('P1', 'mine')).toMatchObject({ kind: 'found' });
  });
});

describe('the clock of the server', () => {
  it.each([-3_600_000, 0, 7_200_000])('is learned from its answers (%i ms from this device’s)', async (ahead) => {
    answers({ items: [] }, { date: new Date(Date.now() + ahead).toUTCString() });
    await readLocations('mine');
    expect(Math.abs(serverNow() - (Date.now() + ahead))).toBeLessThan(2_000);
  });

  it('says when a move that is under way was asked about', async () => {
    answers({ items: [] }, { date: new Date(Date.now() + 3_600_000).toUTCString() });
    await readLocations('mine');
    answers({ ...pallet, pendingOperationId: 'op', asOf: '2026-01-01T00:00:00Z', stale: true });
    const answer = await readPallet('P1', 'mine');
    const asOf = answer.kind === 'found' ? Date.parse(answer.pallet.asOf) : 0;
    expect(Math.abs(asOf - (Date.now() + 3_600_000))).toBeLessThan(5_000);
  });
});
