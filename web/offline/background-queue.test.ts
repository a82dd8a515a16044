import { type QueueSummary, sendInBackground } from './background-queue';
import { ana, World } from './device.fixtures';
import { type Page, settle, stubPage } from './page.fixtures';
import { move } from './queue.fixtures';

let page: Page;
let world: World;
let said: QueueSummary | undefined;
let stop: () => void;

beforeEach(() => {
  page = stubPage();
  world = new World();
  said = undefined;
});
afterEach(() => {
  stop();
  expect(page.open()).toBe(0);
  page.remove();
});

const begin = () => (stop = sendInBackground(ana, world.parts, (summary) => (said = summary)));

describe('the queue of somebody who is not on the picking screen', () => {
  it('is sent once the server answers, and the screen says what waits', async () => {
    await world.storage.add(move('a'));
    await world.storage.add(move('b', { userId: 'beto' }));
    begin();
    await settle();
    expect(said).toEqual({ pending: 1, lastSync: null });
    expect(world.sent).toEqual([]);
    world.connect(true);
    await settle();
    expect(world.sent).toEqual(['a']);
    expect(said?.pending).toBe(0);
    expect(said?.lastSync).not.toBeNull();
  });

  it('is not sent in another session', async () => {
    await world.storage.add(move('a'));
    world.session = { tenantId: 'demo', userId: 'beto' };
    begin();
    world.connect(true);
    await settle();
    expect(world.sent).toEqual([]);
    expect(said?.pending).toBe(1);
  });

  it('hears of what another tab sent', async () => {
    await world.storage.add(move('a'));
    begin();
    await settle();
    await world.storage.change('a', (there) => ({ ...there, status: 'accepted' }));
    const other = new BroadcastChannel('nervio-device');
    other.postMessage('changed');
    await settle();
    expect(said?.pending).toBe(0);
    other.close();
  });
});
