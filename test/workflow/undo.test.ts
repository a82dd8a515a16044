import { pickingName } from '../../activities/move-pallets/reference';
import { createSweepActivities } from '../../activities/sweep';
import { Caller } from '../../simulators/odoo/testing';
import { createSecretBox } from '../../store/secrets';
import { describeWorkflow } from '../../temporal/describe';
import { testSecret } from '../support/environment';
import { eventually } from '../support/eventually';
import { startFlow, type Flow } from '../support/flow';

/** What can go wrong between acceptance and Odoo, and every way back. On real servers; Odoo is the simulator, on the wire. */
let flow: Flow;
let person: Caller;
let serial = 1300;

beforeAll(async () => {
  // Pauses between retries that are long enough to act in.
  flow = await startFlow({ timing: { retryInitialMs: 250 } });
  person = new Caller(flow.odoo, flow.odooDatabase);
});
afterAll(() => flow.close());
beforeEach(async () => {
  flow.odoo.control({ mode: 'ok' });
  await flow.watch();
});

const pallet = () => `PACK000${serial++}`;
const elsewhere = (code: string) => (flow.placeOf(code) === 'CAM-05' ? 'CAM-06' : 'CAM-05');
const states = (id: string) => flow.pickings(id).map((picking) => picking.state);
const codes = async (id: string) => (await flow.read(id)).timeline.map((entry) => entry.code);
const outside = async (id: string): Promise<string | undefined> =>
  (await flow.database.query<{ outside: string }>('SELECT outside FROM operation WHERE id = $1', [id]))[0]?.outside;
async function back(): Promise<void> {
  flow.odoo.control({ mode: 'ok' });
  await flow.watch();
}

describe('a cancel', () => {
  it('while the pallets are checked: nothing is created', async () => {
    const code = pallet();
    const before = flow.placeOf(code);
    flow.odoo.control({ mode: 'slow', ms: 300 });
    const id = await flow.move([code], elsewhere(code));
    await flow.untilStep(id, 'taken');
    await flow.cancel(id);
    await flow.until(id, 'cancelled');
    expect([flow.placeOf(code), flow.pickings(id)]).toEqual([before, []]);
  });

  it('while the check finds a bad pallet: cancelled, not asked about once more', async () => {
    flow.odoo.control({ mode: 'slow', ms: 300 });
    const id = await flow.move(['PACK9999999'], 'CAM-05');
    await flow.untilStep(id, 'taken');
    await flow.cancel(id);
    expect((await flow.until(id, 'cancelled', 'needs_attention')).state).toBe('cancelled');
  });

  it.each(['transfer_creating', 'transfer_created', 'transfer_reserved', 'validated'])(
    'after %s: the pallet is where it was, and nothing is open in Odoo',
    async (step) => {
      const code = pallet();
      const before = flow.placeOf(code);
      flow.odoo.control({ mode: 'slow', ms: 150 });
      const id = await flow.move([code], elsewhere(code));
      await flow.untilStep(id, step);
      // Too late when the move was settled at the same moment; then it says so.
      const cancelled = await flow.cancel(id).then(
        () => true,
        () => false,
      );
      flow.odoo.control({ mode: 'ok' });
      const end = await flow.until(id, 'compensated', 'cancelled', 'synced', 'needs_attention');
      if (!cancelled) {
        expect([step, end.state]).toEqual(['validated', 'synced']);
        return;
      }
      expect(end.state).toBe('compensated');
      expect(flow.placeOf(code)).toBe(before);
      expect(states(id).filter((state) => state !== 'done' && state !== 'cancel')).toEqual([]);
    },
  );

  it('when the outcome of the create is unknown and it was carried out: found by its name and cancelled', async () => {
    const code = pallet();
    flow.odoo.control({ mode: 'apply_then_drop', times: 1 });
    const id = await flow.move([code], elsewhere(code));
    await eventually(
      () => flow.pickings(id).length,
      (count) => count === 1,
    );
    flow.odoo.control({ mode: 'down' });
    await flow.until(id, 'waiting');
    expect(await outside(id)).toBe('maybe');
    await flow.cancel(id);
    await back();
    await flow.until(id, 'compensated');
    expect(states(id)).toEqual(['cancel']);
  });

  it('when the create never arrived: its name is claimed, so that it cannot arrive any more', async () => {
    const code = pallet();
    const before = flow.placeOf(code);
    flow.odoo.control({ mode: 'error', times: 4 });
    const id = await flow.move([code], elsewhere(code));
    await flow.until(id, 'waiting');
    expect([await outside(id), flow.pickings(id)]).toEqual(['maybe', []]);
    await flow.cancel(id);
    await flow.until(id, 'cancelled');
    expect(flow.pickings(id)).toMatchObject([{ state: 'cancel', packages: [] }]);
    expect(flow.placeOf(code)).toBe(before);
    expect(await outside(id)).toBe('none');
  });
});

