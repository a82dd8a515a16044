import { type Batcher, createBatcher, type Outcome } from './batcher';

interface Job {
  lane: string;
  at: number;
}

/** A batcher whose batches end when a test says so. */
function world(mostUnderWay = 2) {
  const begun: { jobs: Job[]; end: () => void }[] = [];
  const batcher: Batcher<Job, number> = createBatcher({
    run: (_, jobs: Job[]) =>
      new Promise<Outcome<number>[]>((resolve) => {
        begun.push({ jobs, end: () => resolve(jobs.map(({ at }) => ({ result: at }))) });
      }),
    mostJobs: 3,
    mostWeight: 100,
    weightOf: () => 1,
    laneOf: ({ lane }) => lane,
    mostUnderWay,
    mostWaiting: 10,
    tooMany: () => new Error('too many'),
  });
  let last = 0;
  const submit = (...lanes: string[]) => lanes.map((lane) => batcher.submit('t', { lane, at: ++last }));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const lanes = () => begun.map(({ jobs }) => jobs.map(({ lane, at }) => `${lane}${at}`).join());
  return { batcher, begun, submit, turn, lanes };
}

it('what arrives in one turn goes together, what arrives meanwhile with the next', async () => {
  const { submit, turn, lanes, begun, batcher } = world(1);
  const told = submit('a', 'b');
  await turn();
  told.push(...submit('c', 'd'));
  await turn();
  expect(lanes()).toEqual(['a1,b2']);
  begun[0]!.end();
  await turn();
  expect(lanes()).toEqual(['a1,b2', 'c3,d4']);
  begun[1]!.end();
  expect(await Promise.all(told)).toEqual([1, 2, 3, 4]);
  await batcher.idle();
});

it('batches under way have no lane in common, and a lane keeps its order', async () => {
  const { submit, turn, lanes, begun, batcher } = world();
  const told = submit('a', 'b');
  await turn();
  told.push(...submit('b', 'c', 'a', 'b'));
  await turn();
  expect(lanes()).toEqual(['a1,b2', 'c4']);
  begun[0]!.end();
  await turn();
  expect(lanes()).toEqual(['a1,b2', 'c4', 'b3,a5,b6']);
  begun[1]!.end();
  begun[2]!.end();
  expect(await Promise.all(told)).toEqual([1, 2, 3, 4, 5, 6]);
  await batcher.idle();
});

it('another begins beside one that is under way when as many wait as are in that', async () => {
  const { submit, turn, lanes, begun, batcher } = world();
  const told = submit('a', 'b');
  await turn();
  told.push(...submit('c'));
  await turn();
  expect(lanes()).toEqual(['a1,b2']);
  told.push(...submit('d'));
  await turn();
  expect(lanes()).toEqual(['a1,b2', 'c3,d4']);
  for (const { end } of begun) end();
  expect(await Promise.all(told)).toEqual([1, 2, 3, 4]);
  await batcher.idle();
});

it('a batch holds no more than the most, and what waits is served in turn', async () => {
  const { submit, turn, lanes, begun, batcher } = world(1);
  const told = submit('a', 'b', 'a', 'a');
  await turn();
  begun[0]!.end();
  await turn();
  expect(lanes()).toEqual(['a1,b2,a3', 'a4']);
  begun[1]!.end();
  await Promise.all(told);
  await batcher.idle();
});

it('who would wait too long is turned away', async () => {
  const { submit, turn, begun, batcher } = world(1);
  const told = submit(...Array.from({ length: 3 }, () => 'a'));
  await turn();
  told.push(...submit(...Array.from({ length: 10 }, () => 'b')));
  await expect(submit('c')[0]).rejects.toThrow('too many');
  for (let at = 0; at < 5; at++) {
    begun[at]?.end();
    await turn();
    await turn();
  }
  expect(await Promise.all(told)).toHaveLength(13);
  await batcher.idle();
});
