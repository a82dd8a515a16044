import { startOdooSimulator, type OdooSimulator } from '../../simulators/odoo/server';
import { type OdooConnection } from './config';
import { OdooError } from './errors';
import { createOdooStock, type OdooStock } from './stock';

/** The robust move of the operations guide, step by step, against a server of each version. */

let simulator: OdooSimulator;
const stocks: OdooStock[] = [];

beforeEach(async () => {
  simulator = await startOdooSimulator({ port: 0, delays: 'off' });
});
afterEach(async () => {
  stocks.splice(0).forEach((stock) => stock.close());
  await simulator.close();
});

/** Each database of the simulator is a server of its own below its name. */
function connect(database: string, change: Partial<OdooConnection> = {}, writeMs = 10_000): OdooStock {
  const odoo = createOdooStock(
    { url: `${simulator.url}/${database}`, database, login: 'nervio@demo.test', secret: 'nervio-demo-key', ...change },
    { timeouts: { readMs: 10_000, writeMs, probeMs: 10_000 } },
  );
  stocks.push(odoo);
  return odoo;
}

async function failure(promise: Promise<unknown>): Promise<OdooError> {
  const error: unknown = await promise.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OdooError)) throw error;
  return error;
}

async function placeOf(odoo: OdooStock, barcode: string): Promise<number> {
  const found = (await odoo.listLocations()).find((location) => location.barcode === barcode);
  if (!found) throw new Error(`no location ${barcode}`);
  return found.id;
}

/** Creates a transfer of these pallets; not confirmed yet. */
async function create(odoo: OdooStock, name: string, codes: string[], destination: number): Promise<number> {
  const packages = await odoo.findPackages(codes);
  return odoo.createPicking({
    name,
    origin: `operation of ${name}`,
    sourceLocationId: packages[0]!.locationId!,
    destinationLocationId: destination,
    packages: packages.map((found) => ({ packageId: found.id, locationId: destination })),
  });
}

const pickings = () => simulator.state().pickings;
const named = (name: string) => pickings().filter((picking) => picking.name === name);

