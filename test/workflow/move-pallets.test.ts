import { startFlow, type Flow } from '../support/flow';

/** Every outcome of a move, on a real Temporal server and a real PostgreSQL; Odoo is the simulator, on the wire. */
describe.each([['demo'], ['demo17'], ['demo16']])('moving pallets in %s', (odooDatabase) => {
  let flow: Flow;

  beforeAll(async () => {
    flow = await startFlow({ odooDatabase });
  });

  afterAll(() => flow.close());

  const record = async (name: string, id: string) => {
    if (odooDatabase === 'demo') await flow.record(`move-pallets-${name}`, id);
  };
  const elsewhere = (code: string) => (flow.placeOf(code) === 'CAM-05' ? 'CAM-06' : 'CAM-05');

  it('brings two pallets to a chamber by one transfer', async () => {
    const destination = 'CAM-02';
    const codes = ['PACK0001250', 'PACK0001251'].filter((code) => flow.placeOf(code) !== destination);
    const id = await flow.move(codes, destination);
    const end = await flow.until(id, 'synced', 'needs_attention');
    expect(end.state).toBe('synced');
    expect(codes.map((code) => flow.placeOf(code))).toEqual(codes.map(() => destination));
    expect(flow.pickings(id)).toEqual([{ name: end.reference, state: 'done', packages: codes, destination }]);
    await record('synced', id);
  });

  it('retries three times, waits while Odoo is down, and goes on by itself when it is back', async () => {
    const code = 'PACK0001252';
    const destination = elsewhere(code);
    flow.odoo.control({ mode: 'down' });
    const id = await flow.move([code], destination);
    const waiting = await flow.until(id, 'waiting');
    expect(waiting.timeline.filter((entry) => entry.code === 'retrying').map((entry) => entry.data)).toEqual([
      { code: 'odoo_unreachable', retry: 1, of: 3 },
      { code: 'odoo_unreachable', retry: 2, of: 3 },
      { code: 'odoo_unreachable', retry: 3, of: 3 },
    ]);
    expect(waiting.error?.code).toBe('odoo_unreachable');
    flow.odoo.control({ mode: 'ok' });
    await flow.watch();
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
    await record('waited', id);
  });

  it.each(['createPicking', 'action_confirm', 'button_validate'])(
    'applied, answer lost in %s: synced once, with one transfer in Odoo',
    async (call) => {
      const code = { createPicking: 'PACK0001253', action_confirm: 'PACK0001254', button_validate: 'PACK0001255' }[
        call
      ]!;
      const destination = elsewhere(code);
      const nth = { createPicking: 1, action_confirm: 2, button_validate: 3 }[call]!;
      flow.odoo.control({ mode: 'apply_then_drop', times: nth });
      const id = await flow.move([code], destination);
      await flow.until(id, 'synced');
      expect(flow.placeOf(code)).toBe(destination);
      expect(flow.pickings(id).map((picking) => picking.state)).toEqual(['done']);
      await record(`lost-${call}`, id);
    },
  );

  it('finds bad pallets before anything is created, and moves the others on request', async () => {
    const good = 'PACK0001256';
    const destination = elsewhere(good);
    const id = await flow.move(['PACK9999999', good], destination);
    const rest = await flow.until(id, 'needs_attention');
    expect(rest.error).toEqual({
      code: 'unknown_pallet',
      lines: [{ code: 'PACK9999999', problem: 'unknown_pallet', foundLocation: null }],
    });
    expect(flow.pickings(id)).toEqual([]);
    await record('needs-attention', id);
    const others = await flow.retry(id, 'others');
    await flow.until(others, 'synced');
    expect(flow.placeOf(good)).toBe(destination);
    const replaced = await flow.read(id);
    expect([replaced.state, replaced.replacedBy]).toEqual(['cancelled', others]);
  });

  it('asks when a pallet was moved behind our back since its scan, and moves it from where it is now', async () => {
    const code = 'PACK0001257';
    const scannedIn = flow.placeOf(code);
    const from = await flow.locationId(scannedIn);
    const [behind, destination] = ['CAM-01', 'CAM-02', 'CAM-03'].filter((place) => place !== scannedIn) as [
      string,
      string,
    ];
    flow.odoo.control({ move: { package: code, to: behind }, db: flow.odooDatabase });
    const id = await flow.move([{ code, from }], destination);
    const rest = await flow.until(id, 'needs_attention');
    expect(rest.error?.code).toBe('moved_since_scan');
    expect(rest.lines[0]?.found?.id).toBe(await flow.locationId(behind));
    await flow.retry(id, 'from_current');
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });

  it('undoes a move that is cancelled while it waits, and one that is done when the cancel comes', async () => {
    const code = 'PACK0001258';
    const before = flow.placeOf(code);
    flow.odoo.control({ mode: 'down' });
    const waiting = await flow.move([code], elsewhere(code));
    await flow.until(waiting, 'waiting');
    await flow.cancel(waiting);
    const end = await flow.until(waiting, 'cancelled');
    expect(end.timeline.map((entry) => entry.code)).toContain('compensating');
    await record('cancelled', waiting);
    flow.odoo.control({ mode: 'ok' });
    await flow.watch();
    expect(flow.placeOf(code)).toBe(before);
  });

  it('brings the pallets back when the cancel comes after Odoo has done the move', async () => {
    const code = 'PACK0001259';
    const before = flow.placeOf(code);
    flow.hold('button_validate');
    const id = await flow.move([code], elsewhere(code));
    await flow.untilHeld();
    await flow.cancel(id);
    flow.odoo.control({ mode: 'ok' });
    await flow.until(id, 'compensated');
    await record('compensated', id);
    expect(flow.placeOf(code)).toBe(before);
    expect(flow.pickings(id).every((picking) => picking.state === 'done' || picking.state === 'cancel')).toBe(true);
  });

  it('leaves nothing open in Odoo when a pallet turns out to be reserved elsewhere', async () => {
    const code = 'PACK0001260';
    const destination = elsewhere(code);
    flow.odoo.control({ reserve: code, db: flow.odooDatabase });
    const id = await flow.move([code], destination);
    const rest = await flow.until(id, 'needs_attention');
    expect(rest.error).toMatchObject({ code: 'reserved_elsewhere', lines: [{ code, problem: 'reserved_elsewhere' }] });
    expect(flow.pickings(id).filter((picking) => picking.state !== 'cancel')).toEqual([]);
    flow.odoo.control({ unreserve: code, db: flow.odooDatabase });
    await flow.retry(id);
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });

  it('moves one pallet twice in the order of acceptance', async () => {
    const code = 'PACK0001261';
    const route = ['CAM-01', 'CAM-02', 'CAM-03', 'CAM-04'].filter((place) => place !== flow.placeOf(code)).slice(0, 3);
    const ids: string[] = [];
    for (const place of route) ids.push(await flow.move([code], place));
    for (const id of ids) await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(route.at(-1));
    const ended = await Promise.all(ids.map(async (id) => (await flow.read(id)).endedAt!));
    expect([...ended].sort()).toEqual(ended);
  });

  it('waits, with one alert on the connection, when the key is refused, and goes on when it is mended', async () => {
    const code = 'PACK0001262';
    const destination = elsewhere(code);
    flow.odoo.control({ expireKey: 'nervio-demo-key', db: flow.odooDatabase });
    flow.odoo.control({ password: { login: 'nervio@demo.test', password: 'changed' }, db: flow.odooDatabase });
    const id = await flow.move([code], destination);
    const waiting = await flow.until(id, 'waiting');
    expect(waiting.error?.code).toBe('odoo_credentials');
    expect(waiting.timeline.map((entry) => entry.code)).not.toContain('retrying');
    expect(await flow.connectionState()).toBe('credentials');
    flow.odoo.control({ restoreKey: 'nervio-demo-key', db: flow.odooDatabase });
    await flow.watch();
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });

  it('waits for as long as Odoo asks to, beyond the quick retries too', async () => {
    const code = 'PACK0001264';
    const destination = elsewhere(code);
    flow.odoo.control({ mode: 'throttle', times: 4 });
    const id = await flow.move([code], destination);
    const waiting = await flow.until(id, 'waiting', 'synced');
    const [pause] = await flow.database.query<{ ms: number }>(
      'SELECT (extract(epoch FROM wake_after - updated_at) * 1000)::int AS ms FROM operation WHERE id = $1',
      [id],
    );
    // The simulator says «Retry-After: 1»; everything else is looked at again after 300 ms here.
    expect([waiting.error?.code, Math.round(pause!.ms / 100)]).toEqual(['odoo_throttled', 10]);
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });

  it('shows «waiting» at once for what is accepted while the connection is known to be down', async () => {
    const code = 'PACK0001263';
    const destination = elsewhere(code);
    flow.odoo.control({ mode: 'down' });
    await flow.watch();
    const id = await flow.move([code], destination);
    const parked = await flow.until(id, 'waiting');
    expect(parked.timeline.map((entry) => entry.code)).toEqual(['accepted', 'parked']);
    expect(parked.workflowId).toBeNull();
    flow.odoo.control({ mode: 'ok' });
    await flow.watch();
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
  });
});
