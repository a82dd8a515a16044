import { classifyFault } from '../../connectors/odoo/classify';
import { type OdooConnection } from '../../connectors/odoo/config';
import { OdooError } from '../../connectors/odoo/errors';
import { OdooRpcTransport } from '../../connectors/odoo/rpc-transport';
import { recordedFault, type RecordedVersion } from '../../connectors/odoo/testing/recorded';
import { type OdooCallKind } from '../../connectors/odoo/transport';
import { startOdooSimulator, type OdooSimulator } from '../../simulators/odoo/server';

/**
 * The simulator is believed by every other test. Here each fault that real servers gave is provoked on it, on both roads,
 * and must come out of the connector as the recorded one does: same class, same fault code, same "was it applied".
 */

let simulator: OdooSimulator;
const transports: OdooRpcTransport[] = [];

beforeAll(async () => {
  simulator = await startOdooSimulator({ port: 0, delays: 'off' });
});
afterAll(async () => {
  transports.forEach((transport) => transport.close());
  await simulator.close();
});

function connect(database: string, change: Partial<OdooConnection> = {}): OdooRpcTransport {
  const transport = new OdooRpcTransport({
    url: `${simulator.url}/${database}`,
    database,
    login: 'nervio@demo.test',
    secret: 'nervio-demo-key',
    ...change,
  });
  transports.push(transport);
  return transport;
}

type Provoke = (call: Call, ask: OdooRpcTransport) => Promise<unknown>;
type Call = (model: string, method: string, args: unknown[], kwargs?: Record<string, unknown>) => Promise<unknown>;

const missing = 999_999;

/** A transfer of one pallet in the state that the fault needs. */
async function transfer(ask: OdooRpcTransport, pallet: string, name?: string): Promise<number> {
  const [type] = (await ask.call('read', 'stock.picking.type', 'search_read', [[['code', '=', 'internal']]], {
    fields: ['company_id'],
  })) as { id: number }[];
  const [pack] = (await ask.call('read', 'stock.quant.package', 'search_read', [[['name', '=', pallet]]], {
    fields: ['location_id'],
  })) as { id: number; location_id: [number, string] }[];
  const [target] = (await ask.call('read', 'stock.location', 'search_read', [[['barcode', '=', 'TUNEL-01']]], {
    fields: ['name'],
  })) as { id: number }[];
  const values = {
    ...(name !== undefined && { name }),
    picking_type_id: type!.id,
    location_id: pack!.location_id[0],
    location_dest_id: target!.id,
    package_level_ids: [[0, 0, { package_id: pack!.id, location_dest_id: target!.id, company_id: 1 }]],
  };
  return (await ask.call('write', 'stock.picking', 'create', [values])) as number;
}

const picking = (ask: OdooRpcTransport, method: string, id: number) =>
  ask.call('write', 'stock.picking', method, [[id]]);

async function doneTransfer(ask: OdooRpcTransport, pallet: string): Promise<number> {
  const id = await transfer(ask, pallet);
  await picking(ask, 'action_confirm', id);
  const levels = (await ask.call('read', 'stock.package_level', 'search_read', [[['picking_id', '=', id]]], {
    fields: ['state'],
  })) as { id: number }[];
  await ask.call('write', 'stock.package_level', 'write', [levels.map((level) => level.id), { is_done: true }]);
  await picking(ask, 'button_validate', id);
  return id;
}

