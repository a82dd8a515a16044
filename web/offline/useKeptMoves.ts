import { useEffect, useState } from 'react';
import { queueStorage } from './db';

/** How many confirmed moves wait on this device to be sent, whoever made them. */
export function useKeptMoves(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    queueStorage.list().then(
      (moves) => setCount(moves.filter(({ status }) => status === 'queued').length),
      (error: unknown) => console.warn('the queue of this device cannot be read', error),
    );
  }, []);
  return count;
}
