import { createSecretBox } from '../../store/secrets';
import { defaultTiming } from '../../workflows/profiles';
import { Caller } from '../../simulators/odoo/testing';
import { startFlow, type Flow } from '../support/flow';

/** Every kind of trouble on the way to Odoo that a move has to wait out or tell. Odoo is the simulator, on the wire. */
let flow: Flow;
let serial = 1500;

beforeAll(async () => {
  // As in production, but for the pauses between quick retries.
  flow = await startFlow({ timing: { wakeMs: defaultTiming.wakeMs } });
});
afterAll(() => flow.close());
beforeEach(async () => {
  flow.odoo.control({ mode: 'ok', serialization: 0, crash: 0 });
  await flow.watch();
});

const pallet = () => `PACK000${serial++}`;
const elsewhere = (code: string) => (flow.placeOf(code) === 'CAM-05' ? 'CAM-06' : 'CAM-05');

describe('our own trouble', () => {
  it('a NERVIO_SECRET that was changed: told on the connection and on the move, which goes on with the key put in anew', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    const owner = { tenantId: flow.business.tenantId, connectionId: flow.connectionId };
    const [kept] = await flow.database.query<{ secret: Buffer }>('SELECT secret FROM connection');
    const use = (secret: Buffer) =>
      flow.database.query('UPDATE connection SET secret = $1, version = version + 1', [secret]);
    await use(createSecretBox('ab'.repeat(32)).seal('nervio-demo-key', owner));
    const id = await flow.move([code], destination);
    const waiting = await flow.until(id, 'waiting', 'needs_attention', 'synced');
    expect(waiting.error?.code).toBe('odoo_credentials');
    expect(waiting.error?.detail).toContain('NERVIO_SECRET');
    expect(await flow.connectionState()).toBe('credentials');
    // The watcher says the same, and does not fall over it.
    await flow.database.query(`UPDATE connection SET state = 'unknown'`);
    await flow.watch();
    expect(await flow.connectionState()).toBe('credentials');
    await use(kept!.secret);
    await flow.watch();
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });

  it('our database is away for a moment: looked at again in seconds, not in half a minute', async () => {
    const code = pallet();
    flow.hold();
    const id = await flow.move([code], elsewhere(code));
    await flow.untilHeld();
    // What was found cannot be written.
    await flow.database.query(`REVOKE UPDATE ON pallet_move_line FROM ${flow.database.appRole}`);
    flow.odoo.control({ mode: 'ok' });
    const waiting = await flow.until(id, 'waiting');
    expect(waiting.error?.code).toBe('internal');
    const [pause] = await flow.database.query<{ ms: number }>(
      'SELECT (extract(epoch FROM wake_after - updated_at) * 1000)::int AS ms FROM operation WHERE id = $1',
      [id],
    );
    expect(pause!.ms).toBeLessThanOrEqual(2_000);
    await flow.database.query(`GRANT UPDATE ON pallet_move_line TO ${flow.database.appRole}`);
    await flow.until(id, 'synced');
  });
});

describe('trouble with an Odoo that is there', () => {
  const retried = async (id: string) =>
    (await flow.read(id)).timeline.filter(({ code }) => code === 'retrying').map(({ data }) => data?.code);
  /** Half a minute later. */
  const later = (id: string) => flow.database.query('UPDATE operation SET wake_after = now() WHERE id = $1', [id]);

  it('that asks to wait: tried again when it said, not sooner, and its connection is not taken for down', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.odoo.control({ mode: 'throttle', times: 2 });
    const id = await flow.move([code], destination);
    const end = await flow.until(id, 'synced', 'waiting', 'needs_attention');
    expect([end.state, await retried(id), await flow.connectionState(), flow.placeOf(code)]).toEqual([
      'synced',
      ['odoo_throttled', 'odoo_throttled'],
      'up',
      destination,
    ]);
    const times = end.timeline.flatMap(({ code: told, at }) => (told === 'transfer_creating' ? [Date.parse(at)] : []));
    // The simulator says «Retry-After: 1»; by itself the next try would come after 20 ms.
    expect(Math.min(times[1]! - times[0]!, times[2]! - times[1]!)).toBeGreaterThanOrEqual(950);
  });

  it('that is too busy for a moment: tried again at once, and moved once', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.odoo.control({ serialization: 2 });
    const id = await flow.move([code], destination);
    const end = await flow.until(id, 'synced', 'waiting', 'needs_attention');
    expect([end.state, await retried(id), flow.placeOf(code)]).toEqual([
      'synced',
      ['odoo_busy', 'odoo_busy'],
      destination,
    ]);
    expect(flow.pickings(id).map(({ state }) => state)).toEqual(['done']);
  });

  it.each([
    ['is too busy', 'odoo_busy', { serialization: 4 }],
    ['asks to wait again and again', 'odoo_throttled', { mode: 'throttle', times: 4 }],
  ])('that %s: waits with its place in the lane, and goes on by itself', async (_, trouble, control) => {
    const code = pallet();
    const destination = elsewhere(code);
    flow.odoo.control(control);
    const id = await flow.move([code], destination);
    const waiting = await flow.until(id, 'waiting', 'synced', 'needs_attention');
    expect([waiting.state, waiting.error?.code, await retried(id)]).toEqual([
      'waiting',
      trouble,
      [trouble, trouble, trouble],
    ]);
    const behind = await flow.move([code], destination === 'CAM-05' ? 'CAM-06' : 'CAM-05');
    expect([(await flow.read(behind)).lanesAhead, await flow.connectionState()]).toEqual([1, 'up']);
    await later(id);
    await flow.until(id, 'synced');
    await flow.until(behind, 'synced');
    expect(flow.pickings(id).filter(({ state }) => state === 'done')).toHaveLength(1);
  });

  it('that breaks down over our transfer: not tried again, nothing is left there, and a person is asked', async () => {
    const code = pallet();
    const before = flow.placeOf(code);
    flow.odoo.control({ crash: 1 });
    const id = await flow.move([code], elsewhere(code));
    const rest = await flow.until(id, 'needs_attention', 'waiting', 'synced');
    expect([rest.state, rest.error?.code, rest.outside, await retried(id)]).toEqual([
      'needs_attention',
      'odoo_failed',
      'none',
      [],
    ]);
    expect([await flow.connectionState(), flow.placeOf(code), flow.pickings(id)]).toEqual(['up', before, []]);
    await flow.retry(id);
    await flow.until(id, 'synced');
  });

  it('that does not fit the connection: one alert there, the move waits, and goes on when it is mended', async () => {
    const code = pallet();
    const destination = elsewhere(code);
    const use = (database: string) =>
      flow.database.query(
        `UPDATE connection SET settings = settings || jsonb_build_object('database', $1::text), version = version + 1`,
        [database],
      );
    await use('nowhere');
    const id = await flow.move([code], destination);
    const waiting = await flow.until(id, 'waiting', 'needs_attention', 'synced');
    expect([waiting.state, waiting.error?.code, await retried(id), await flow.connectionState()]).toEqual([
      'waiting',
      'odoo_incompatible',
      [],
      'incompatible',
    ]);
    await use(flow.odooDatabase);
    await flow.watch();
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });
});

