import { useEffect, useState } from 'react';
import { finalStates, type OperationState } from '../../domain/operation';
import { Follower } from '../offline/follow';
import { useConnection } from '../offline/useConnection';

/** The state of an operation, live until it has ended. */
export function useOperationState(id: string, first: OperationState): OperationState {
  const [seen, setSeen] = useState<{ id: string; state: OperationState; version: number }>();
  const { online } = useConnection();
  const state = seen?.id === id ? seen.state : first;
  const ended = finalStates.includes(state);
  useEffect(() => {
    if (ended) return;
    const follower = new Follower((change) =>
      setSeen((before) =>
        before?.id === id && before.version >= change.version
          ? before
          : { id, state: change.state, version: change.version },
      ),
    );
    follower.follow([id], online !== false);
    return () => follower.follow([], false);
  }, [id, online, ended]);
  return state;
}
