import { salesViolations, type SalesSnapshot } from '../../scripts/lib/chaos/sales/check.mjs';
import { sales } from '../../scripts/lib/chaos/sales.mjs';

/** One sale, settled as it should be, and one customer told rightly that there was none left. */
const good = (more: Partial<SalesSnapshot> = {}): SalesSnapshot => ({
  acked: new Map([['s', { saleId: 's', operationId: 'o', mailTo: 'ana@cliente.test' }]]),
  ackedInAll: 7,
  recordedInAll: 7,
  refusals: [{ sku: 'RARE', wanted: 2 }],
  rushes: [{ there: 10, buyers: 200, bought: 10, told: 190 }],
  sales: [{ saleId: 's', operationId: 'o', state: 'synced', error: null }],
  levels: [
    { sku: 'MANY', onHand: 9, ledger: 9, allowNegative: false },
    { sku: 'RARE', onHand: 1, ledger: 1, allowNegative: false },
  ],
  unmatched: 0,
  counters: [{ register: 'Caja 1', sales: 1, next: 2 }],
  mails: new Map([['m', 's']]),
  arrived: new Set(['m']),
  outbox: 0,
  deadlocks: 0,
  ends: [],
  ...more,
});

it('finds nothing wrong where nothing is', () => {
  expect(salesViolations(good())).toEqual([]);
});

it.each<[string, Partial<SalesSnapshot>]>([
  ['lost', { sales: [], counters: [] }],
  ['lost', { sales: [{ saleId: 's', operationId: 'another', state: 'synced', error: null }] }],
  ['lost', { arrived: new Set<string>() }],
  ['lost', { mails: new Map() }],
  ['lost', { recordedInAll: 6 }],
  ['doubled', { acked: new Map() }],
  ['stuck', { sales: [{ saleId: 's', operationId: 'o', state: 'needs_attention', error: 'internal' }] }],
  ['stuck', { outbox: 3 }],
  ['misplaced', { levels: [{ sku: 'MANY', onHand: 9, ledger: 8, allowNegative: false }] }],
  ['misplaced', { unmatched: 1 }],
  ['misplaced', { counters: [{ register: 'Caja 1', sales: 1, next: 3 }] }],
  ['oversold', { levels: [{ sku: 'RARE', onHand: -1, ledger: -1, allowNegative: false }] }],
  ['refused wrongly', { refusals: [{ sku: 'MANY', wanted: 2 }] }],
  ['oversold', { rushes: [{ there: 10, buyers: 200, bought: 11, told: 189 }] }],
  ['refused wrongly', { rushes: [{ there: 10, buyers: 200, bought: 9, told: 191 }] }],
  ['refused wrongly', { rushes: [{ there: 10, buyers: 200, bought: 10, told: 189 }] }],
  ['unexplained', { deadlocks: 1 }],
  ['unexplained', { ends: ['worker ended by itself (code 1)'] }],
])('finds what is %s', (what, more) => {
  expect(salesViolations(good(more)).map((one) => one.what)).toEqual([what]);
});

it('kills every part of a sale', () => {
  for (const kind of [
    'kill-api',
    'kill-worker',
    'kill-dispatcher',
    'redis-kill',
    'postgres-immediate',
    'temporal-kill',
  ])
    expect(sales.kinds).toContain(kind);
});