describe.each([
  ['demo16', 16],
  ['demo17', 17],
  ['demo', 18],
])('%s', (database, major) => {
  const control = (body: Parameters<OdooSimulator['control']>[0]) => simulator.control({ db: database, ...body });

  test('is the version it should be, and alive', async () => {
    const odoo = connect(database);
    expect((await odoo.version()).major).toBe(major);
    expect((await odoo.probe()).serverVersion).toContain(String(major));
  });

  test('locations: chambers, positions, archived and views, with barcodes and parents', async () => {
    const locations = await connect(database).listLocations();
    const by = (barcode: string) => locations.find((location) => location.barcode === barcode);
    expect(by('CAM-01')).toMatchObject({
      name: 'WH/Stock/Cámara 1',
      shortName: 'Cámara 1',
      usage: 'internal',
      active: true,
    });
    expect(by('CAM-01-A-01-1')?.parentId).toBe(by('CAM-01')?.id);
    expect(by('CAM-09')?.active).toBe(false);
    expect(by('PATIO')?.usage).toBe('view');
  });

  test('packages: weight and place; missing, doubled, empty and mixed ones show', async () => {
    const found = await connect(database).findPackages([
      'PACK0001234',
      'PACK0009001',
      'PACK0009003',
      'PACK0009005',
      'NO-SUCH',
    ]);
    const count = (name: string) => found.filter((pack) => pack.name === name).length;
    expect({ one: count('PACK0001234'), twice: count('PACK0009003'), none: count('NO-SUCH') }).toEqual({
      one: 1,
      twice: 2,
      none: 0,
    });
    const [first] = found;
    expect(first).toMatchObject({ name: 'PACK0001234', locationName: 'WH/Stock/Cámara 1' });
    expect(first?.quants).toEqual([
      expect.objectContaining({
        quantity: 456.7,
        reservedQuantity: 0,
        uom: 'kg',
        productCode: 'FRAM-IQF-1',
        locationId: first?.locationId,
      }),
    ]);
    expect(found.find((pack) => pack.name === 'PACK0009001')).toMatchObject({ locationId: null, quants: [] });
    expect(found.find((pack) => pack.name === 'PACK0009005')?.quants).toHaveLength(2);
  });

  test('pages of packages neither skip nor repeat', async () => {
    const odoo = connect(database);
    const seen: number[] = [];
    for (;;) {
      const page = await odoo.listPackages({ afterId: seen.at(-1) ?? 0, limit: 100 });
      if (page.length === 0) break;
      seen.push(...page.map((pack) => pack.id));
    }
    const all = simulator.state().databases[database]!.packages;
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(Object.keys(all).length);
  });

  test('three pallets from several chambers move together', async () => {
    const odoo = connect(database);
    const destination = await placeOf(odoo, 'TUNEL-01');
    const codes = ['PACK0001234', 'PACK0001235', 'PACK0001236'];
    expect(await odoo.findPicking('NV-1')).toBeNull();
    const id = await create(odoo, 'NV-1', codes, destination);
    expect(await odoo.readPicking(id)).toMatchObject({
      name: 'NV-1',
      state: 'draft',
      destinationLocationId: destination,
    });

    await odoo.confirm(id);
    const reserved = await odoo.findPicking('NV-1');
    expect(reserved).toMatchObject({ id, state: 'assigned', origin: 'operation of NV-1' });
    expect(
      reserved?.packageLevels.map((level) => [level.packageName, level.state, level.destinationLocationId]),
    ).toEqual(codes.map((code) => [code, 'assigned', destination]));

    await odoo.markLevelsDone(id);
    await odoo.markLevelsDone(id);
    await odoo.validate(id);
    expect((await odoo.readPicking(id))?.state).toBe('done');
    const after = await odoo.findPackages(codes);
    expect(after.map((pack) => pack.locationId)).toEqual([destination, destination, destination]);
    expect(after.flatMap((pack) => pack.quants).every((quant) => quant.reservedQuantity === 0)).toBe(true);
    expect(await odoo.openPickingsOfPackages(after.map((pack) => pack.id))).toEqual([]);
  });

  test('a name exists once: the second create is refused and the first transfer found', async () => {
    const odoo = connect(database);
    const destination = await placeOf(odoo, 'TUNEL-01');
    const id = await create(odoo, 'NV-2', ['PACK0001237'], destination);
    expect(await failure(create(odoo, 'NV-2', ['PACK0001237'], destination))).toMatchObject({
      class: 'refused',
      applied: 'no',
    });
    expect((await odoo.findPicking('NV-2'))?.id).toBe(id);
    expect(named('NV-2')).toHaveLength(1);
  });

  test('a pallet that somebody holds: named, not taken, cancelled without trace', async () => {
    const odoo = connect(database);
    const destination = await placeOf(odoo, 'TUNEL-01');
    control({ reserve: 'PACK0001238' });
    const [pallet] = await odoo.findPackages(['PACK0001238']);
    expect(pallet?.quants[0]?.reservedQuantity).toBe(pallet?.quants[0]?.quantity);

    const id = await create(odoo, 'NV-3', ['PACK0001238'], destination);
    await odoo.confirm(id);
    await odoo.assign(id);
    expect((await odoo.readPicking(id))?.state).toBe('confirmed');
    const holders = await odoo.openPickingsOfPackages([pallet!.id]);
    const other = pickings().find((one) => one.db === database && one.origin === 'Reservado por otro')!;
    expect(holders).toEqual([
      { packageId: pallet?.id, pickingId: other.id, pickingName: other.name, origin: other.origin },
    ]);
    expect(await failure(odoo.validate(id))).toMatchObject({ class: 'refused', applied: 'no' });

    await odoo.cancel(id);
    expect((await odoo.readPicking(id))?.state).toBe('cancel');
    expect((await odoo.findPackages(['PACK0001238']))[0]?.locationId).toBe(pallet?.locationId);
  });

  test('one of two pallets is held: nothing moves, no backorder', async () => {
    const odoo = connect(database);
    const destination = await placeOf(odoo, 'TUNEL-01');
    control({ reserve: 'PACK0001240' });
    const id = await create(odoo, 'NV-4', ['PACK0001239', 'PACK0001240'], destination);
    await odoo.confirm(id);
    await odoo.assign(id);
    const picking = await odoo.readPicking(id);
    expect(picking?.packageLevels.map((level) => level.state)).toEqual(['assigned', 'confirmed']);
    const before = pickings().length;
    if (major === 16) expect(await failure(odoo.markLevelsDone(id))).toMatchObject({ class: 'refused', applied: 'no' });
    expect(await failure(odoo.validate(id))).toMatchObject({ class: 'refused', applied: 'no' });
    expect(pickings()).toHaveLength(before);
    const places = await odoo.findPackages(['PACK0001239', 'PACK0001240']);
    expect(places.map((pack) => pack.locationId)).not.toContain(destination);
  });

  test('done stays done: cancel is refused, confirming again does nothing', async () => {
    const odoo = connect(database);
    const id = await create(odoo, 'NV-5', ['PACK0001241'], await placeOf(odoo, 'TUNEL-01'));
    await odoo.confirm(id);
    await odoo.markLevelsDone(id);
    await odoo.validate(id);
    expect(await failure(odoo.cancel(id))).toMatchObject({ class: 'refused', faultCode: 2 });
    await odoo.confirm(id);
    expect((await odoo.readPicking(id))?.state).toBe('done');
  });

  test('an empty transfer claims a name and can be cancelled', async () => {
    const odoo = connect(database);
    const place = await placeOf(odoo, 'TUNEL-01');
    const id = await odoo.createPicking({
      name: 'NV-6',
      origin: 'claim',
      sourceLocationId: place,
      destinationLocationId: place,
      packages: [],
    });
    await odoo.cancel(id);
    expect(await odoo.findPicking('NV-6')).toMatchObject({ state: 'cancel', packageLevels: [] });
  });

  test.each(['create', 'confirm', 'validate', 'cancel'])(
    'the answer to %s is lost: it was done once, and can be found',
    async (step) => {
      const odoo = connect(database);
      const destination = await placeOf(odoo, 'TUNEL-01');
      await odoo.version();
      await odoo.internalPickingType();
      const lose = () => control({ mode: 'apply_then_drop', times: 1 });
      const lost = async (call: Promise<unknown>) =>
        expect(await failure(call)).toMatchObject({ class: 'unknown_outcome', applied: 'maybe' });

      if (step === 'create') {
        lose();
        await lost(create(odoo, 'NV-7', ['PACK0001242'], destination));
        expect(await odoo.findPicking('NV-7')).toMatchObject({ state: 'draft' });
        expect(named('NV-7')).toHaveLength(1);
        return;
      }
      const id = await create(odoo, 'NV-7', ['PACK0001242'], destination);
      if (step === 'confirm') lose();
      const confirmed = odoo.confirm(id);
      if (step === 'confirm') await lost(confirmed);
      else await confirmed;
      expect((await odoo.readPicking(id))?.state).toBe('assigned');
      if (step === 'cancel') {
        lose();
        await lost(odoo.cancel(id));
        expect((await odoo.readPicking(id))?.state).toBe('cancel');
      }
      if (step === 'validate') {
        await odoo.markLevelsDone(id);
        lose();
        await lost(odoo.validate(id));
        expect((await odoo.readPicking(id))?.state).toBe('done');
      }
    },
  );

  test('a conflict that Odoo gave up on is busy, and nothing was done', async () => {
    const odoo = connect(database);
    const id = await create(odoo, 'NV-8', ['PACK0001243'], await placeOf(odoo, 'TUNEL-01'));
    control({ serialization: 1 });
    expect(await failure(odoo.confirm(id))).toMatchObject({ class: 'busy', applied: 'no' });
    expect((await odoo.readPicking(id))?.state).toBe('draft');
    await odoo.confirm(id);
    expect((await odoo.readPicking(id))?.state).toBe('assigned');
  });

  test('a ghost reservation: nobody holds it; 18 repairs it', async () => {
    const odoo = connect(database);
    control({ ghost: 'PACK0001244' });
    const reserved = async () => (await odoo.findPackages(['PACK0001244']))[0]!.quants[0]!.reservedQuantity;
    const [pallet] = await odoo.findPackages(['PACK0001244']);
    expect(await reserved()).toBeGreaterThan(0);
    expect(await odoo.openPickingsOfPackages([pallet!.id])).toEqual([]);
    expect(await odoo.repairReservations()).toBe(major === 18);
    expect((await reserved()) === 0).toBe(major === 18);
  });

  test('the key is changed while we are logged in, then put right', async () => {
    const odoo = connect(database);
    await odoo.probe();
    control({ expireKey: 'nervio-demo-key', password: { login: 'nervio@demo.test', password: 'another' } });
    expect(await failure(odoo.probe())).toMatchObject({ class: 'bad_credentials' });
    control({ restoreKey: 'nervio-demo-key' });
    await expect(odoo.probe()).resolves.toBeDefined();
  });

  test('wrong key, unknown database, a user without the right', async () => {
    expect(await failure(connect(database, { secret: 'wrong' }).probe())).toMatchObject({
      class: 'bad_credentials',
      applied: 'no',
    });
    expect(await failure(connect(database, { database: 'no_existe' }).probe())).toMatchObject({
      class: 'unknown_database',
      applied: 'no',
    });
    const reader = connect(database, { login: 'lector@demo.test', secret: 'lector' });
    expect(await reader.findPackages(['PACK0001234'])).toHaveLength(1);
    expect(await failure(reader.findPicking('NV-9'))).toMatchObject({ class: 'forbidden', applied: 'no' });
  });
});

