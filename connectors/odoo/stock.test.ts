import { createOdooStock, type OdooStock } from './stock';
import { recordedCall, recordedFault, recordedValue, recordedVersions, type RecordedVersion } from './testing/recorded';
import { answer, fault, loggedIn, StubServer } from './testing/stub-server';

type Answers = Record<string, unknown>;

const open: { stop(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.stop();
});

class Refusal {
  constructor(
    readonly code: number,
    readonly text: string,
  ) {}
}

/** A server that answers `model.method` from a table and knows its version from the recordings. */
async function connect(
  version: RecordedVersion,
  answers: Answers,
): Promise<{ odoo: OdooStock; calls: () => unknown[][] }> {
  const known: Answers = {
    'stock.move.line.fields_get': await recordedValue(version, 'fields-get-filtered'),
    'stock.picking.type.search_read': await internalTypes(version),
    ...answers,
  };
  const serverVersion = await recordedValue(version, 'common-version');
  const server = await StubServer.start(
    loggedIn((call) => {
      if (call.method === 'version') return answer(call, serverVersion);
      const key = `${String(call.params[3])}.${String(call.params[4])}`;
      if (!(key in known)) return fault(call, 1, `KeyError: '${key}'`);
      const value = known[key];
      return value instanceof Refusal ? fault(call, value.code, value.text) : answer(call, value);
    }),
  );
  const odoo = createOdooStock({ url: server.url, database: 'demo', login: 'bodega', secret: 'x' });
  open.push(server, { stop: () => odoo.close() });
  /** `[model, method, args]` of each model call. */
  return { odoo, calls: () => server.calls.filter((c) => c.method === 'execute_kw').map((c) => c.params.slice(3, 6)) };
}

async function internalTypes(version: RecordedVersion): Promise<unknown> {
  const rows = (await recordedValue(version, 'picking-type-internal')) as object[];
  return rows.map((row) => ({ ...row, company_id: [1, 'Frigorífico Ñuble SpA'] }));
}

const reserved = (id: number, more: object = {}) => ({
  id,
  state: 'assigned',
  is_done: false,
  package_id: [id, `PACK${id}`],
  location_dest_id: [19, 'WH/Stock/Cámara 3'],
  ...more,
});