describe('an undo that fails', () => {
  it('because Odoo stays away: asks for attention, says what is left, keeps its lanes, and goes on when a person says so', async () => {
    const code = pallet();
    const before = flow.placeOf(code);
    flow.odoo.control({ mode: 'slow', ms: 150 });
    const id = await flow.move([code], elsewhere(code));
    await flow.untilStep(id, 'transfer_created');
    await flow.cancel(id);
    flow.odoo.control({ mode: 'down' });
    const rest = await flow.until(id, 'needs_attention');
    expect(rest.error?.code).toBe('undo_failed');
    expect(await outside(id)).not.toBe('none');
    const behind = await flow.move([code], before === 'CAM-01' ? 'CAM-02' : 'CAM-01');
    expect((await flow.read(behind)).lanesAhead).toBe(1);
    await back();
    await flow.cancel(id);
    await flow.until(id, 'compensated');
    expect(states(id).filter((state) => state !== 'done' && state !== 'cancel')).toEqual([]);
    await flow.until(behind, 'synced');
  });

  it('because the pallet was moved again: says which, and moves nothing', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.odoo.control({ mode: 'slow', ms: 200 });
    const id = await flow.move([code], destination);
    await eventually(
      () => states(id),
      (seen) => seen.includes('done'),
    );
    flow.odoo.control({ move: { package: code, to: 'ANDEN' }, db: flow.odooDatabase });
    await flow.cancel(id);
    flow.odoo.control({ mode: 'ok' });
    const rest = await flow.until(id, 'needs_attention', 'compensated', 'synced');
    expect([rest.state, rest.error?.code, rest.error?.lines]).toEqual([
      'needs_attention',
      'undo_blocked',
      [{ code, problem: 'undo_blocked' }],
    ]);
    expect(flow.placeOf(code)).toBe('ANDEN');
    // A person brings it back; then the undo finds what it needs.
    flow.odoo.control({ move: { package: code, to: destination }, db: flow.odooDatabase });
    await flow.retry(id);
    await flow.until(id, 'compensated');
  });
});

describe('what others do in Odoo', () => {
  it('a transfer of somebody else has our name: it is not touched, and a person is asked', async () => {
    const [code, theirs] = [pallet(), pallet()];
    flow.odoo.control({ mode: 'down' });
    await flow.watch();
    const id = await flow.move([code], elsewhere(code));
    const { number } = await flow.until(id, 'waiting');
    flow.odoo.control({ mode: 'ok' });
    const picking = await person.transfer(pickingName({ id, number, effect: 1 }), theirs, 'CAM-02');
    await flow.watch();
    const rest = await flow.until(id, 'needs_attention', 'synced');
    expect(rest.error?.code).toBe('reference_taken');
    expect(await person.stateOf(picking)).toBe('draft');
    expect(flow.pickings(id)).toEqual([]);
  });

  it('a person cancels our transfer: asked, and a retry makes the next one under a new name', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.odoo.control({ mode: 'slow', ms: 150 });
    const id = await flow.move([code], destination);
    await flow.untilStep(id, 'transfer_creating');
    const ours = () => flow.odoo.state().pickings.find((picking) => picking.origin === id);
    await eventually(ours, (picking) => picking !== undefined);
    flow.odoo.control({ mode: 'down' });
    await flow.until(id, 'waiting');
    flow.odoo.control({ mode: 'ok' });
    await person.call('stock.picking', 'action_cancel', [[ours()!.id]]);
    await flow.watch();
    const rest = await flow.until(id, 'needs_attention', 'synced');
    expect([rest.error?.code, (await codes(id)).includes('cancelled_in_odoo')]).toEqual(['odoo_refused', true]);
    await flow.retry(id);
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
    expect(flow.pickings(id).map((picking) => [picking.name.split('-').at(-1), picking.state])).toEqual([
      ['1', 'cancel'],
      ['2', 'done'],
    ]);
  });

  it('a reservation that nobody holds is repaired (18), and the pallet is moved', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.odoo.control({ ghost: code, db: flow.odooDatabase });
    const id = await flow.move([code], destination);
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });

  it('the user of the connection loses its rights: one question to a person, and the connection is not taken for down', async () => {
    const code = pallet();
    const before = flow.placeOf(code);
    const [kept] = await flow.database.query<{ settings: object; secret: Buffer }>(
      'SELECT settings, secret FROM connection WHERE id = $1',
      [flow.connectionId],
    );
    const owner = { tenantId: flow.business.tenantId, connectionId: flow.connectionId };
    const use = (login: string, secret: Buffer) =>
      flow.database.query(
        `UPDATE connection SET settings = settings || jsonb_build_object('login', $2::text), secret = $3, version = version + 1 WHERE id = $1`,
        [flow.connectionId, login, secret],
      );
    await use('lector@demo.test', Buffer.from(createSecretBox(testSecret).seal('lector', owner)));
    try {
      const id = await flow.move([code], elsewhere(code));
      const rest = await flow.until(id, 'needs_attention', 'waiting', 'synced');
      expect([rest.state, rest.error?.code]).toEqual(['needs_attention', 'odoo_forbidden']);
      expect([await outside(id), await flow.connectionState(), flow.placeOf(code)]).toEqual(['none', 'up', before]);
    } finally {
      await use('nervio@demo.test', kept!.secret);
    }
  });
});

