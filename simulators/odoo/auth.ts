import type { Database } from './db/database';
import { accessDenied, missingError } from './faults';
import type { RpcValue } from './wire/values';

/** `authenticate`: the user's id, or false. Password and API key both do; nothing is counted or locked. */
export function authenticate(database: Database, login: RpcValue, secret: RpcValue): number | false {
  if (typeof login !== 'string') return false;
  const [user] = database.table('res.users').where('login', [login]);
  return user && user['active'] !== false && opens(database, user.id, secret) ? user.id : false;
}

/**
 * What `execute_kw` checks first.
 * @throws fault 3 for a wrong password or no uid at all; fault 2 (!) for a uid that does not exist
 */
export function checkCredentials(database: Database, uid: RpcValue, secret: RpcValue): number {
  if (typeof uid !== 'number' || uid === 0) throw accessDenied();
  if (!database.table('res.users').get(uid)) {
    throw missingError(`Record does not exist or has been deleted.\n(Record: res.users(${uid},), User: ${uid})`);
  }
  if (!opens(database, uid, secret)) throw accessDenied();
  return uid;
}

function opens(database: Database, uid: number, secret: RpcValue): boolean {
  if (typeof secret !== 'string' || secret === '') return false;
  if (database.table('res.users').get(uid)?.['secret'] === secret) return true;
  const keys = database.table('res.users.apikeys').where('user_id', [uid]);
  return keys.some((row) => row['key'] === secret && row['active'] === true);
}
