import { authenticate, checkCredentials } from './auth';
import type { Cluster } from './db/cluster';
import { pythonError } from './faults';
import { bindArguments } from './orm/methods';
import { changesSomething, executeKw } from './orm/execute';
import { SERVER_VERSION } from './versions';
import type { RpcStruct, RpcValue } from './wire/values';

/** One RPC call, whatever protocol it came in by. */
export interface ServiceCall {
  service: string;
  method: string;
  args: RpcValue[];
  /** The database named by the address (`/<db>/xmlrpc/2/…`): decides what `version()` says. */
  home?: string;
}

/** What is known about a call before it runs: for counting, delays and faults. */
export interface CallInfo {
  db: string | undefined;
  /** `common.version`, `stock.picking.create`, … */
  name: string;
  model: string;
  method: string;
  changes: boolean;
  user: string;
}

export function describeCall(cluster: Cluster, call: ServiceCall): CallInfo {
  if (call.service !== 'object') {
    const db = typeof call.args[0] === 'string' ? call.args[0] : call.home;
    return {
      db,
      name: `${call.service}.${call.method}`,
      model: call.service,
      method: call.method,
      changes: false,
      user: '',
    };
  }
  const [db, uid, secret, model, method] = call.args.map(String);
  const name = `${model ?? '?'}.${method ?? '?'}`;
  const known = db !== undefined && cluster.has(db);
  const env = known ? cluster.env(cluster.get(db), 0, {}, 0) : null;
  const changes = env ? changesSomething(env, model ?? '', method ?? '') : false;
  return { db, name, model: model ?? '', method: method ?? '', changes, user: `${db} ${uid} ${secret}` };
}

/**
 * Runs a call to its end: its own transaction, rolled back when it throws.
 * @param arrivedAt the database's commit count when the call came in
 * @throws OdooFault
 */
export function runService(cluster: Cluster, call: ServiceCall, arrivedAt: number): RpcValue {
  switch (call.service) {
    case 'common':
      return common(cluster, call);
    case 'object':
      return object(cluster, call, arrivedAt);
    case 'db':
      return db(cluster, call);
    default:
      throw pythonError('KeyError', `'${call.service}'`);
  }
}

function common(cluster: Cluster, call: ServiceCall): RpcValue {
  switch (call.method) {
    case 'version': {
      const version = cluster.versionOf(call.home);
      return {
        server_version: SERVER_VERSION[version],
        server_version_info: [version, 0, 0, 'final', 0, ''],
        server_serie: `${version}.0`,
        protocol_version: 1,
      };
    }
    case 'about':
      return 'See http://openerp.com';
    case 'login': {
      const { db: name, login, password } = plain('exp_login', ['db', 'login', 'password'], call.args);
      return authenticate(cluster.get(String(name)), login ?? false, password ?? false);
    }
    case 'authenticate': {
      const params = ['db', 'login', 'password', 'user_agent_env'];
      const { db: name, login, password } = plain('exp_authenticate', params, call.args);
      return authenticate(cluster.get(String(name)), login ?? false, password ?? false);
    }
    default:
      throw pythonError('Exception', `Method not found: ${call.method}`);
  }
}

function db(cluster: Cluster, call: ServiceCall): RpcValue {
  if (call.method === 'list') return cluster.names();
  throw pythonError('KeyError', `'exp_${call.method}'`);
}

function object(cluster: Cluster, call: ServiceCall, arrivedAt: number): RpcValue {
  if (call.args.length < 3) throw pythonError('IndexError', 'tuple index out of range');
  const [name, uid, secret, ...rest] = call.args as [RpcValue, RpcValue, RpcValue, ...RpcValue[]];
  const database = cluster.get(String(name));
  const user = checkCredentials(database, uid, secret);
  const { model, method, args, kw } = invocation(call.method, rest);
  return database.transaction(() => executeKw(cluster.env(database, user, {}, arrivedAt), model, method, args, kw));
}

interface Invocation {
  model: string;
  method: string;
  args: RpcValue;
  kw: RpcValue;
}

/** `execute_kw(db, uid, pw, model, method, args, kw)` and the older `execute(db, uid, pw, model, method, *args)`. */
function invocation(service: string, rest: RpcValue[]): Invocation {
  if (service === 'execute') {
    const [model, method, ...args] = rest;
    return { model: String(model), method: String(method), args, kw: {} };
  }
  if (service !== 'execute_kw') throw pythonError('NameError', `Method not available ${service}`);
  const bound = plain('execute_kw', ['obj', 'method', 'args', 'kw?'], rest);
  return {
    model: String(bound['obj']),
    method: String(bound['method']),
    args: bound['args'] ?? [],
    kw: bound['kw'] ?? {},
  };
}

/** Binds the arguments of a plain function, with its TypeErrors. */
function plain(name: string, params: string[], args: RpcValue[]): RpcStruct {
  return bindArguments(null, name, { params }, args, {});
}
