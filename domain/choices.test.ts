import { choicesOf } from './choices';
import { operationStates, type OperationState } from './operation';

const atRest = {
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

  it('«mover los demás» when some are good, some are bad and nothing is in Odoo', () => {
    expect(choicesOf({ ...atRest, problems: ['unknown_pallet', null] })).toContain('others');
    expect(choicesOf({ ...atRest, problems: ['unknown_pallet'] })).not.toContain('others');
    expect(choicesOf({ ...atRest, problems: [null, null] })).not.toContain('others');
    expect(choicesOf({ ...atRest, problems: ['unknown_pallet', null], outside: 'maybe' })).not.toContain('others');
  });
});
