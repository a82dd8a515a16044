import { Database } from '../db/database';
import { registryFor } from '../models/registry';
import { seedFoundation } from '../seed/foundation';
import { seedLocation, seedPallet, seedProduct } from '../seed/parts';
import type { RpcValue } from '../wire/values';
import { Env } from './env';
import { searchRows } from './search';

const NOW = '2026-11-22 10:00:00.123456';
const database = new Database('unit', 18, null);
const env = new Env(database, registryFor(18), 1, {}, NOW, 0);

beforeAll(() => {
  database.transaction(() => {
    seedFoundation(env, { company: 'Frío', warehouse: 'Planta', code: 'WH' });
    seedProduct(env, 1, 'Frambuesa', 'FRAM', '1', 'none');
    const chamber = seedLocation(env, 'Cámara 1', 'CAM-01', 8);
    const rack = seedLocation(env, 'A-01', 'CAM-01-A-01', chamber);
    seedLocation(env, 'Cámara 9', 'CAM-09', 8, { active: false });
    seedPallet(env, 'PACK1', chamber, [{ product: 1, quantity: 10 }]);
    seedPallet(env, 'PACK2', rack, [{ product: 1, quantity: 20 }]);
    seedPallet(env, 'EMPTY', chamber, []);
  });
});

function names(model: string, domain: RpcValue, context = {}): RpcValue[] {
  return searchRows(env.withContext(context), env.model(model), domain, { order: 'id' }).map((row) =>
    String(row['name']),
  );
}

const packages = (domain: RpcValue): RpcValue[] => names('stock.quant.package', domain);
const chambers = (domain: RpcValue, context = {}): RpcValue[] =>
  names('stock.location', ['&', ['barcode', 'like', 'CAM-%'], ...(domain as RpcValue[])], context);

describe('a domain', () => {
  test('joins leaves by & when no operator stands before them', () => {
    expect(
      packages([
        ['name', 'like', 'PACK'],
        ['name', '!=', 'PACK1'],
      ]),
    ).toEqual(['PACK2']);
  });

  test('takes | and ! in prefix notation', () => {
    expect(packages(['|', ['name', '=', 'PACK1'], ['name', '=', 'EMPTY']])).toEqual(['PACK1', 'EMPTY']);
    expect(packages(['!', '|', ['name', '=', 'PACK1'], ['name', '=', 'EMPTY']])).toEqual(['PACK2']);
  });

  test('follows a path over many2one and one2many', () => {
    expect(packages([['location_id.barcode', '=', 'CAM-01']])).toEqual(['PACK1']);
    expect(packages([['quant_ids.quantity', '>', 15]])).toEqual(['PACK2']);
  });

  test('child_of takes a place and everything below it; = takes only the place', () => {
    const [chamber] = searchRows(env, env.model('stock.location'), [['barcode', '=', 'CAM-01']]);
    expect(packages([['location_id', 'child_of', chamber?.id ?? 0]])).toEqual(['PACK1', 'PACK2']);
    expect(packages([['location_id', '=', chamber?.id ?? 0]])).toEqual(['PACK1']);
  });

  test('False means not set, and =? with False means anything', () => {
    expect(packages([['location_id', '=', false]])).toEqual(['EMPTY']);
    expect(packages([['location_id', '!=', false]])).toEqual(['PACK1', 'PACK2']);
    expect(packages([['name', '=?', false]])).toHaveLength(3);
    expect(packages([['name', '=?', 'PACK1']])).toEqual(['PACK1']);
  });

  test('in and not in take lists', () => {
    expect(packages([['name', 'in', ['PACK1', 'NONE']]])).toEqual(['PACK1']);
    expect(packages([['name', 'not in', ['PACK1', 'EMPTY']]])).toEqual(['PACK2']);
  });

  test('ilike ignores case but not accents; like does not ignore case', () => {
    expect(chambers([['name', 'ilike', 'CÁMARA']])).toEqual(['Cámara 1']);
    expect(chambers([['name', 'ilike', 'camara']])).toEqual([]);
    expect(chambers([['name', 'like', 'cámara']])).toEqual([]);
  });

  test('hides archived rows unless the domain or the context asks for them', () => {
    expect(chambers([['name', 'like', 'Cámara']])).toEqual(['Cámara 1']);
    expect(chambers([['name', 'like', 'Cámara']], { active_test: false })).toEqual(['Cámara 1', 'Cámara 9']);
    expect(chambers([['active', '=', false]])).toEqual(['Cámara 9']);
  });

  test('compares moments to the microsecond although reads show seconds', () => {
    expect(packages([['write_date', '=', '2026-11-22 10:00:00']])).toEqual([]);
    expect(packages([['write_date', '>', '2026-11-22 10:00:00']])).toHaveLength(3);
    expect(packages([['write_date', '=', NOW]])).toHaveLength(3);
    expect(packages([['write_date', '>=', '2026-11-22T10:00:00Z']])).toHaveLength(3);
    expect(packages([['write_date', '<', '2026-11-22']])).toEqual([]);
  });

  test.each([
    ['usage = 1', "Domains to normalize must have a 'domain' form: a list or tuple of domain components"],
    [[['no_existe', '=', 1]], "Invalid field stock.location.no_existe in leaf ('no_existe', '=', 1)"],
    [[['usage', '===', 'x']], "Invalid leaf ('usage', '===', 'x')"],
    [[['id', 'in', '17']], "Invalid domain term ('id', 'in', '17')"],
  ])('%j is refused with the words of the server', (domain, text) => {
    expect(() => names('stock.location', domain as RpcValue)).toThrow(text);
  });
});