const provocations: [recording: string, provoke: Provoke][] = [
  ['fault-method-missing', (call) => call('stock.picking', 'no_existe', [[1]])],
  ['fault-method-private', (call) => call('stock.picking', '_action_done', [[1]])],
  ['fault-model-unknown', (call) => call('no.existe', 'search', [[]])],
  ['fault-field-unknown-read', (call) => call('stock.location', 'search_read', [[]], { fields: ['no_existe'] })],
  ['fault-field-unknown-domain', (call) => call('stock.location', 'search', [[['no_existe', '=', 1]]])],
  ['fault-kw-unknown', (call) => call('stock.location', 'search', [[]], { limite: 1 })],
  ['fault-args-missing', (call) => call('stock.location', 'search', [])],
  ['fault-missing-validate', (call) => call('stock.picking', 'button_validate', [[missing]])],
  [
    'stale-04-validate-unreserved',
    async (call, ask) => {
      const first = await transfer(ask, 'PACK0001234');
      await picking(ask, 'action_confirm', first);
      const second = await transfer(ask, 'PACK0001234');
      await picking(ask, 'action_confirm', second);
      try {
        await call('stock.picking', 'button_validate', [[second]]);
      } finally {
        await picking(ask, 'action_cancel', second);
        await picking(ask, 'action_cancel', first);
      }
    },
  ],
  [
    'move1-16-cancel-done',
    async (call, ask) => call('stock.picking', 'action_cancel', [[await doneTransfer(ask, 'PACK0001235')]]),
  ],
  [
    'idem-05-own-name-dup',
    async (call, ask) => {
      const id = await transfer(ask, 'PACK0001236');
      const [row] = (await ask.call('read', 'stock.picking', 'read', [[id], ['name']])) as { name: string }[];
      await call('stock.picking', 'create', [
        { name: row!.name, picking_type_id: 5, location_id: 8, location_dest_id: 8 },
      ]);
    },
  ],
];

/** Faults of who asks, not of what is asked. */
const strangers: [
  recording: string,
  change: Partial<OdooConnection>,
  model: string,
  method: string,
  args: unknown[],
][] = [
  ['object-unknown-db', { database: 'no_existe' }, 'res.users', 'search_count', [[]]],
  ['fault-access-create', { login: 'lector@demo.test', secret: 'lector' }, 'stock.picking', 'create', [{}]],
  ['fault-access-validate', { login: 'lector@demo.test', secret: 'lector' }, 'stock.picking', 'button_validate', [[1]]],
];

async function failure(promise: Promise<unknown>): Promise<OdooError> {
  const error: unknown = await promise.then(
    () => new Error('the simulator carried it out'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OdooError)) throw error;
  return error;
}

const seen = ({ class: errorClass, applied, faultCode }: OdooError) => ({ class: errorClass, applied, faultCode });

describe.each<[string, RecordedVersion]>([
  ['demo16', 16],
  ['demo17', 17],
  ['demo', 18],
])('%s against the recordings of %d', (database, version) => {
  const roads: { road: string; kind: OdooCallKind }[] = [
    { road: 'XML-RPC', kind: 'write' },
    { road: 'JSON-RPC', kind: 'read' },
  ];
  describe.each(roads)('by $road', ({ kind }) => {
    test.each(provocations)('%s', async (recording, provoke) => {
      const ask = connect(database);
      let method = '';
      const call: Call = (model, name, args, kwargs) => {
        method = name;
        return ask.call(kind, model, name, args, kwargs);
      };
      const error = await failure(provoke(call, ask));
      expect(seen(error)).toEqual(seen(classifyFault(await recordedFault(version, recording), { method })));
    });

    test.each(strangers)('%s', async (recording, change, model, method, args) => {
      const error = await failure(connect(database, change).call(kind, model, method, args));
      expect(seen(error)).toEqual(seen(classifyFault(await recordedFault(version, recording), { method })));
    });
  });

  test('fault-serialization-exhausted', async () => {
    const ask = connect(database);
    const id = await transfer(ask, 'PACK0001237');
    simulator.control({ db: database, serialization: 1 });
    const error = await failure(picking(ask, 'action_confirm', id));
    expect(seen(error)).toEqual(seen(classifyFault(await recordedFault(version, 'fault-serialization-exhausted'))));
  });

  test('seed-quant-apply: nothing to answer is a fault by XML-RPC and null by JSON-RPC', async () => {
    const admin = connect(database, { login: 'admin', secret: 'admin' });
    const error = await failure(admin.call('write', 'stock.quant', 'action_apply_inventory', [[]]));
    expect(seen(error)).toEqual(seen(classifyFault(await recordedFault(version, 'seed-quant-apply'))));
    expect(await admin.call('read', 'stock.quant', 'action_apply_inventory', [[]])).toBeNull();
  });
});
