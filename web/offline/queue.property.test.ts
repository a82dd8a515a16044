import fc from 'fast-check';
import { drain } from './queue';
import { Clock, type Fault, MemoryStorage, move, Mutex, Server } from './queue.fixtures';

type Step =
  | { do: 'confirm'; user: string; poison: boolean }
  | { do: 'drain'; tabs: number }
  | { do: 'crash' }
  | { do: 'log in'; user: string | null }
  | { do: 'faults'; faults: Fault[] }
  | { do: 'wait'; ms: number };

const users = ['ana', 'beto'];
const user = fc.constantFrom(...users);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('confirm' as const), user, poison: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('drain' as const), tabs: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('log in' as const), user: fc.option(user, { nil: null }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('faults' as const),
      faults: fc.array(fc.constantFrom<Fault>('ok', 'lose', 'drop', 'busy', 'progress', 'broken', 'expire'), {
        maxLength: 6,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40_000 }) }) },
);

describe('whatever happens to network, tabs, sessions and power', () => {
  it('every confirmed move has one effect or a reason, in the order of its person, and nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const server = new Server();
        const clock = new Clock();
        let storage = new MemoryStorage();
        let mutex = new Mutex();
        const confirmed: { id: string; user: string; poison: boolean }[] = [];
        const run = () =>
          drain({
            storage,
            send: (item) => {
              expect(item.userId).toBe(server.session?.userId);
              return server.receive(item);
            },
            session: () => Promise.resolve(server.session),
            exclusive: mutex.run,
            contended: () => Promise.resolve(mutex.waiting > 0),
            now: () => clock.ms,
            random: () => 0.5,
          });
        for (const action of steps) {
          switch (action.do) {
            case 'confirm': {
              const id = `m${confirmed.length}`;
              confirmed.push({ id, user: action.user, poison: action.poison });
              if (action.poison) server.refuse.add(id);
              await storage.add(move(id, { userId: action.user }));
              break;
            }
            case 'drain':
              await Promise.all(Array.from({ length: action.tabs }, run));
              break;
            case 'crash': {
              // What is on disk at some moment of a sending; the old page never comes back.
              const sending = run();
              await Promise.resolve();
              const disk = storage.copy();
              await sending;
              storage = disk;
              mutex = new Mutex();
              break;
            }
            case 'log in':
              server.session = action.user === null ? null : { tenantId: 'demo', userId: action.user };
              break;
            case 'faults':
              server.script = [...action.faults];
              break;
            case 'wait':
              clock.ms += action.ms;
              break;
          }
          expect(storage.items.map(({ id }) => id)).toEqual(confirmed.map(({ id }) => id));
          expect(new Set(server.effects).size).toBe(server.effects.length);
        }
        server.script = [];
        for (const name of users) {
          server.session = { tenantId: 'demo', userId: name };
          clock.ms += 60_000;
          await run();
        }
        expect(storage.items.map(({ id, status }) => ({ id, status }))).toEqual(
          confirmed.map(({ id, poison }) => ({ id, status: poison ? 'set_aside' : 'accepted' })),
        );
        for (const name of users) {
          const own = confirmed.filter((item) => item.user === name && !item.poison).map(({ id }) => id);
          expect(server.effects.filter((id) => own.includes(id))).toEqual(own);
        }
      }),
      { numRuns: 400 },
    );
  });
});