describe('what others do in Odoo at the same moment', () => {
  it('a pallet is reserved while our transfer is made: the others can be moved', async () => {
    const [good, bad] = [pallet(), pallet()];
    const destination = ['CAM-05', 'CAM-06', 'CAM-04'].find(
      (place) => place !== flow.placeOf(good) && place !== flow.placeOf(bad),
    )!;
    flow.hold('create');
    const id = await flow.move([good, bad], destination);
    await flow.untilHeld();
    flow.odoo.control({ mode: 'ok', reserve: bad, db: flow.odooDatabase });
    const rest = await flow.until(id, 'needs_attention', 'synced');
    expect([rest.error?.code, rest.lines.map((line) => [line.code, line.problem])]).toEqual([
      'reserved_elsewhere',
      [
        [good, null],
        [bad, 'reserved_elsewhere'],
      ],
    ]);
    const others = await flow.retry(id, 'others');
    await flow.until(others, 'synced');
    expect([flow.placeOf(good), (await flow.read(id)).state]).toEqual([destination, 'cancelled']);
  });

  it('a pallet is moved while a create of ours is unknown and never arrived: checked again, and moved from where it is now', async () => {
    const code = pallet();
    const scannedIn = flow.placeOf(code);
    const [behind, destination] = ['CAM-01', 'CAM-02', 'CAM-03'].filter((place) => place !== scannedIn) as [
      string,
      string,
    ];
    flow.odoo.control({ mode: 'error', times: 4 });
    const id = await flow.move([{ code, from: await flow.locationId(scannedIn) }], destination);
    await flow.until(id, 'waiting');
    flow.odoo.control({ move: { package: code, to: behind }, db: flow.odooDatabase });
    await flow.watch();
    const rest = await flow.until(id, 'needs_attention', 'synced');
    expect([rest.error?.code, rest.outside, rest.lines[0]?.found?.id]).toEqual([
      'moved_since_scan',
      'none',
      await flow.locationId(behind),
    ]);
    // The create cannot arrive any more.
    expect(flow.pickings(id)).toMatchObject([{ state: 'cancel', packages: [] }]);
    await flow.retry(id, 'from_current');
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });

  it('a transfer of theirs for the same pallet: one of the two moves it, and nothing of ours is left open', async () => {
    const person = new Caller(flow.odoo, flow.odooDatabase);
    for (let round = 0; round < 4; round++) {
      const code = pallet();
      const [ours, theirs] = ['CAM-01', 'CAM-02', 'CAM-03'].filter((place) => place !== flow.placeOf(code)) as [
        string,
        string,
      ];
      // Their calls come in between ours in another way each time.
      flow.odoo.control({ mode: 'slow', ms: 20 + round * 25 });
      const moved = flow.move([code], ours);
      const picking = await person.transfer(`OTRO-${code}`, code, theirs);
      const validated = person
        .call('stock.picking', 'action_confirm', [[picking]])
        .then(() => person.call('stock.picking', 'button_validate', [[picking]]))
        .then(
          () => true,
          () => false,
        );
      const id = await moved;
      const end = await flow.until(id, 'synced', 'needs_attention');
      const theyMovedIt = await validated;
      const open = flow.pickings(id).filter(({ state }) => state !== 'done' && state !== 'cancel');
      expect([code, open]).toEqual([code, []]);
      if (end.state === 'synced') {
        // Theirs found nothing to reserve, or one took the pallet further from where the other had brought it.
        expect([ours, ...(theyMovedIt ? [theirs] : [])]).toContain(flow.placeOf(code));
        expect([code, flow.pickings(id).map(({ state }) => state)]).toEqual([code, ['done']]);
      } else {
        expect(['reserved_elsewhere', 'moved_since_scan', 'odoo_refused']).toContain(end.error?.code);
        expect([code, flow.pickings(id).some(({ state }) => state === 'done')]).toEqual([code, false]);
      }
      flow.odoo.control({ mode: 'ok' });
    }
  });
});