describe('scans in the wrong order', () => {
  it('an older scan that arrives after a newer one of the same pallet is asked about, and may be moved all the same', async () => {
    const code = pallet();
    const [first, second] = ['CAM-01', 'CAM-02', 'CAM-03'].filter((place) => place !== flow.placeOf(code)) as [
      string,
      string,
    ];
    const now = Date.now();
    const newer = await flow.move([code], first, { scannedAt: new Date(now - 1_000).toISOString() });
    const older = await flow.move([code], second, { scannedAt: new Date(now - 60_000).toISOString() });
    await flow.until(newer, 'synced');
    const rest = await flow.until(older, 'needs_attention', 'synced');
    expect(rest.error?.code).toBe('superseded_scan');
    expect(flow.placeOf(code)).toBe(first);
    await flow.retry(older, 'from_current');
    await flow.until(older, 'synced');
    expect(flow.placeOf(code)).toBe(second);
  });

  it('a device whose clock runs ahead does not make its scans newer than the rest', async () => {
    const code = pallet();
    const [first, second] = ['CAM-01', 'CAM-02', 'CAM-03'].filter((place) => place !== flow.placeOf(code)) as [
      string,
      string,
    ];
    await flow.until(await flow.move([code], first, { scannedAt: '2099-01-01T00:00:00.000Z' }), 'synced');
    await flow.until(await flow.move([code], second), 'synced');
    expect(flow.placeOf(code)).toBe(second);
  });
});

describe('stopped from the Temporal UI', () => {
  it('a cancelled workflow goes on to its end: half a move is worse than a move', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.odoo.control({ mode: 'slow', ms: 150 });
    const id = await flow.move([code], destination);
    await flow.untilStep(id, 'transfer_created');
    await flow.temporal.client.workflow.getHandle((await flow.read(id)).workflowId!).cancel();
    flow.odoo.control({ mode: 'ok' });
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });

  it('a terminated one asks a person, who may go on: what is in Odoo is found and finished', async () => {
    const { id, code, destination } = await heldInOdoo();
    await flow.temporal.client.workflow.getHandle((await flow.read(id)).workflowId!).terminate('tried out');
    flow.odoo.control({ mode: 'ok' });
    await sweepNow(id);
    const rest = await flow.until(id, 'needs_attention');
    expect(rest.error?.code).toBe('stopped_by_person');
    await flow.retry(id);
    await flow.until(id, 'synced');
    expect([flow.placeOf(code), states(id)]).toEqual([destination, ['done']]);
  });

  it('one that Temporal does not know (a lost namespace) is begun anew, and moved once, even if the old one lives', async () => {
    const { id, code, destination } = await heldInOdoo();
    const { workflowId } = await flow.read(id);
    await flow.database.query(`UPDATE operation SET workflow_id = 'never-heard-of' WHERE id = $1`, [id]);
    await sweepNow(id);
    flow.odoo.control({ mode: 'ok' });
    const end = await flow.until(id, 'synced');
    await flow.temporal.client.workflow.getHandle(workflowId!).result();
    expect([flow.placeOf(code), states(id), end.attempt]).toEqual([destination, ['done'], 2]);
    const late = (await flow.read(id)).timeline.filter((entry) => entry.attempt === 1).at(-1)!;
    const taken = (await flow.read(id)).timeline.find((entry) => entry.attempt === 2)!;
    expect(Number(late.id)).toBeLessThan(Number(taken.id));
  });
});

/** A move whose transfer is in Odoo, and whose next step hangs. */
async function heldInOdoo(): Promise<{ id: string; code: string; destination: string }> {
  const code = pallet();
  const destination = elsewhere(code);
  flow.odoo.control({ mode: 'slow', ms: 1_500 });
  const id = await flow.move([code], destination);
  await eventually(
    () => states(id).length,
    (count) => count === 1,
  );
  return { id, code, destination };
}

/** The sweep as scheduled, but without waiting until it has been quiet for half a minute. */
async function sweepNow(id: string): Promise<void> {
  const { sweep } = createSweepActivities({
    db: flow.db,
    describe: (workflowId, runId) => describeWorkflow(flow.temporal.client, workflowId, runId),
    ensureWatched: () => Promise.resolve(),
  });
  await sweep({ quietMs: 0 });
  expect((await flow.read(id)).timeline.some(({ code }) => code === 'swept' || code === 'attention')).toBe(true);
}
