import { createHints } from './hints';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function world() {
  const told: string[] = [];
  const redis = {
    status: 'ready' as const,
    publish: (channel: string, tenantId: string) => Promise.resolve(told.push(`${channel} ${tenantId}`)),
  };
  return { told, hint: createHints(redis as never) };
}

it('a hint goes at once; of those that follow close upon it one goes, after all of them', () => {
  const { told, hint } = world();
  for (let at = 0; at < 5; at++) hint({ topic: 'feed', tenantId: 'a' });
  expect(told).toEqual(['nervio:feed a']);
  jest.advanceTimersByTime(10);
  expect(told).toEqual(['nervio:feed a', 'nervio:feed a']);
  jest.advanceTimersByTime(10);
  expect(told).toHaveLength(2);
  hint({ topic: 'feed', tenantId: 'a' });
  expect(told).toHaveLength(3);
});

it('hints of another kind or business do not wait for it', () => {
  const { told, hint } = world();
  hint({ topic: 'feed', tenantId: 'a' });
  hint({ topic: 'outbox', tenantId: 'a' });
  hint({ topic: 'feed', tenantId: 'b' });
  expect(told).toEqual(['nervio:feed a', 'nervio:outbox a', 'nervio:feed b']);
});
