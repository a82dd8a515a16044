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
/** Until Odoo has moved the pallets; what `hold` keeps then is its answer. */
const untilDone = (id: string) =>
  eventually(
    () => states(id),
    (seen) => seen.includes('done'),
  );
async function back(): Promise<void> {
  flow.odoo.control({ mode: 'ok' });
  await flow.watch();
}

describe('a cancel', () => {
  it('while the pallets are checked: nothing is created', async () => {
    const code = pallet();
    const before = flow.placeOf(code);
    flow.hold();
    const id = await flow.move([code], elsewhere(code));
    await flow.untilHeld();
    await flow.cancel(id);
    flow.odoo.control({ mode: 'ok' });
    await flow.until(id, 'cancelled');
    expect([flow.placeOf(code), flow.pickings(id)]).toEqual([before, []]);
  });

  it('while the check finds a bad pallet: cancelled, not asked about once more', async () => {
    flow.hold();
    const id = await flow.move(['PACK9999999'], 'CAM-05');
    await flow.untilHeld();
    await flow.cancel(id);
    flow.odoo.control({ mode: 'ok' });
    expect((await flow.until(id, 'cancelled', 'needs_attention')).state).toBe('cancelled');
  });

  it.each([
    ['transfer_creating', 'create'],
    ['transfer_created', 'action_confirm'],
    ['transfer_reserved', 'button_validate'],
  ] as const)('after %s: the pallet is where it was, and nothing is open in Odoo', async (step, call) => {
    const code = pallet();
    const before = flow.placeOf(code);
    flow.hold(call);
    const id = await flow.move([code], elsewhere(code));
    await flow.untilHeld();
    expect((await codes(id)).at(-1)).toBe(step);
    await flow.cancel(id);
    flow.odoo.control({ mode: 'ok' });
    expect((await flow.until(id, 'compensated', 'cancelled', 'synced', 'needs_attention')).state).toBe('compensated');
    expect(flow.placeOf(code)).toBe(before);
    expect(states(id).filter((state) => state !== 'done' && state !== 'cancel')).toEqual([]);
  });

  it('after validated: too late, and it says so', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    const id = await flow.move([code], destination);
    await flow.untilStep(id, 'validated');
    await expect(flow.cancel(id)).rejects.toMatchObject({ code: 'already_final' });
    expect([(await flow.read(id)).state, flow.placeOf(code)]).toEqual(['synced', destination]);
  });

  it('when the outcome of the create is unknown and it was carried out: found by its name and cancelled', async () => {
    const code = pallet();
    flow.hold('create');
    const id = await flow.move([code], elsewhere(code));
    await flow.untilHeld();
    // The answer is lost.
    flow.odoo.control({ mode: 'down' });
    await flow.until(id, 'waiting');
    expect([await outside(id), flow.pickings(id).length]).toEqual(['maybe', 1]);
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
    await flow.watch();
    await flow.until(id, 'cancelled');
    expect(flow.pickings(id)).toMatchObject([{ state: 'cancel', packages: [] }]);
    expect(flow.placeOf(code)).toBe(before);
    expect(await outside(id)).toBe('none');
  });
});