describe.each(recordedVersions)('Odoo %d', (version) => {
  test('is told apart', async () => {
    const { odoo } = await connect(version, {});
    const found = await odoo.version();
    expect(found.major).toBe(version);
    expect(found.serverVersion).toMatch(new RegExp(`^${version}\\.0`));
  });

  test('createPicking sends what was recorded, with the name and the internal operation type', async () => {
    const { odoo, calls } = await connect(version, { 'stock.picking.create': 42 });
    const [model, method, args] = await recordedCall(version, 'move2-01-create-two-pallets');
    const id = await odoo.createPicking({
      name: 'NV-7',
      origin: 'OP-2025-000002',
      sourceLocationId: 8,
      destinationLocationId: 22,
      packages: [5, 6].map((packageId) => ({ packageId, locationId: 22 })),
    });
    expect(id).toBe(42);
    expect(calls().at(-1)).toEqual([model, method, [{ ...(args as object[])[0], name: 'NV-7' }]]);
  });

  test.each([
    ['move1-04-action-confirm', 'confirm', 'action_confirm'],
    ['move1-06-action-assign', 'assign', 'action_assign'],
    ['cancel-01-action-cancel', 'cancel', 'action_cancel'],
    ['move1-10-button-validate', 'validate', 'button_validate'],
  ] as const)('%s is sent as recorded', async (recording, command, method) => {
    const recorded = await recordedCall(version, recording);
    const id = (recorded[2] as number[][])[0]![0]!;
    const { odoo, calls } = await connect(version, {
      [`stock.picking.${method}`]: true,
      'stock.package_level.search_read': [reserved(1)],
    });
    await odoo[command](id);
    expect(calls().at(-1)).toEqual(recorded);
  });

  test('a command whose None was lost has been carried out', async () => {
    const lost = await recordedFault(version, 'seed-quant-apply');
    const { odoo } = await connect(version, {
      'stock.picking.action_cancel': new Refusal(Number(lost.code), lost.text),
    });
    await expect(odoo.cancel(1)).resolves.toBeUndefined();
  });

  test('a transfer that is not wholly reserved is not validated', async () => {
    const stale = (await recordedValue(version, 'stale-08-level')) as object[];
    const { odoo, calls } = await connect(version, {
      'stock.picking.button_validate': true,
      'stock.package_level.search_read': [reserved(1), { package_id: [2, 'PACK2'], ...stale[0] }],
    });
    await expect(odoo.validate(7)).rejects.toMatchObject({ class: 'refused', applied: 'no' });
    expect(calls().filter(([, method]) => method === 'button_validate')).toEqual([]);
  });

  test('a transfer without packages is not validated', async () => {
    const { odoo } = await connect(version, {
      'stock.picking.button_validate': true,
      'stock.package_level.search_read': [],
    });
    await expect(odoo.validate(7)).rejects.toMatchObject({ class: 'refused', applied: 'no' });
  });

  test('the question whether to make a backorder is not answered', async () => {
    const wizard = await recordedValue(version, 'move4-02-validate-partial');
    const { odoo, calls } = await connect(version, {
      'stock.picking.button_validate': wizard,
      'stock.package_level.search_read': [reserved(1)],
    });
    await expect(odoo.validate(7)).rejects.toMatchObject({ class: 'refused', applied: 'no' });
    expect(calls().at(-1)?.[1]).toBe('button_validate');
  });

  test('an answer about printing comes after it is done', async () => {
    const { odoo } = await connect(version, {
      'stock.picking.button_validate': { type: 'ir.actions.client', tag: 'do_multi_print', params: {} },
      'stock.package_level.search_read': [reserved(1)],
    });
    await expect(odoo.validate(7)).resolves.toBeUndefined();
  });

  test('packages come with what lies on them', async () => {
    const products = (await recordedValue(version, 'product-search-read')) as object[];
    const { odoo, calls } = await connect(version, {
      'stock.quant.package.search_read': await recordedValue(version, 'package-by-names'),
      'stock.quant.search_read': [
        ...((await recordedValue(version, 'quant-by-package-names')) as object[]),
        // What a conflict leaves behind (ghost-01).
        {
          id: 99,
          product_id: [1, 'x'],
          quantity: 0,
          reserved_quantity: 0,
          location_id: [19, 'y'],
          package_id: [3, 'z'],
          lot_id: false,
          product_uom_id: [12, 'kg'],
        },
      ],
      'product.product.read': products,
    });
    const found = await odoo.findPackages(['PACK0001236', 'PACK0001234', 'PACK0001236']);
    expect(found.map(({ quants: _, ...pack }) => pack)).toEqual([
      { id: 1, name: 'PACK0001234', locationId: 17, locationName: 'WH/Stock/Cámara 1' },
      { id: 3, name: 'PACK0001236', locationId: 19, locationName: 'WH/Stock/Cámara 3' },
    ]);
    expect(
      found[1]?.quants.map((quant) => [
        quant.productCode,
        quant.productName,
        quant.lot,
        quant.quantity,
        quant.uom,
        quant.locationId,
      ]),
    ).toEqual([
      ['MORA-IQF-3', 'Mora IQF', null, 209.87, 'kg', 19],
      ['FRAM-IQF-1', 'Frambuesa IQF 10 kg', 'L2025-019', 190.7, 'kg', 19],
    ]);
    expect(calls()).toHaveLength(3);
    expect(calls()[0]?.[2]).toEqual([[['name', 'in', ['PACK0001236', 'PACK0001234']]]]);
  });

  test('a picking comes with its packages', async () => {
    const { odoo } = await connect(version, {
      'stock.picking.search_read': [
        {
          id: 2,
          name: 'NV-7',
          state: 'assigned',
          origin: false,
          location_id: [17, 'a'],
          location_dest_id: [19, 'b'],
          write_date: '2026-11-22 02:12:29',
        },
      ],
      'stock.package_level.search_read': await recordedValue(version, 'move1-08-package-level'),
    });
    expect(await odoo.findPicking('NV-7')).toEqual({
      id: 2,
      name: 'NV-7',
      origin: null,
      state: 'assigned',
      sourceLocationId: 17,
      destinationLocationId: 19,
      packageLevels: [
        { id: 1, packageId: 1, packageName: 'PACK0001234', destinationLocationId: 19, state: 'assigned' },
      ],
      writeDate: '2026-11-22 02:12:29',
    });
  });
});

