import { type OdooSimulator, startOdooSimulator } from '../server';
import { DEMO_DATABASES } from '../seed/databases';
import { Caller } from '../testing';
import type { RpcStruct } from '../wire/values';

const { demo, otra } = DEMO_DATABASES;
let simulator: OdooSimulator;
let user: Caller;

beforeAll(async () => {
  if (!demo || !otra) throw new Error('no demo seeds');
  simulator = await startOdooSimulator({ port: 0, delays: 'off', databases: { demo, otra } });
  user = new Caller(simulator);
});
afterAll(() => simulator.close());
beforeEach(() => simulator.control({ mode: 'ok', reset: true }));

const rename = (origin: string): Promise<unknown> => user.call('stock.picking', 'write', [[1], { origin }]);
const read = (): Promise<unknown> => user.call('stock.picking', 'search_count', [[]]);
const origin = (): string | null => simulator.state().pickings[0]?.origin ?? null;
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(setImmediate);
};

async function post(body: RpcStruct): Promise<Response> {
  return fetch(`${simulator.url}/_control`, { method: 'POST', body: JSON.stringify(body) });
}

describe('down', () => {
  test('closes the socket of reads and changes, and does nothing', async () => {
    simulator.control({ mode: 'down' });
    await expect(read()).rejects.toThrow('fetch failed');
    await expect(rename('x')).rejects.toThrow('fetch failed');
    expect(origin()).toBe('Despacho manual');
  });

  test('leaves /_state and /_control alone', async () => {
    await post({ mode: 'down' });
    expect((await fetch(`${simulator.url}/_state`)).status).toBe(200);
    expect((await post({ mode: 'ok' })).status).toBe(200);
    await expect(rename('x')).resolves.toBe(true);
  });

  test('with times ends after so many changing calls', async () => {
    simulator.control({ mode: 'down', times: 2 });
    await expect(rename('1')).rejects.toThrow('fetch failed');
    await expect(read()).rejects.toThrow('fetch failed');
    await expect(rename('2')).rejects.toThrow('fetch failed');
    await expect(rename('3')).resolves.toBe(true);
    expect(origin()).toBe('3');
  });

  test('cuts a call that is under way, and its work is lost even when the server is back at once', async () => {
    simulator.control({ delays: 'recorded' });
    const before = simulator.state().calls['stock.picking.write'] ?? 0;
    const call = rename('lost');
    const outcome = expect(call).rejects.toThrow('fetch failed');
    await until(() => simulator.state().calls['stock.picking.write'] === before + 1);
    simulator.control({ mode: 'down' });
    simulator.control({ mode: 'ok' });
    await outcome;
    simulator.control({ delays: 'off' });
    await read();
    expect(origin()).toBe('Despacho manual');
  });
});

describe('slow', () => {
  test('does the work at once and answers after ms', async () => {
    simulator.control({ mode: 'slow', ms: 300, times: 1 });
    const started = Date.now();
    let answered = false;
    const call = rename('slow').finally(() => (answered = true));
    await until(() => origin() === 'slow');
    expect(answered).toBe(false);
    await expect(call).resolves.toBe(true);
    expect(Date.now() - started).toBeGreaterThanOrEqual(295);
  });

  test('waits longer than a client does when no ms are given', () => {
    simulator.control({ mode: 'slow' });
    expect(simulator.state().mode.ms).toBe(120_000);
  });
});