describe('an undo whose Odoo is away', () => {
  const places = () => flow.database.query('SELECT FROM operation WHERE slot_at IS NOT NULL');
  const step = async (id: string) => (await flow.read(id)).step;

  it('waits without a place of the connection, keeps its lanes, and goes on by itself', async () => {
    const code = pallet();
    const before = flow.placeOf(code);
    flow.hold('action_confirm');
    const id = await flow.move([code], elsewhere(code));
    await flow.untilHeld();
    await flow.cancel(id);
    // The undo looks for its transfer; then Odoo is gone.
    flow.hold('search_read');
    await flow.until(id, 'compensating');
    await flow.untilHeld();
    flow.odoo.control({ mode: 'down' });
    await eventually(
      () => step(id),
      (at) => at === 'undo_waiting',
    );
    expect(await places()).toEqual([]);
    const waits = await flow.read(id);
    expect([waits.state, waits.error?.code, await flow.connectionState()]).toEqual([
      'compensating',
      expect.stringMatching(/^odoo_(unreachable|unknown_outcome)$/),
      'down',
    ]);
    const behind = await flow.move([code], before === 'CAM-01' ? 'CAM-02' : 'CAM-01');
    expect((await flow.read(behind)).lanesAhead).toBe(1);
    await back();
    const end = await flow.until(id, 'compensated', 'needs_attention');
    expect([end.state, end.error]).toEqual(['compensated', null]);
    expect(states(id)).toEqual(['cancel']);
    await flow.record('move-pallets-undo-waited', id);
    await flow.until(behind, 'synced');
  });

  it('of many moves: none begins before the circuit closes, and then as many at once as the connection takes', async () => {
    const limit = (places: number) => flow.database.query('UPDATE connection SET max_concurrency = $1', [places]);
    await limit(6);
    flow.hold();
    const ids: string[] = [];
    for (let count = 0; count < 6; count++) {
      const code = pallet();
      ids.push(await flow.move([code], elsewhere(code)));
    }
    for (const id of ids) await flow.untilStep(id, 'taken');
    flow.odoo.control({ mode: 'error', times: 1_000 });
    for (const id of ids) await flow.until(id, 'waiting');
    expect(await Promise.all(ids.map(outside))).not.toContain('none');
    await limit(2);
    try {
      for (const id of ids) await flow.cancel(id);
      // What they were told by has been handed over.
      await eventually(
        () => flow.database.query('SELECT FROM outbox'),
        (rows) => rows.length === 0,
      );
      const [closing] = await flow.database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
      await back();
      for (const id of ids) await flow.until(id, 'cancelled', 'compensated', 'needs_attention');
      const undone = await flow.database.query<{ began: Date; ended: Date }>(
        `SELECT b.at AS began, e.at AS ended FROM operation_event b
         JOIN operation_event e ON e.operation_id = b.operation_id AND e.code IN ('cancelled', 'compensated')
         WHERE b.operation_id = ANY($1) AND b.code = 'compensating'`,
        [ids],
      );
      expect(undone).toHaveLength(6);
      expect(undone.filter(({ began }) => began < closing!.now)).toEqual([]);
      const atOnce = undone.map(({ began }) => undone.filter((x) => x.began <= began && began < x.ended).length);
      expect(Math.max(...atOnce)).toBeLessThanOrEqual(2);
    } finally {
      await limit(4);
    }
  });
});

