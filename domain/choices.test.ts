import { choicesOf } from './choices';
import { operationStates, type OperationKind, type OperationState } from './operation';

const atRest = {
  kind: 'move_pallets' as OperationKind,
  attempt: 1,
  runId: 'run' as string | null,
  state: 'needs_attention' as OperationState,
  outside: 'none' as const,
  cancelRequested: false,
  problems: [null] as (string | null)[],
};

describe('what a person may do with an operation', () => {
  it.each(operationStates.filter((state) => ['compensating', 'synced', 'compensated', 'cancelled'].includes(state)))(
    'nothing when it is %s',
    (state) => {
      expect(choicesOf({ ...atRest, state })).toEqual([]);
    },
  );

  it.each(['pending', 'syncing', 'waiting'] as const)('cancel once while it is %s', (state) => {
    expect(choicesOf({ ...atRest, state })).toEqual(['cancel']);
    expect(choicesOf({ ...atRest, state, cancelRequested: true })).toEqual([]);
  });

  it('retry and cancel at rest', () => {
    expect(choicesOf(atRest)).toEqual(['again', 'cancel']);
  });

  it.each(['moved_since_scan', 'superseded_scan'])(
    '«mover desde donde está ahora» when %s is all that is wrong',
    (problem) => {
      expect(choicesOf({ ...atRest, problems: [problem] })).toContain('from_current');
      expect(choicesOf({ ...atRest, problems: [problem, 'unknown_pallet'] })).not.toContain('from_current');
    },
  );

  it('«dejar como está» when an undo came to rest with something left in Odoo', () => {
    const left = { ...atRest, outside: 'present' as const, cancelRequested: true };
    expect(choicesOf(left)).toEqual(['again', 'as_is', 'cancel']);
    expect(choicesOf({ ...left, outside: 'none' })).not.toContain('as_is');
    expect(choicesOf({ ...left, outside: 'maybe' })).not.toContain('as_is');
    expect(choicesOf({ ...left, cancelRequested: false })).not.toContain('as_is');
    expect(choicesOf({ ...left, state: 'compensating' })).toEqual([]);
  });

  it('«mover los demás» when some are good, some are bad and nothing is in Odoo', () => {
    expect(choicesOf({ ...atRest, problems: ['unknown_pallet', null] })).toContain('others');
    expect(choicesOf({ ...atRest, problems: ['unknown_pallet'] })).not.toContain('others');
    expect(choicesOf({ ...atRest, problems: [null, null] })).not.toContain('others');
    expect(choicesOf({ ...atRest, problems: ['unknown_pallet', null], outside: 'maybe' })).not.toContain('others');
  });
});

const others: OperationKind[] = ['sale', 'void_sale', 'return_sale', 'undo_import'];

describe('what a person may do with an operation that moves no pallets', () => {
  it.each(others)('%s: once more, at rest, and nothing else', (kind) => {
    expect(choicesOf({ ...atRest, kind, problems: [] })).toEqual(['again']);
  });

  it.each(['import_products', 'sync_prices'] as const)(
    '%s is cancelled at any time: what is done is taken back',
    (kind) => {
      expect(choicesOf({ ...atRest, kind, problems: [] })).toEqual(['again', 'cancel']);
      expect(choicesOf({ ...atRest, kind, state: 'syncing', runId: 'run', problems: [] })).toEqual(['cancel']);
    },
  );

  it.each(['sale', 'void_sale', 'return_sale'] as const)('%s is never cancelled: its rows are written', (kind) => {
    for (const state of operationStates) {
      expect(choicesOf({ ...atRest, kind, state, runId: null, problems: [] })).not.toContain('cancel');
    }
  });

  it.each(['undo_import'] as const)('%s is cancelled only before it began', (kind) => {
    const fresh = { ...atRest, kind, state: 'pending' as OperationState, runId: null, problems: [] };
    expect(choicesOf(fresh)).toEqual(['cancel']);
    expect(choicesOf({ ...fresh, state: 'syncing', runId: 'run' })).toEqual([]);
    expect(choicesOf({ ...fresh, attempt: 2 })).toEqual([]);
  });
});
