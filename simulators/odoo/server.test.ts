import { type OdooSimulator, startOdooSimulator } from './server';
import { Caller } from './testing';
import type { RpcStruct } from './wire/values';

let simulator: OdooSimulator;
beforeAll(async () => (simulator = await startOdooSimulator({ port: 0, delays: 'off' })));
afterAll(() => simulator.close());
beforeEach(() => simulator.control({ mode: 'ok', reset: true, delays: 'off' }));

async function version(prefix: string): Promise<string> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    method: 'call',
    id: 1,
    params: { service: 'common', method: 'version', args: [] },
  });
  const answer = (await (
    await fetch(`${simulator.url}${prefix}/jsonrpc`, { method: 'POST', body })
  ).json()) as RpcStruct;
  return String((answer['result'] as RpcStruct)['server_serie']);
}

test('version() is that of the database named in the address, or of the first one', async () => {
  await expect(version('')).resolves.toBe('18.0');
  await expect(version('/otra')).resolves.toBe('17.0');
  await expect(version('/demo16')).resolves.toBe('16.0');
  expect((await fetch(`${simulator.url}/nowhere/jsonrpc`, { method: 'POST' })).status).toBe(404);
});

test('the databases do not know each other: users, pallets and chambers are apart', async () => {
  const stranger = new Caller(simulator, 'otra');
  await expect(stranger.whereIs('OTRA0000001')).rejects.toThrow('Access Denied');
  const own = new Caller(simulator, 'otra', 6, 'nervio-otra-key');
  await expect(own.whereIs('OTRA0000001')).resolves.toBe('OTR-01');
  await expect(own.whereIs('PACK0001234')).resolves.toBe(false);
});

test('the demo has 360 good pallets; PACK0001234 weighs 456.7 kg and stands in CAM-01', async () => {
  const user = new Caller(simulator);
  const quants = (await user.call(
    'stock.quant',
    'search_read',
    [
      [
        ['package_id.name', '>=', 'PACK0001234'],
        ['package_id.name', '<=', 'PACK0001593'],
      ],
    ],
    { fields: ['quantity', 'reserved_quantity', 'package_id'] },
  )) as RpcStruct[];
  expect(quants).toHaveLength(360);
  expect(quants.filter((quant) => quant['reserved_quantity'] !== 0)).toEqual([]);
  expect(quants.find((quant) => (quant['package_id'] as string[])[1] === 'PACK0001234')?.['quantity']).toBe(456.7);
  await expect(user.whereIs('PACK0001234')).resolves.toBe('CAM-01');
});

describe.each(['demo16', 'demo17', 'demo'])('in %s', (db) => {
  test('a transfer of which one pallet could be reserved and one not is assigned all the same', async () => {
    const user = new Caller(simulator, db);
    const packs = (await user.call('stock.quant.package', 'search', [
      [['name', 'in', ['PACK0001234', 'PACK0009002']]],
    ])) as number[];
    const [type] = (await user.call('stock.picking.type', 'search', [[['code', '=', 'internal']]])) as number[];
    const [place] = (await user.call('stock.location', 'search', [[['barcode', '=', 'ANDEN']]])) as number[];
    const levels = packs.map((pack) => [0, 0, { package_id: pack, location_dest_id: place ?? 0, company_id: 1 }]);
    const values = {
      picking_type_id: type ?? 0,
      location_id: 8,
      location_dest_id: place ?? 0,
      package_level_ids: levels,
    };
    const picking = (await user.call('stock.picking', 'create', [values])) as number;
    await user.call('stock.picking', 'action_confirm', [[picking]]);
    await expect(user.stateOf(picking)).resolves.toBe('assigned');
    const states = (await user.call('stock.package_level', 'search_read', [[['picking_id', '=', picking]]], {
      fields: ['state'],
    })) as RpcStruct[];
    expect(states.map((level) => level['state'])).toEqual(['assigned', 'confirmed']);
  });

  test('cancelling gives the reservation back', async () => {
    const user = new Caller(simulator, db);
    const first = await user.transfer('C-1', 'PACK0001250', 'ANDEN');
    await user.call('stock.picking', 'action_confirm', [[first]]);
    await user.call('stock.picking', 'action_cancel', [[first]]);
    await expect(user.stateOf(first)).resolves.toBe('cancel');
    const second = await user.transfer('C-2', 'PACK0001250', 'ANDEN');
    await user.call('stock.picking', 'action_confirm', [[second]]);
    await expect(user.stateOf(second)).resolves.toBe('assigned');
  });

  test('of two clients that create under one name at the same time exactly one succeeds', async () => {
    simulator.control({ delays: 'recorded' });
    const users = [new Caller(simulator, db), new Caller(simulator, db)];
    const ends = await Promise.allSettled(users.map((user) => user.transfer('SAME', 'PACK0001251', 'ANDEN')));
    expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
    const twins = simulator.state().pickings.filter((one) => one.db === db && one.name === 'SAME');
    expect(twins).toHaveLength(1);
  });
});
