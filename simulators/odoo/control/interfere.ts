import type { Cluster } from '../db/cluster';
import type { Row } from '../db/table';
import type { Env } from '../orm/env';
import { createRecord } from '../orm/write';
import { internalType } from '../seed/foundation';
import { addQuantity, dropEmptyQuants, idOrNull, num, packageLocation, packageQuants } from '../stock/quants';
import { cancelPickings, confirmPickings } from '../stock/pickings';
import { isStruct, type RpcStruct, type RpcValue } from '../wire/values';
import { BadControl } from './bad-control';

/** The origin of transfers that `reserve` makes. */
const ELSEWHERE = 'Reservado por otro';

type Deed = (env: Env, value: RpcValue) => void;

/** What other people do in Odoo behind a client's back. Each takes the value of its member in the control body. */
const DEEDS: Record<string, Deed> = {
  /** {"move": {"package": code, "to": barcode}} */
  move: (env, value) => movePackage(env, structOf(value, 'move')),
  /** {"reserve": code}: a transfer of somebody else takes it. */
  reserve: (env, value) => reserve(env, textOf(value, 'reserve')),
  /** {"unreserve": code}: that transfer is cancelled. */
  unreserve: (env, value) => unreserve(env, textOf(value, 'unreserve')),
  /** {"ghost": code}: reserved although no open line accounts for it. */
  ghost: (env, value) => {
    for (const quant of packageQuants(env, pack(env, textOf(value, 'ghost')).id)) {
      env.patch('stock.quant', quant.id, { reserved_quantity: num(quant['quantity']) });
    }
  },
  /** {"duplicate": code}: a second, empty package of the same name. */
  duplicate: (env, value) => {
    env.insert('stock.quant.package', {
      name: pack(env, textOf(value, 'duplicate'))['name'] ?? null,
      package_use: 'disposable',
    });
  },
  /** {"password": {"login": …, "password": …}} */
  password: (env, value) => {
    const { login, password } = structOf(value, 'password');
    const [user] = env.where('res.users', 'login', String(login));
    if (!user) throw new BadControl(`no user ${String(login)}`);
    env.patch('res.users', user.id, { secret: String(password) });
  },
  /** {"expireKey": key} */
  expireKey: (env, value) => setKey(env, textOf(value, 'expireKey'), false),
  /** {"restoreKey": key} */
  restoreKey: (env, value) => setKey(env, textOf(value, 'restoreKey'), true),
  /** {"language": code}: installs a language. */
  language: (env, value) => {
    const code = textOf(value, 'language');
    if (env.where('res.lang', 'code', code).length === 0) env.insert('res.lang', { name: code, code, active: true });
  },
};

/** Does what the body's members say, each in its own transaction, in the given database (or the first one). */
export function interfere(cluster: Cluster, db: string | null, body: RpcStruct): void {
  const database = db === null ? cluster.all()[0] : cluster.get(db);
  if (!database) return;
  for (const [member, deed] of Object.entries(DEEDS)) {
    const value = body[member];
    if (value !== undefined) cluster.asRoot(database, (env) => deed(env, value));
  }
}

function movePackage(env: Env, order: RpcStruct): void {
  const source = pack(env, String(order['package']));
  const [target] = env.where('stock.location', 'barcode', String(order['to']));
  if (!target) throw new BadControl(`no location ${String(order['to'])}`);
  const quants = packageQuants(env, source.id);
  for (const quant of quants) {
    const key = {
      product: quant['product_id'] as number,
      location: quant['location_id'] as number,
      lot: idOrNull(quant['lot_id']),
      pack: source.id,
    };
    const quantity = num(quant['quantity']);
    env.patch('stock.quant', quant.id, { reserved_quantity: 0 });
    addQuantity(env, key, -quantity);
    addQuantity(env, { ...key, location: target.id }, quantity, String(quant['in_date']));
  }
  dropEmptyQuants(env, quants);
}

function reserve(env: Env, code: string): void {
  const taken = pack(env, code);
  const place = packageLocation(env, taken.id);
  if (place === null) throw new BadControl(`${code} is empty`);
  const picking = createRecord(env, env.model('stock.picking'), {
    picking_type_id: internalType(env.version),
    location_id: place,
    location_dest_id: place,
    origin: ELSEWHERE,
    package_level_ids: [[0, 0, { package_id: taken.id, location_dest_id: place, company_id: 1 }]],
  });
  confirmPickings(env, [picking]);
}

function unreserve(env: Env, code: string): void {
  const taken = pack(env, code);
  const levels = env.where('stock.package_level', 'package_id', taken.id);
  const pickings = levels.flatMap((level) => env.get('stock.picking', level['picking_id']) ?? []);
  cancelPickings(
    env,
    pickings.filter((one) => one['state'] !== 'done' && one['state'] !== 'cancel'),
  );
}

function setKey(env: Env, key: string, active: boolean): void {
  const rows = env.where('res.users.apikeys', 'key', key);
  if (rows.length === 0) throw new BadControl('no such key');
  for (const row of rows) env.patch('res.users.apikeys', row.id, { active });
}

function pack(env: Env, code: string): Row {
  const [row] = env.where('stock.quant.package', 'name', code);
  if (!row) throw new BadControl(`no package ${code}`);
  return row;
}

function textOf(value: RpcValue, member: string): string {
  if (typeof value !== 'string') throw new BadControl(`${member} must be a text`);
  return value;
}

function structOf(value: RpcValue, member: string): RpcStruct {
  if (!isStruct(value)) throw new BadControl(`${member} must be an object`);
  return value;
}