describe('an undo that fails', () => {
  it('because a person cancelled its transfer in Odoo: asks, and the next one has a name of its own', async () => {
    const code = pallet();
    const before = flow.placeOf(code);
    flow.hold('button_validate');
    const id = await flow.move([code], elsewhere(code));
    await untilDone(id);
    await flow.cancel(id);
    const theirs = () =>
      flow.odoo.state().pickings.find((picking) => picking.origin === id && picking.name.endsWith('-U'));
    flow.hold('create');
    await eventually(theirs, (picking) => picking !== undefined);
    flow.odoo.control({ mode: 'down' });
    await eventually(
      () => flow.connectionState(),
      (state) => state === 'down',
    );
    flow.odoo.control({ mode: 'ok' });
    await person.call('stock.picking', 'action_cancel', [[theirs()!.id]]);
    await flow.watch();
    const rest = await flow.until(id, 'needs_attention', 'compensated');
    expect([rest.error?.code, rest.timeline.at(-2)?.code]).toEqual(['undo_failed', 'cancelled_in_odoo']);
    await flow.cancel(id);
    await flow.until(id, 'compensated', 'needs_attention');
    expect(flow.pickings(id).map(({ name, state }) => [name.split('-').slice(3).join('-'), state])).toEqual([
      ['1', 'done'],
      ['1-U', 'cancel'],
      ['1-U2', 'done'],
    ]);
    expect([(await flow.read(id)).state, flow.placeOf(code)]).toEqual(['compensated', before]);
  });

  it('because somebody takes the name of its transfer at that moment: theirs is not touched', async () => {
    const [code, another] = [pallet(), pallet()];
    const destination = elsewhere(code);
    flow.hold('button_validate');
    const id = await flow.move([code], destination);
    await untilDone(id);
    await flow.cancel(id);
    // It looks for the transfer of the move, then for the one back. The second answer is on its way.
    flow.hold('search_read');
    await flow.untilHeld();
    flow.hold('search_read');
    await flow.untilHeld();
    const { number } = await flow.until(id, 'compensating');
    const picking = await person.transfer(`${pickingName({ id, number, effect: 1 })}-U`, another, 'CAM-02');
    flow.odoo.control({ mode: 'ok' });
    const rest = await flow.until(id, 'needs_attention', 'compensated');
    expect([rest.error?.code, await person.stateOf(picking), flow.placeOf(code)]).toEqual([
      'reference_taken',
      'draft',
      destination,
    ]);
  });

  it('because Odoo keeps refusing its work: asks for attention, says what is left, keeps its lanes, and goes on when a person says so', async () => {
    const code = pallet();
    const before = flow.placeOf(code);
    flow.hold('action_confirm');
    const id = await flow.move([code], elsewhere(code));
    await flow.untilHeld();
    await flow.cancel(id);
    flow.odoo.control({ mode: 'ok', serialization: 1_000 });
    const rest = await flow.until(id, 'needs_attention', 'compensated');
    expect(rest.error?.code).toBe('undo_failed');
    await flow.record('move-pallets-undo-failed', id);
    expect(await outside(id)).not.toBe('none');
    const behind = await flow.move([code], before === 'CAM-01' ? 'CAM-02' : 'CAM-01');
    expect((await flow.read(behind)).lanesAhead).toBe(1);
    flow.odoo.control({ serialization: 0 });
    await flow.cancel(id);
    await flow.until(id, 'compensated');
    expect(states(id).filter((state) => state !== 'done' && state !== 'cancel')).toEqual([]);
    await flow.until(behind, 'synced');
  });

  it('because the pallet was moved again: says which, and moves nothing', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.hold('button_validate');
    const id = await flow.move([code], destination);
    await untilDone(id);
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

describe('«dejar como está» after an undo that failed', () => {
  /** Cancelled when Odoo has moved the pallet already. */
  const cancelledTooLate = async (): Promise<{ id: string; code: string; destination: string }> => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.hold('button_validate');
    const id = await flow.move([code], destination);
    await untilDone(id);
    return { id, code, destination };
  };

  it('because the pallet was moved again: the move stands, and who stood behind it in the lane goes on', async () => {
    const { id, code } = await cancelledTooLate();
    flow.odoo.control({ move: { package: code, to: 'ANDEN' }, db: flow.odooDatabase });
    await flow.cancel(id);
    flow.odoo.control({ mode: 'ok' });
    expect((await flow.until(id, 'needs_attention', 'compensated')).error?.code).toBe('undo_blocked');
    const behind = await flow.move([code], 'CAM-02');
    expect((await flow.read(behind)).lanesAhead).toBe(1);
    await flow.retry(id, 'as_is');
    const end = await flow.until(id, 'synced', 'needs_attention');
    expect([end.state, end.cancelRequested, end.error, states(id)]).toEqual(['synced', false, null, ['done']]);
    expect(end.timeline.map((entry) => entry.data).find((data) => data?.elsewhere)).toMatchObject({
      elsewhere: [code],
    });
    await flow.until(behind, 'synced');
    const audited = await flow.database.query('SELECT action FROM audit WHERE operation_id = $1 ORDER BY at', [id]);
    expect(audited.at(-1)).toEqual({ action: 'operation.retry.as_is' });
  });

  it('with the way back begun in Odoo: that is cancelled there, and the move stands', async () => {
    const { id, code, destination } = await cancelledTooLate();
    await flow.cancel(id);
    flow.hold('create');
    await eventually(
      () => states(id).length,
      (count) => count === 2,
    );
    flow.odoo.control({ mode: 'ok', serialization: 1_000 });
    expect((await flow.until(id, 'needs_attention', 'compensated')).error?.code).toBe('undo_failed');
    flow.odoo.control({ serialization: 0 });
    await flow.retry(id, 'as_is');
    await flow.until(id, 'synced', 'needs_attention');
    expect([(await flow.read(id)).state, states(id), flow.placeOf(code)]).toEqual([
      'synced',
      ['done', 'cancel'],
      destination,
    ]);
  });

  it('with the way back finished in Odoo meanwhile: it is undone then, and says so', async () => {
    const { id, code } = await cancelledTooLate();
    await flow.cancel(id);
    flow.hold('create');
    await eventually(
      () => states(id).length,
      (count) => count === 2,
    );
    flow.odoo.control({ mode: 'ok', serialization: 1_000 });
    expect((await flow.until(id, 'needs_attention', 'compensated')).error?.code).toBe('undo_failed');
    flow.odoo.control({ serialization: 0 });
    const theirs = flow.odoo.state().pickings.find((picking) => picking.origin === id && picking.state !== 'done')!;
    await person.call('stock.picking', 'action_confirm', [[theirs.id]]);
    await person.call('stock.picking', 'button_validate', [[theirs.id]]);
    const place = flow.placeOf(code);
    await flow.retry(id, 'as_is');
    await flow.until(id, 'synced', 'compensated', 'needs_attention');
    expect([(await flow.read(id)).state, flow.placeOf(code)]).toEqual(['compensated', place]);
  });
});

describe('an undo whose answer is lost', () => {
  const lost = () => Promise.reject(new Error('the worker died'));
  /** Cancelled when Odoo has made the transfer, or has moved the pallets already. */
  const cancelledAfter = async (effect: 'the transfer' | 'the move'): Promise<{ id: string; code: string }> => {
    const code = pallet();
    flow.hold(effect === 'the transfer' ? 'action_confirm' : 'button_validate');
    const id = await flow.move([code], elsewhere(code));
    await flow.untilHeld();
    await flow.cancel(id);
    flow.odoo.control({ mode: 'ok' });
    return { id, code };
  };

  it.each([
    ['the transfer', 'transfer_cancelled'],
    ['the move', 'moved_back'],
  ] as const)('after it undid %s: compensated all the same', async (effect, told) => {
    flow.beforeAnswer('undoTransfer', lost);
    const { id } = await cancelledAfter(effect);
    expect((await flow.until(id, 'compensated', 'cancelled', 'needs_attention')).state).toBe('compensated');
    expect((await codes(id)).filter((code) => code === told)).toHaveLength(1);
  });

  it('and whose workflow is lost with it: the next attempt knows that there was something to undo', async () => {
    flow.beforeAnswer('undoTransfer', async () => {
      await flow.database.query(
        `UPDATE operation SET workflow_id = 'never-heard-of' WHERE state = 'compensating' AND outside = 'none'`,
      );
      await sweep();
      await lost();
    });
    const { id } = await cancelledAfter('the move');
    const end = await flow.until(id, 'compensated', 'cancelled', 'needs_attention');
    expect([end.state, end.attempt, end.timeline.filter(({ code }) => code === 'moved_back').length]).toEqual([
      'compensated',
      2,
      1,
    ]);
  });

  it('while it claimed the name of a create that never arrived: cancelled, for nothing was undone', async () => {
    const code = pallet();
    flow.odoo.control({ mode: 'error', times: 4 });
    const id = await flow.move([code], elsewhere(code));
    await flow.until(id, 'waiting');
    flow.odoo.control({ mode: 'apply_then_drop', times: 1 });
    await flow.cancel(id);
    await flow.watch();
    await flow.until(id, 'cancelled', 'compensated');
    expect((await flow.read(id)).state).toBe('cancelled');
    expect(flow.pickings(id)).toMatchObject([{ state: 'cancel', packages: [] }]);
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
    flow.hold('create');
    const id = await flow.move([code], destination);
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
    flow.hold('action_confirm');
    const id = await flow.move([code], destination);
    await flow.untilHeld();
    await flow.temporal.client.workflow.getHandle((await flow.read(id)).workflowId!).cancel();
    flow.odoo.control({ mode: 'ok' });
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });

  it('a terminated one asks a person, who may go on: what is in Odoo is found and finished', async () => {
    const { id, code, destination } = await heldInOdoo();
    await flow.temporal.client.workflow.getHandle((await flow.read(id)).workflowId!).terminate('tried out');
    await sweepNow(id);
    flow.odoo.control({ mode: 'ok' });
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
  flow.hold('create');
  const id = await flow.move([code], destination);
  await flow.untilHeld();
  return { id, code, destination };
}

/** The sweep as scheduled, but without waiting until it has been quiet for half a minute. */
async function sweep(): Promise<void> {
  await createSweepActivities({
    db: flow.db,
    describe: (workflowId, runId) => describeWorkflow(flow.temporal.client, workflowId, runId),
    ensureWatched: () => Promise.resolve(),
  }).sweep({ quietMs: 0 });
}

async function sweepNow(id: string): Promise<void> {
  await sweep();
  expect((await flow.read(id)).timeline.some(({ code }) => code === 'swept' || code === 'attention')).toBe(true);
}