describe('the server misbehaves', () => {
  test('down: nothing was applied, and it is back by itself', async () => {
    const odoo = connect('demo');
    await odoo.probe();
    simulator.control({ mode: 'down' });
    expect((await failure(odoo.probe())).class).toMatch(/^(unreachable|unknown_outcome)$/);
    simulator.control({ mode: 'ok' });
    await expect(odoo.probe()).resolves.toBeDefined();
  });

  test('too slow: the outcome of the write is unknown', async () => {
    const odoo = connect('demo', {}, 1_500);
    await odoo.probe();
    simulator.control({ mode: 'slow', ms: 10_000, times: 1 });
    expect(await failure(odoo.cancel(1))).toMatchObject({ class: 'unknown_outcome', applied: 'maybe' });
  });

  test('throttled: it says how long', async () => {
    const odoo = connect('demo');
    await odoo.probe();
    simulator.control({ mode: 'throttle' });
    const error = await failure(odoo.findPicking('NV-1'));
    expect(error).toMatchObject({ class: 'throttled', applied: 'no' });
    expect(error.retryAfterMs).toBeGreaterThan(0);
  });

  test('an error page of the proxy', async () => {
    const odoo = connect('demo');
    await odoo.probe();
    simulator.control({ mode: 'error' });
    expect(await failure(odoo.cancel(1))).toMatchObject({
      class: 'unknown_outcome',
      applied: 'maybe',
      httpStatus: 502,
    });
  });
});