describe('marking levels as done', () => {
  test('16: as recorded, only those that are not yet', async () => {
    const { odoo, calls } = await connect(16, {
      'stock.package_level.search_read': [reserved(1), reserved(2, { is_done: true })],
      'stock.package_level.write': true,
    });
    await odoo.markLevelsDone(2);
    expect(calls().at(-1)).toEqual(await recordedCall(16, 'move1-09-package-level-is-done'));
  });

  test('16: never when one of them is not reserved', async () => {
    const stale = (await recordedValue(16, 'stale-08-level')) as object[];
    const { odoo, calls } = await connect(16, {
      'stock.package_level.search_read': [reserved(1), { package_id: [2, 'PACK2'], ...stale[0] }],
      'stock.package_level.write': true,
    });
    await expect(odoo.markLevelsDone(2)).rejects.toMatchObject({ class: 'refused', applied: 'no' });
    expect(calls().filter(([, method]) => method === 'write')).toEqual([]);
  });

  test('16: the question for an immediate transfer means that nothing was done', async () => {
    const { odoo } = await connect(16, {
      'stock.picking.button_validate': await recordedValue(16, 'move3-01-validate-without-qty-done'),
      'stock.package_level.search_read': [reserved(1)],
    });
    await expect(odoo.validate(4)).rejects.toMatchObject({ class: 'refused', applied: 'no' });
  });

  test.each([17, 18] as const)('%d: nothing is sent', async (version) => {
    const { odoo, calls } = await connect(version, {});
    await odoo.markLevelsDone(2);
    expect(calls().map(([, method]) => method)).toEqual(['fields_get']);
  });
});

describe('repairing reservations', () => {
  test('18: as recorded', async () => {
    const { odoo, calls } = await connect(18, { 'stock.quant.action_view_quants': {} });
    expect(await odoo.repairReservations()).toBe(true);
    expect(calls().at(-1)).toEqual(await recordedCall(18, 'ghost-04-repair-action_view_quants'));
  });

  test.each([16, 17] as const)('%d: there is no way', async (version) => {
    const { odoo } = await connect(version, {});
    expect(await odoo.repairReservations()).toBe(false);
  });
});

describe('which Odoo', () => {
  const serverOf = async (serverVersion: string, info: unknown[], fields: object) => {
    const server = await StubServer.start(
      loggedIn((call) => {
        if (call.method === 'version')
          return answer(call, { server_version: serverVersion, server_version_info: info });
        return answer(call, call.params[4] === 'search_count' ? 1 : fields);
      }),
    );
    const odoo = createOdooStock({ url: server.url, database: 'demo', login: 'bodega', secret: 'x' });
    open.push(server, { stop: () => odoo.close() });
    return { odoo, server };
  };
  const since17 = { quantity: { type: 'float' }, picked: { type: 'boolean' } };

  test.each([
    ['19.0', [19, 0, 0, 'final', 0, '']],
    ['15.0', [15, 0, 0, 'final', 0, '']],
    ['master', ['master', 0]],
  ])('%s is not supported', async (serverVersion, info) => {
    const { odoo } = await serverOf(serverVersion, info, since17);
    const refused = odoo.version();
    await expect(refused).rejects.toThrow(serverVersion);
    await expect(refused).rejects.toMatchObject({ class: 'incompatible', applied: 'no' });
  });

  test('a version of Odoo Online between 17 and 18', async () => {
    const { odoo } = await serverOf('saas~17.4+e', ['saas~17', 4, 0, 'final', 0, ''], since17);
    expect((await odoo.version()).major).toBe(17);
  });

  test('a server whose fields are not those of its version', async () => {
    const { odoo } = await serverOf('17.0', [17, 0, 0, 'final', 0, ''], { qty_done: { type: 'float' } });
    await expect(odoo.version()).rejects.toMatchObject({ class: 'incompatible' });
  });

  test('is asked once, however many need it', async () => {
    const { odoo, server } = await serverOf('17.0', [17, 0, 0, 'final', 0, ''], since17);
    await Promise.all([odoo.markLevelsDone(1), odoo.markLevelsDone(2), odoo.version()]);
    expect(server.calls.filter((call) => call.method === 'version')).toHaveLength(1);
  });

  test('a probe that finds another version forgets what it knew', async () => {
    let version = { server_version: '16.0', server_version_info: [16, 0] };
    const server = await StubServer.start(
      loggedIn((call) =>
        answer(call, call.method === 'version' ? version : { ...since17, qty_done: { type: 'float' } }),
      ),
    );
    const odoo = createOdooStock({ url: server.url, database: 'demo', login: 'bodega', secret: 'x' });
    open.push(server, { stop: () => odoo.close() });
    await odoo.probe();
    expect((await odoo.version()).major).toBe(16);
    version = { server_version: '17.0', server_version_info: [17, 0] };
    await odoo.probe();
    expect((await odoo.version()).major).toBe(17);
  });
});

