import type { OperationChange, OperationSummary } from '../../../domain/operation';
import { append, change, listOf, refresh, renew, show } from './operation-list';

const row = (number: number, over: Partial<OperationSummary> = {}): OperationSummary => ({
  id: `op-${number}`,
  number,
  kind: 'move_pallets',
  state: 'pending',
  step: 'accepted',
  attempt: 1,
  version: 1,
  site: null,
  createdBy: null,
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
  error: null,
  pallets: { count: 1, codes: ['PACK0001234'] },
  destination: null,
  subject: null,
  cancelRequested: false,
  ...over,
});

const seen = (number: number, over: Partial<OperationChange> = {}): OperationChange => ({
  operationId: `op-${number}`,
  number,
  kind: 'move_pallets',
  state: 'synced',
  step: 'settled',
  attempt: 1,
  version: 3,
  siteId: null,
  at: '2026-11-22T10:00:05.000Z',
  code: 'synced',
  ...over,
});

const numbers = (rows: OperationSummary[]) => rows.map(({ number }) => number);
const page = (...rows: OperationSummary[]) => ({ items: rows, nextCursor: null });
const two = listOf(page(row(2), row(1)));

describe('the live list', () => {
  it('a change shows where the row stands', () => {
    const list = change(two, seen(1));
    expect(list.items.map(({ number, state }) => [number, state])).toEqual([
      [2, 'pending'],
      [1, 'synced'],
    ]);
  });

  it('an older change, or the same again, changes nothing', () => {
    const list = change(two, seen(1));
    expect(change(list, seen(1, { version: 2, state: 'syncing' })).items).toEqual(list.items);
    expect(change(list, seen(1)).items).toEqual(list.items);
  });

  it('an error goes when its operation goes on', () => {
    const stuck = listOf(page(row(1, { state: 'needs_attention', error: { code: 'empty_pallet' } })));
    expect(change(stuck, seen(1, { state: 'pending' })).items[0]?.error).toBeNull();
  });

  it('an answer that a change has overtaken does not bring the old state back', () => {
    const list = refresh(change(two, seen(1)), page(row(2), row(1, { state: 'syncing', version: 2 })));
    expect(list.items[1]?.state).toBe('synced');
    expect(renew(list, row(1)).items[1]?.state).toBe('synced');
  });

  it('new operations wait beside the rows until they are shown', () => {
    const list = refresh(two, page(row(4), row(3), row(2), row(1)));
    expect(numbers(list.items)).toEqual([2, 1]);
    expect(numbers(list.fresh)).toEqual([4, 3]);
    expect(numbers(show(list).items)).toEqual([4, 3, 2, 1]);
    expect(show(list).fresh).toEqual([]);
  });

  it('the same news twice is counted once, and newer news wins', () => {
    const once = refresh(two, page(row(3), row(2), row(1)));
    const twice = refresh(once, page(row(4), row(3, { version: 2, state: 'syncing' }), row(2), row(1)));
    expect(twice.fresh.map(({ number, state }) => [number, state])).toEqual([
      [4, 'pending'],
      [3, 'syncing'],
    ]);
  });

  it('after more news than a page holds the list starts anew, without a hole', () => {
    const list = refresh(two, { items: [row(9), row(8)], nextCursor: 'below-8' });
    expect(numbers(list.items)).toEqual([2, 1]);
    expect(show(list)).toEqual(listOf({ items: [row(9), row(8)], nextCursor: 'below-8' }));
  });

  it('rows that no longer fit the filter stay where they are', () => {
    expect(numbers(refresh(two, page(row(2))).items)).toEqual([2, 1]);
  });

  it('the next page comes below, without repeating rows', () => {
    const list = append({ ...two, nextCursor: 'x' }, { items: [row(1), row(0)], nextCursor: null });
    expect(numbers(list.items)).toEqual([2, 1, 0]);
    expect(list.nextCursor).toBeNull();
  });
});
