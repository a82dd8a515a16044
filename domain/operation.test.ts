import { canMove, finalStates, operationMoves, operationStates, sourcesOf, type OperationState } from './operation';

const others = operationStates.filter((state) => !finalStates.includes(state));

function reachableFrom(start: OperationState): Set<OperationState> {
  const seen = new Set<OperationState>([start]);
  for (const state of seen) for (const next of operationMoves[state]) seen.add(next);
  return seen;
}

describe('the state machine of operations', () => {
  it('reaches every state from pending', () => {
    expect([...reachableFrom('pending')].sort()).toEqual([...operationStates].sort());
  });

  it.each([...finalStates])('%s is an end', (state) => {
    expect(operationMoves[state]).toEqual([]);
  });

  it.each(others)('%s can come to an end, and can come to rest', (state) => {
    const reachable = reachableFrom(state);
    expect(finalStates.every((end) => reachable.has(end))).toBe(true);
    expect(reachable.has('needs_attention')).toBe(true);
  });

  it('never moves a state to itself', () => {
    expect(operationStates.filter((state) => canMove(state, state))).toEqual([]);
  });

  it('says synced only from syncing, and undone only from compensating', () => {
    expect(sourcesOf('synced')).toEqual(['syncing']);
    expect(sourcesOf('compensated')).toEqual(['compensating']);
  });

  it('reads the same from both ends', () => {
    for (const from of operationStates) {
      for (const to of operationStates) {
        expect([from, to, sourcesOf(to).includes(from)]).toEqual([from, to, canMove(from, to)]);
      }
    }
  });

  it('leaves rest only when a person decides: once more, undo, or give up', () => {
    expect(operationMoves.needs_attention).toEqual(['pending', 'compensating', 'cancelled']);
  });
});
