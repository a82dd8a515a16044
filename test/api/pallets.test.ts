import { randomUUID } from 'node:crypto';
import { buildPickingApp, type PickingApp } from '../support/picking';

/** Runs after Odoo has answered a scan and before the answer is written down. */
let afterRead: () => Promise<unknown>;
let reads: number;
let t: PickingApp;
let cam: Record<'one' | 'two' | 'three', string>;

beforeAll(async () => {
  t = await buildPickingApp((deps) => ({
    ...deps,
    pallets: {
      find: async (...args) => {
        reads++;
        const found = await deps.pallets.find(...args);
        await afterRead();
        return found;
      },
    },
  }));
  cam = { one: await t.place('CAM-01'), two: await t.place('CAM-02'), three: await t.place('CAM-03') };
});
afterAll(() => t.close());
beforeEach(() => {
  reads = 0;
  afterRead = () => Promise.resolve();
  t.odoo.control({ mode: 'ok' });
});

let last = 1233;
/** A pallet in CAM-01 that was never scanned. */
async function unseen(): Promise<string> {
  const code = `PACK${String(++last).padStart(7, '0')}`;
  t.odoo.control({ move: { package: code, to: 'CAM-01' } });
  await t.database.query('DELETE FROM pallet WHERE code = $1', [code]);
  return code;
}
/** One that was scanned a moment ago. */
async function seen(): Promise<string> {
  const code = await unseen();
  await t.scan(code);
  reads = 0;
  return code;
}
/** One that was scanned an hour ago. */
async function seenLongAgo(): Promise<string> {
  const code = await seen();
  await t.forget(code);
  return code;
}

const post = (pallets: unknown[], destination = 'CAM-02') =>
  t.call({
    method: 'POST',
    url: '/api/v1/pallet-moves',
    headers: t.worker,
    payload: { destination, pallets, scannedAt: new Date().toISOString() },
  });

/** Carries a move through to its end in Odoo and here. */
async function complete(operationId: string): Promise<void> {
  const run = await t.take(operationId);
  await t.within(() => t.moves.transferPallets(run));
  const [row] = await t.database.query('SELECT state FROM operation WHERE id = $1', [operationId]);
  expect(row).toEqual({ state: 'synced' });
}

describe('the place where a pallet was scanned', () => {
  it('has to be one of ours', async () => {
    const unknown = randomUUID();
    const codes = [await unseen(), await unseen()];
    const answer = await post([
      { code: codes[0], from: cam.one },
      { code: codes[1], from: unknown },
    ]);
    expect(answer.json()).toMatchObject({ status: 422, code: 'unknown_location', from: [unknown] });
  });

  it('has to be of the business’s own Odoo', async () => {
    const [connection] = await t.database.query<{ id: string }>(
      `INSERT INTO connection (tenant_id, id, kind, name, settings, secret)
       VALUES ($1, $2, 'odoo', 'Odoo', '{}', '\\x00'), ($3, $4, 'odoo', 'Old', '{}', '\\x00') RETURNING id`,
      [t.otra.tenantId, randomUUID(), t.demo.tenantId, randomUUID()],
    );
    const places = [randomUUID(), randomUUID()];
    await t.database.query(
      `INSERT INTO location (tenant_id, id, connection_id, external_id, name, short_name, usage)
       SELECT tenant_id, CASE WHEN id = $1 THEN $2::uuid ELSE $3::uuid END, id, 1, 'X', 'X', 'internal'
       FROM connection WHERE id = $1 OR name = 'Old'`,
      [connection!.id, ...places],
    );
    for (const from of places) {
      expect((await post([{ code: await unseen(), from }])).json()).toMatchObject({ code: 'unknown_location' });
    }
  });

  it('may be archived: a pallet stands there all the same', async () => {
    const [archived] = await t.database.query<{ id: string; active: boolean }>(
      `SELECT id, active FROM location WHERE connection_id = $1 AND barcode = 'CAM-09'`,
      [t.connectionId],
    );
    expect(archived?.active).toBe(false);
    expect((await post([{ code: await unseen(), from: archived!.id }])).statusCode).toBe(202);
  });

  it('is the same however its id is written', async () => {
    const answer = await post([{ code: await unseen(), from: cam.two.toUpperCase() }], 'CAM-02');
    expect(answer.json()).toMatchObject({ status: 422, code: 'same_location' });
  });
});

