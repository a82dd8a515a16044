import { eventually } from '../support/eventually';
import { startFlow, type Flow } from '../support/flow';

/** An Odoo that takes longer than we wait. It goes on with what it was asked for; we do not know how it ended. */
let flow: Flow;
let serial = 1240;
beforeAll(async () => {
  flow = await startFlow({ timeouts: { writeMs: 2_000, readMs: 2_000 } });
});
afterAll(() => flow.close());
beforeEach(async () => {
  flow.odoo.control({ mode: 'ok' });
  await flow.watch();
});

const pallet = () => `PACK000${serial++}`;
const elsewhere = (code: string) => (flow.placeOf(code) === 'CAM-05' ? 'CAM-06' : 'CAM-05');
const retried = async (id: string) =>
  (await flow.read(id)).timeline.filter(({ code }) => code === 'retrying').map(({ data }) => data?.code);
const untilRetried = (id: string) =>
  eventually(
    () => retried(id),
    (codes) => codes.length > 0,
  );
/** How often Temporal has tried the activity that a move is at. */
async function triesOf(id: string): Promise<number> {
  const { workflowId } = await flow.read(id);
  const { raw } = await flow.temporal.client.workflow.getHandle(workflowId!).describe();
  return Math.max(0, ...(raw.pendingActivities ?? []).map(({ attempt }) => attempt ?? 1));
}

it.each(['create', 'action_confirm', 'button_validate'] as const)(
  'a %s that is carried out after we gave up: found, and gone on from there',
  async (call) => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.hold(call);
    const id = await flow.move([code], destination);
    await flow.untilHeld();
    expect(await untilRetried(id)).toContain('odoo_unknown_outcome');
    flow.odoo.control({ mode: 'ok' });
    await flow.until(id, 'synced');
    expect([flow.placeOf(code), flow.pickings(id).map(({ state }) => state)]).toEqual([destination, ['done']]);
  },
);

it('a look at the pallets: nothing was changed, so Odoo simply does not answer', async () => {
  const code = pallet();
  const destination = elsewhere(code);
  flow.hold();
  const id = await flow.move([code], destination);
  await flow.untilHeld();
  expect(new Set(await untilRetried(id))).toEqual(new Set(['odoo_unreachable']));
  expect(flow.pickings(id)).toEqual([]);
  flow.odoo.control({ mode: 'ok' });
  await flow.watch();
  await flow.until(id, 'synced');
  expect(flow.placeOf(code)).toBe(destination);
});

it('an undo that is carried out after we gave up: compensated, once', async () => {
  const code = pallet();
  const before = flow.placeOf(code);
  flow.hold('button_validate');
  const id = await flow.move([code], elsewhere(code));
  await flow.untilHeld();
  await flow.cancel(id);
  // The answers to the move are let go; the next validation is the one of the way back.
  flow.hold('create');
  await eventually(
    () => flow.pickings(id).length,
    (count) => count === 2,
  );
  flow.hold('button_validate');
  await eventually(
    () => flow.pickings(id).map(({ state }) => state),
    (states) => states.every((state) => state === 'done'),
  );
  await eventually(
    () => triesOf(id),
    (count) => count > 1,
  );
  flow.odoo.control({ mode: 'ok' });
  await flow.until(id, 'compensated');
  expect([flow.placeOf(code), flow.pickings(id).length]).toEqual([before, 2]);
});
