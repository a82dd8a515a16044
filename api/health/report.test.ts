import type { PartState } from './monitor';
import { overall } from './report';

const parts = (...states: PartState[]) => states.map((state) => ({ state }));

describe('the state of the whole', () => {
  it.each<[string, PartState[], PartState[], string]>([
    ['everything answers', ['up', 'up'], ['up'], 'up'],
    ['there is nothing outside', ['up'], [], 'up'],
    ['an outside system is down', ['up', 'up'], ['down'], 'degraded'],
    ['one of several outside systems is down', ['up'], ['degraded'], 'degraded'],
    ['a part of ours limps', ['up', 'degraded'], ['up'], 'degraded'],
    ['a part of ours is down', ['up', 'down'], ['up'], 'down'],
    ['a part of ours has not been asked yet', ['up', 'unknown'], ['up'], 'down'],
  ])('%s', (_, own, outside, state) => {
    expect(overall(parts(...own), parts(...outside))).toBe(state);
  });
});