describe('a scan that Odoo answers late', () => {
  it.each([
    ['known before', true],
    ['never seen before', false],
  ])('does not bring back the place of a pallet (%s) whose move has ended meanwhile', async (_, known) => {
    const code = known ? await seenLongAgo() : await unseen();
    const operation = await t.send([code], 'CAM-02');
    afterRead = async () => {
      afterRead = () => Promise.resolve();
      await complete(operation);
    };
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-02' }, stale: false });
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-02' }, pendingOperationId: null });
  });

  it('does not bring back where a pallet was while its move was being undone', async () => {
    const code = await unseen();
    const run = await t.take(await t.send([code], 'CAM-02'));
    afterRead = async () => {
      afterRead = () => Promise.resolve();
      await t.cancel(run.operationId);
      await t.moves.beginUndo(run);
      t.odoo.control({ move: { package: code, to: 'CAM-01' } });
      await t.moves.endUndo(run, 'undone');
    };
    t.odoo.control({ move: { package: code, to: 'CAM-02' } });
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-01' }, stale: false });
  });

  it('does not overwrite what a later question found', async () => {
    const code = await seenLongAgo();
    afterRead = async () => {
      afterRead = () => Promise.resolve();
      t.odoo.control({ move: { package: code, to: 'CAM-03' } });
      expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-03' } });
    };
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-03' }, stale: false });
    expect(reads).toBe(2);
  });

  it('says so when it was overtaken again and again', async () => {
    const code = await unseen();
    const operations = [await t.send([code], 'CAM-02'), await t.send([code], 'CAM-03')];
    afterRead = async () => {
      const next = operations.shift();
      if (next) await complete(next);
    };
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-03' }, stale: true });
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-03' }, stale: false });
  });
});

describe('a pallet of a move that is being undone', () => {
  /** A move from CAM-01 to CAM-02 whose transfer is done in Odoo, and that has not settled. */
  async function arrived() {
    const code = await seen();
    const operationId = await t.send([code], 'CAM-02');
    const run = await t.take(operationId);
    await t.database.query(`UPDATE pallet_move_line SET moved_from_id = $2, found_id = $2 WHERE operation_id = $1`, [
      operationId,
      cam.one,
    ]);
    await t.database.query(`UPDATE operation SET outside = 'present' WHERE id = $1`, [operationId]);
    t.odoo.control({ move: { package: code, to: 'CAM-02' } });
    await t.forget(code);
    return { code, operationId, run };
  }

  it('will be where it came from, as soon as the cancel was asked for', async () => {
    const { code, operationId, run } = await arrived();
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-02' }, pendingOperationId: operationId });
    await t.cancel(operationId);
    const back = { location: { barcode: 'CAM-01' }, pendingOperationId: operationId, problem: null };
    expect(await t.scan(code)).toMatchObject(back);
    await t.moves.beginUndo(run);
    expect(await t.scan(code)).toMatchObject(back);
  });

  it('is where Odoo says, when nothing of the move is there', async () => {
    const code = await unseen();
    const operationId = await t.send([code], 'CAM-02');
    await t.take(operationId);
    await t.cancel(operationId);
    t.odoo.control({ move: { package: code, to: 'CAM-03' } });
    await t.forget(code);
    expect(await t.scan(code)).toMatchObject({
      location: { barcode: 'CAM-03' },
      pendingOperationId: operationId,
    });
  });

  it('has no certain place while a person has to decide what becomes of the rest of its move', async () => {
    const { code, operationId, run } = await arrived();
    await t.moves.restMove(run, { code: 'odoo_failed' });
    expect(await t.scan(code)).toMatchObject({ location: null, pendingOperationId: operationId, problem: null });
    // Nobody knows that it is there, so it is not refused.
    expect((await post([code], 'CAM-02')).statusCode).toBe(202);
  });

  it('will be where a later move puts it', async () => {
    const { code, operationId } = await arrived();
    await t.cancel(operationId);
    const later = await t.send([{ code, from: cam.one }], 'CAM-03');
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-03' }, pendingOperationId: later });
  });

  it('may be sent on from there, and may not be sent to where it comes back', async () => {
    const { code, operationId } = await arrived();
    await t.cancel(operationId);
    expect((await post([code], 'CAM-01')).json()).toMatchObject({ code: 'same_location' });
    expect((await post([code], 'CAM-02')).statusCode).toBe(202);
  });
});

