import type { Database } from '../../store/db';
import { createFeed } from './feed';

it('who leaves twice takes nobody else’s feed away', async () => {
  let reads = 0;
  const db = {
    installation: { query: () => Promise.resolve([{ epoch: 'abcdefabcdef' }]) },
    withTenant: () => {
      reads++;
      return Promise.resolve({ xid: '1', id: '0', changes: [], more: false });
    },
  } as unknown as Database;
  const feed = createFeed(db, (error) => {
    throw error;
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const listener = { onChange: () => undefined, onReset: () => undefined };
  const leave = feed.subscribe('t', null, listener);
  await settled();
  leave();
  feed.subscribe('t', null, listener);
  await settled();
  leave();
  const before = reads;
  feed.hint('t');
  await settled();
  expect(reads).toBe(before + 1);
  feed.close();
});