describe('hold', () => {
  test('does the work at once and answers when the mode is set again', async () => {
    simulator.control({ mode: 'hold' });
    const call = rename('held');
    await until(() => simulator.state().held.length === 1);
    expect([simulator.state().held, origin()]).toEqual([['stock.picking.write'], 'held']);
    simulator.control({ mode: 'ok' });
    await expect(call).resolves.toBe(true);
    expect(simulator.state().held).toEqual([]);
  });

  test('of one method leaves the others alone, and may go from one to the next', async () => {
    simulator.control({ mode: 'hold', method: 'stock.picking.write' });
    await expect(read()).resolves.toBe(1);
    const call = rename('held');
    await until(() => simulator.state().held.length === 1);
    simulator.control({ mode: 'hold', method: 'stock.picking.search_count' });
    await expect(call).resolves.toBe(true);
    const next = read();
    await until(() => simulator.state().held.length === 1);
    simulator.control({ mode: 'ok' });
    await expect(next).resolves.toBe(1);
  });

  test('that ends in down: the work is done, the answer is lost', async () => {
    simulator.control({ mode: 'hold' });
    const outcome = expect(rename('held')).rejects.toThrow('fetch failed');
    await until(() => simulator.state().held.length === 1);
    simulator.control({ mode: 'down' });
    await outcome;
    expect(origin()).toBe('held');
  });
});

describe('error and throttle', () => {
  test('error is a 502 page without any work; a status may be given', async () => {
    simulator.control({ mode: 'error', times: 1 });
    await expect(rename('x')).rejects.toThrow('HTTP 502');
    simulator.control({ mode: 'error', times: 1, status: 500 });
    await expect(rename('x')).rejects.toThrow('HTTP 500');
    expect(origin()).toBe('Despacho manual');
    await expect(rename('y')).resolves.toBe(true);
  });

  test('without times reads fail too; with times they do not and are not counted', async () => {
    simulator.control({ mode: 'error' });
    await expect(read()).rejects.toThrow('HTTP 502');
    simulator.control({ mode: 'error', times: 1 });
    await expect(read()).resolves.toBe(1);
    await expect(rename('x')).rejects.toThrow('HTTP 502');
    await expect(rename('x')).resolves.toBe(true);
  });

  test('throttle is 429 with Retry-After', async () => {
    simulator.control({ mode: 'throttle' });
    const response = await user.post(['demo', 6, 'nervio-demo-key', 'stock.picking', 'search_count', [[]]]);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
  });
});

describe('apply_then_drop', () => {
  test('does the work, keeps the answer, and lets reads through', async () => {
    simulator.control({ mode: 'apply_then_drop', times: 1 });
    await expect(read()).resolves.toBe(1);
    await expect(rename('applied')).rejects.toThrow('fetch failed');
    expect(origin()).toBe('applied');
    await expect(rename('after')).resolves.toBe(true);
  });
});

describe('a mode for one database', () => {
  test('leaves the others alone', async () => {
    const other = new Caller(simulator, 'otra', 6, 'nervio-otra-key');
    simulator.control({ mode: 'error', db: 'otra' });
    await expect(other.call('stock.picking', 'search_count', [[]])).rejects.toThrow('HTTP 502');
    await expect(read()).resolves.toBe(1);
  });
});

