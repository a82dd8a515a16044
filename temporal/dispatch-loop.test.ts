import type { Client } from '@temporalio/client';
import pino from 'pino';
import type { Database } from '../store/db';
import { defaultDispatcherOptions, Dispatcher } from './dispatch';

/** The loop alone: what is claimed comes from a list, what Temporal does is decided by each test. */
const log = pino({ level: 'silent' });
const options = { ...defaultDispatcherOptions, batches: 2, pollMs: 500, backoffMs: 100, maxBackoffMs: 400 };

function setUp(start: (workflowId: string) => Promise<void>) {
  const waiting: string[][] = [];
  const seen = { claims: 0, started: [] as string[], dropped: 0, returned: 0 };
  const db = {
    definer: {
      claimOutbox: () => {
        seen.claims++;
        return Promise.resolve((waiting.shift() ?? []).map((outboxId) => ({ tenantId: 't', outboxId })));
      },
      findParkable: () => Promise.resolve([]),
    },
    withTenant: (_tenant: string, work: (tx: object) => Promise<unknown>) =>
      work({
        tenantId: 't',
        query: (text: string, values: unknown[]) => {
          if (text.includes('DELETE FROM outbox')) seen.dropped++;
          if (text.includes('UPDATE outbox')) {
            seen.returned++;
            waiting.push(values[1] as string[]);
          }
          const row = { action: 'start', queue: 'pallets', workflow_type: 'movePallets', args: [], tries: 1 };
          return Promise.resolve(
            text.includes('FROM outbox b')
              ? (values[1] as string[]).map((id) => ({ ...row, id, workflow_id: id, kind: 'move_pallets' }))
              : [],
          );
        },
      }),
  } as unknown as Database;
  const client = {
    withDeadline: (_deadline: number, call: () => Promise<void>) => call(),
    workflow: {
      start: async (_type: string, { workflowId }: { workflowId: string }) => {
        await start(workflowId);
        seen.started.push(workflowId);
      },
    },
  } as unknown as Client;
  return { waiting, seen, dispatcher: new Dispatcher({ db, client, log }, options) };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

it('a batch that Temporal keeps waiting does not hold back the next; a third waits for one of the two', async () => {
  const free = new Map<string, () => void>();
  const { waiting, seen, dispatcher } = setUp((id) => new Promise((resolve) => free.set(id, resolve)));
  waiting.push(['a'], ['b'], ['c']);
  dispatcher.start();
  await jest.advanceTimersByTimeAsync(50);
  expect([...free.keys()]).toEqual(['a', 'b']);
  free.get('b')?.();
  await jest.advanceTimersByTimeAsync(50);
  expect([[...free.keys()], seen.started]).toEqual([['a', 'b', 'c'], ['b']]);
  free.get('a')?.();
  free.get('c')?.();
  await dispatcher.stop();
  expect([seen.started, seen.dropped]).toEqual([['b', 'a', 'c'], 3]);
});

it('looks again at once on a hint, and else after the pause', async () => {
  const { waiting, seen, dispatcher } = setUp(() => Promise.resolve());
  dispatcher.start();
  await jest.advanceTimersByTimeAsync(10);
  expect(seen.claims).toBe(1);
  waiting.push(['a']);
  dispatcher.hint();
  await jest.advanceTimersByTimeAsync(1);
  expect(seen.started).toEqual(['a']);
  const { claims } = seen;
  await jest.advanceTimersByTimeAsync(490);
  expect(seen.claims).toBe(claims);
  await jest.advanceTimersByTimeAsync(15);
  expect(seen.claims).toBe(claims + 1);
  await dispatcher.stop();
});

it('while Temporal is away it asks in growing pauses, whatever is hinted, and goes on at once when it is back', async () => {
  let away = true;
  const { waiting, seen, dispatcher } = setUp(() => (away ? Promise.reject(new Error('away')) : Promise.resolve()));
  waiting.push(['a']);
  dispatcher.start();
  // The second claim came while nobody knew yet; the third is the next look of its own.
  await jest.advanceTimersByTimeAsync(510);
  expect(seen.claims).toBe(3);
  const asked = async (ms: number) => {
    dispatcher.hint();
    await jest.advanceTimersByTimeAsync(ms);
    return seen.claims;
  };
  // Then 200, 400, 400 … ms apart.
  expect([await asked(180), await asked(20), await asked(380), await asked(20), await asked(380)]).toEqual([
    3, 4, 4, 5, 5,
  ]);
  away = false;
  await jest.advanceTimersByTimeAsync(400);
  expect(seen.started).toEqual(['a']);
  waiting.push(['b']);
  dispatcher.hint();
  await jest.advanceTimersByTimeAsync(1);
  expect(seen.started).toEqual(['a', 'b']);
  await dispatcher.stop();
});

it('stops after what it has begun', async () => {
  let finish = (): void => undefined;
  const { waiting, seen, dispatcher } = setUp(() => new Promise((resolve) => (finish = resolve)));
  waiting.push(['a']);
  dispatcher.start();
  await jest.advanceTimersByTimeAsync(10);
  let stopped = false;
  const stopping = dispatcher.stop().then(() => {
    stopped = true;
  });
  await jest.advanceTimersByTimeAsync(2_000);
  expect(stopped).toBe(false);
  finish();
  await stopping;
  expect([seen.started, seen.dropped]).toEqual([['a'], 1]);
});