describe('a scan', () => {
  it('asks Odoo once within a minute', async () => {
    const code = await unseen();
    const first = await t.scan(code);
    expect(first).toMatchObject({ location: { barcode: 'CAM-01' }, stale: false, pendingOperationId: null });
    t.odoo.control({ mode: 'down' });
    expect(await t.scan(code)).toEqual(first);
    expect(reads).toBe(1);
  });

  it('asks again after that', async () => {
    const code = await seen();
    t.odoo.control({ move: { package: code, to: 'CAM-03' } });
    await t.forget(code);
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-03' }, stale: false });
  });

  it.each<[string, number, () => Promise<void> | void]>([
    ['while Odoo does not answer', 1, () => t.odoo.control({ mode: 'down' })],
    ['without asking, while the circuit is open', 0, () => t.setCircuit('down')],
    ['without asking, while a person has to mend the connection', 0, () => t.setCircuit('credentials')],
  ])('says what was known, and of when, %s', async (_, asked, trouble) => {
    const code = await seenLongAgo();
    t.odoo.control({ move: { package: code, to: 'CAM-03' } });
    await trouble();
    const answer = await t.scan(code);
    await t.setCircuit('up');
    expect(answer).toMatchObject({ status: 200, location: { barcode: 'CAM-01' }, stale: true });
    expect(Date.now() - Date.parse(answer.asOf!)).toBeGreaterThan(3_590_000);
    expect(reads).toBe(asked);
  });

  it('does not wait for an Odoo that hangs', async () => {
    const code = await seenLongAgo();
    t.odoo.control({ mode: 'hold' });
    expect(await t.scan(code)).toMatchObject({ status: 200, stale: true });
    // It has the question, and its answer is still to come.
    expect(t.odoo.state().held).toHaveLength(1);
  });

  it('is 503 while nothing is known and Odoo does not answer', async () => {
    const code = await unseen();
    t.odoo.control({ mode: 'down' });
    expect(await t.scan(code)).toMatchObject({ status: 503, code: 'unavailable' });
  });

  it('of a code that Odoo does not know is refused', async () => {
    expect(await t.scan('PACK-NONE')).toMatchObject({ status: 422, code: 'unknown_pallet' });
    expect(await t.scan('PACK-NONE')).toMatchObject({ status: 422, code: 'unknown_pallet' });
    expect(reads).toBe(1);
  });

  it('says what keeps the pallet from being moved', async () => {
    expect(await t.scan('PACK0009001')).toMatchObject({ status: 200, problem: 'empty_pallet' });
  });

  it('of a pallet in a place that is not in the catalogue has the catalogue read anew', async () => {
    const code = await unseen();
    const place = await t.place('TUNEL-01');
    await t.database.query('DELETE FROM location WHERE id = $1', [place]);
    t.odoo.control({ move: { package: code, to: 'TUNEL-01' } });
    expect(await t.scan(code)).toMatchObject({ status: 200, location: null });
    const rows = await t.database.query(`SELECT 1 FROM outbox WHERE workflow_type = 'syncCatalogue'`);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('shows where the last of its open moves will put it, and what Odoo says once that has ended', async () => {
    const code = await seen();
    const first = await t.send([{ code, from: cam.one }], 'CAM-02');
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-02' }, pendingOperationId: first });
    const second = await t.send([{ code, from: cam.two }], 'CAM-03');
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-03' }, pendingOperationId: second });
    await complete(first);
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-03' }, pendingOperationId: second });
    await complete(second);
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-03' }, pendingOperationId: null });
  });

  it('shows the old place again once its move was cancelled', async () => {
    const code = await seen();
    const operation = await t.send([code], 'CAM-02');
    await t.cancel(operation);
    expect(await t.scan(code)).toMatchObject({ location: { barcode: 'CAM-01' }, pendingOperationId: null });
  });
});

describe('whose answer it is', () => {
  it('is said with every answer to a session, for devices that keep copies', async () => {
    const get = (code: string) => t.call({ method: 'GET', url: `/api/v1/pallets/${code}`, headers: t.worker });
    for (const answer of [await get(await seen()), await get('NADA-1')])
      expect(answer.headers['nervio-tenant']).toBe(t.demo.tenantId);
  });
});