describe('what others do behind a client’s back', () => {
  test('move puts a pallet elsewhere without a transfer', async () => {
    const before = simulator.state().pickings;
    simulator.control({ move: { package: 'PACK0001234', to: 'ANDEN' } });
    await expect(user.whereIs('PACK0001234')).resolves.toBe('ANDEN');
    expect(simulator.state().pickings).toEqual(before);
  });

  test('reserve makes a later transfer stay confirmed, unreserve lets it go on', async () => {
    simulator.control({ reserve: 'PACK0001234' });
    const picking = await user.transfer('T1', 'PACK0001234', 'CAM-02');
    await user.call('stock.picking', 'action_confirm', [[picking]]);
    await expect(user.stateOf(picking)).resolves.toBe('confirmed');
    await expect(user.call('stock.picking', 'button_validate', [[picking]])).rejects.toThrow(
      'no quantities are reserved',
    );
    simulator.control({ unreserve: 'PACK0001234' });
    const second = await user.transfer('T2', 'PACK0001234', 'CAM-02');
    await user.call('stock.picking', 'button_validate', [[second]]);
    await expect(user.whereIs('PACK0001234')).resolves.toBe('CAM-02');
  });

  test('ghost blocks a pallet until the stock report is opened (18)', async () => {
    simulator.control({ ghost: 'PACK0001234' });
    const picking = await user.transfer('T1', 'PACK0001234', 'CAM-02');
    await user.call('stock.picking', 'action_confirm', [[picking]]);
    await expect(user.stateOf(picking)).resolves.toBe('confirmed');
    await user.call('stock.quant', 'action_view_quants', []);
    await user.call('stock.picking', 'action_assign', [[picking]]);
    await expect(user.stateOf(picking)).resolves.toBe('assigned');
  });

  test('serialization fails so many changing calls, with nothing done', async () => {
    simulator.control({ serialization: 1 });
    await expect(rename('x')).rejects.toThrow('could not serialize access due to concurrent update');
    expect(origin()).toBe('Despacho manual');
    await expect(rename('y')).resolves.toBe(true);
  });

  test('crash fails so many changing calls with an exception of a module, with nothing done', async () => {
    simulator.control({ crash: 1 });
    await expect(read()).resolves.toBe(1);
    await expect(rename('x')).rejects.toThrow('float division by zero');
    expect(origin()).toBe('Despacho manual');
    await expect(rename('y')).resolves.toBe(true);
  });

  test('an expired key and a changed password are Access Denied until set right', async () => {
    simulator.control({ password: { login: 'nervio@demo.test', password: 'other' }, expireKey: 'nervio-demo-key' });
    await expect(read()).rejects.toThrow('Access Denied');
    simulator.control({ restoreKey: 'nervio-demo-key' });
    await expect(read()).resolves.toBe(1);
  });

  test('duplicate gives a code twice', async () => {
    simulator.control({ duplicate: 'PACK0001234' });
    await expect(user.call('stock.quant.package', 'search_count', [[['name', '=', 'PACK0001234']]])).resolves.toBe(2);
  });

  test('reset makes the databases anew', async () => {
    await rename('changed');
    simulator.control({ reset: true });
    expect(origin()).toBe('Despacho manual');
    expect(simulator.state().calls).toEqual({});
  });
});

describe('_state', () => {
  test('shows pickings with pallets and destination, places of pallets, calls and what came twice', async () => {
    const picking = await user.transfer('NV-1', 'PACK0001240', 'CAM-03');
    await expect(user.transfer('NV-1', 'PACK0001240', 'CAM-03')).rejects.toThrow(
      'Reference must be unique per company!',
    );
    const state = simulator.state();
    expect(state.pickings.find((one) => one.id === picking && one.db === 'demo')).toEqual({
      db: 'demo',
      id: picking,
      name: 'NV-1',
      origin: 'NV-1',
      state: 'draft',
      packages: ['PACK0001240'],
      destination: 'CAM-03',
    });
    expect(state.databases['demo']?.version).toBe(18);
    expect(state.databases['demo']?.packages['PACK0001234']).toBe('CAM-01');
    expect(state.databases['demo']?.packages['PACK0009001']).toBeNull();
    expect(state.calls['stock.picking.create']).toBe(2);
    expect(state.seenTwice).toContainEqual({ db: 'demo', what: 'picking.name', key: 'NV-1', times: 2 });
  });
});

describe('a control body that makes no sense', () => {
  test.each([
    [{ mode: 'broken' }],
    [{ mode: 'down', times: -1 }],
    [{ mode: 'slow', ms: 'long' }],
    [{ mode: 'hold', method: 7 }],
    [{ db: 'nowhere', mode: 'ok' }],
    [{ delays: 'some' }],
    [{ reserve: 'NO-SUCH-PALLET' }],
  ])('%j is a 400 and changes nothing', async (body) => {
    const response = await post({ ...body, ...('mode' in body ? {} : { mode: 'down' }) } as RpcStruct);
    expect(response.status).toBe(400);
    expect(simulator.state().mode.mode).toBe('ok');
  });
});