test('a probe logs in once and then costs two calls', async () => {
  const { odoo, calls } = await connect(18, { 'res.users.search_count': 1 });
  await odoo.probe();
  const probe = await odoo.probe();
  expect(probe.serverVersion).toMatch(/^18\.0/);
  expect(probe.latencyMs).toBeGreaterThanOrEqual(0);
  expect(calls()).toEqual([
    ['res.users', 'search_count', [[['id', '=', 2]]]],
    ['res.users', 'search_count', [[['id', '=', 2]]]],
  ]);
});

test('locations are paged by id until a page is not full', async () => {
  const location = (id: number) => ({
    id,
    name: `A-${id}`,
    complete_name: `WH/Stock/A-${id}`,
    barcode: id === 1 ? false : `B${id}`,
    usage: 'internal',
    active: id !== 2,
    location_id: id === 1 ? false : [1, 'WH/Stock'],
  });
  const server = await StubServer.start(
    loggedIn((call) => {
      const [[[[, , afterId]]], { limit, context }] = call.params.slice(5) as [
        [[[string, string, number]]],
        { limit: number; context: object },
      ];
      expect(context).toMatchObject({ active_test: false });
      const ids = Array.from({ length: 1003 }, (_, index) => index + 1).filter((id) => id > afterId);
      answer(call, ids.slice(0, limit).map(location));
    }),
  );
  const odoo = createOdooStock({ url: server.url, database: 'demo', login: 'bodega', secret: 'x' });
  open.push(server, { stop: () => odoo.close() });
  const all = await odoo.listLocations();
  expect(all).toHaveLength(1003);
  expect(new Set(all.map((row) => row.id)).size).toBe(1003);
  expect(all[0]).toEqual({
    id: 1,
    name: 'WH/Stock/A-1',
    shortName: 'A-1',
    barcode: null,
    usage: 'internal',
    active: true,
    parentId: null,
  });
  expect(all[1]).toMatchObject({ barcode: 'B2', active: false, parentId: 1 });
});

test('who holds a package: each open transfer once', async () => {
  const { odoo } = await connect(17, {
    'stock.move.line.search_read': [
      { id: 1, package_id: [5, 'PACK5'], picking_id: [40, 'WH/INT/1'] },
      { id: 2, package_id: [5, 'PACK5'], picking_id: [40, 'WH/INT/1'] },
      { id: 3, package_id: [6, 'PACK6'], picking_id: false },
    ],
    'stock.picking.read': [{ id: 40, name: 'WH/INT/1', origin: false }],
  });
  expect(await odoo.openPickingsOfPackages([5, 6])).toEqual([
    { packageId: 5, pickingId: 40, pickingName: 'WH/INT/1', origin: null },
  ]);
});

test('with picking and packing as steps, the type that stays within the stock is taken', async () => {
  const type = (id: number, from: number, to: number) => ({
    id,
    warehouse_id: [1, 'WH'],
    company_id: [1, 'Ñuble'],
    default_location_src_id: [from, 'a'],
    default_location_dest_id: [to, 'b'],
  });
  const { odoo } = await connect(18, {
    'stock.picking.type.search_read': [type(3, 8, 12), type(4, 12, 11), type(7, 8, 8)],
  });
  expect(await odoo.internalPickingType()).toEqual({ id: 7, warehouseId: 1, defaultSourceLocationId: 8, companyId: 1 });
});

test('an answer of another shape is incompatible, not an undefined further on', async () => {
  const { odoo } = await connect(18, {
    'stock.picking.search_read': [{ id: 1, name: false }],
    'stock.package_level.search_read': [],
  });
  await expect(odoo.findPicking('x')).rejects.toMatchObject({ class: 'incompatible' });
});
