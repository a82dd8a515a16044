import { violations, type Operation, type Picking, type Snapshot } from '../../scripts/lib/chaos/check.mjs';
import { kinds } from '../../scripts/lib/chaos/faults.mjs';
import { Random } from '../../scripts/lib/chaos/random.mjs';
import { table } from '../../scripts/lib/chaos/table.mjs';

const operation = (more: Partial<Operation> = {}): Operation => ({
  id: 'a',
  number: 1,
  state: 'synced',
  outside: 'present',
  error: null,
  destination: 'CAM-02',
  pallets: ['P1'],
  ...more,
});
const picking = (more: Partial<Picking> = {}): Picking => ({
  name: 'NV-1-x-1',
  origin: 'a',
  state: 'done',
  packages: ['P1'],
  destination: 'CAM-02',
  ...more,
});
/** One pallet, moved once, as it should be. */
const good = (more: Partial<Snapshot> = {}): Snapshot => ({
  acked: new Map([['a', { pallets: ['P1'], destination: 'CAM-02' }]]),
  operations: [operation()],
  pickings: [picking()],
  places: { P1: 'CAM-02' },
  before: { P1: 'CAM-01' },
  outbox: 0,
  deadlocks: 0,
  other: 'same',
  otherBefore: 'same',
  ...more,
});
const rest = (error: string, outside = 'none') => operation({ state: 'needs_attention', outside, error });
const unmoved = { places: { P1: 'CAM-01' } };

describe('what chaos looks for', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(violations(good())).toEqual([]);
    const undone = { pickings: [picking(), picking({ name: 'NV-1-x-1-U', destination: 'CAM-01' })], ...unmoved };
    expect(violations(good({ operations: [operation({ state: 'compensated' })], ...undone }))).toEqual([]);
    expect(violations(good({ operations: [rest('superseded_scan')], pickings: [], ...unmoved }))).toEqual([]);
  });

  it.each<[string, Partial<Snapshot>]>([
    ['lost', { operations: [], pickings: [], ...unmoved }],
    ['lost', { pickings: [] }],
    ['doubled', { pickings: [picking(), picking({ name: 'NV-1-x-2' })] }],
    ['doubled', { operations: [operation(), operation({ id: 'b', number: 2, state: 'cancelled' })] }],
    ['doubled', { operations: [operation({ state: 'cancelled' })], ...unmoved }],
    ['stuck', { operations: [operation({ state: 'waiting' })], pickings: [], ...unmoved }],
    ['stuck', { outbox: 1 }],
    ['left open', { pickings: [picking(), picking({ name: 'NV-1-x-2', state: 'assigned' })] }],
    ['left open', { operations: [rest('undo_failed', 'present')], pickings: [], ...unmoved }],
    ['unexplained', { operations: [rest('internal')], pickings: [], ...unmoved }],
    ['misplaced', { places: { P1: 'CAM-05' } }],
    ['misplaced', { pickings: [picking({ destination: 'CAM-05' })] }],
    ['misplaced', { pickings: [picking({ packages: ['P1', 'P2'] })] }],
    ['unexplained', { deadlocks: 1 }],
    ['leaked', { other: 'changed' }],
  ])('finds what is %s: %j', (what, more) => {
    expect(violations(good(more)).map((one) => one.what)).toContain(what);
  });

  it('expects a pallet where its last synced move brought it, in the order of acceptance', () => {
    const [first, last] = [operation(), operation({ id: 'b', number: 2, destination: 'CAM-03' })];
    const acked = new Map([first, last].map((one) => [one.id, one]));
    const pickings = [picking(), picking({ origin: 'b', destination: 'CAM-03' })];
    const both = { acked, operations: [last, first], pickings };
    expect(violations(good({ ...both, places: { P1: 'CAM-03' } }))).toEqual([]);
    expect(violations(good({ ...both, places: { P1: 'CAM-02' } })).map((one) => one.what)).toEqual(['misplaced']);
  });

  it('draws the same for the same seed', () => {
    const draw = (seed: number) => new Random(seed).shuffle(kinds);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7).sort()).toEqual([...kinds].sort());
  });

  it('counts by kind, with the worst recovery', () => {
    const lost = violations(good({ pickings: [] }));
    const results = [
      { kind: 'kill-api', acked: 5, recoveryMs: 1200, violations: [] },
      { kind: 'kill-api', acked: 4, recoveryMs: 3400, violations: lost },
    ];
    expect(table(results, ['lost', 'doubled', 'stuck'])).toContain('| kill-api | 2 | 9 | 1 | 0 | 0 | 0 | 3.4 s |');
    expect(table(results, ['oversold'])).toContain('| kill-api | 2 | 9 | 0 | 1 | 3.4 s |');
  });
});
