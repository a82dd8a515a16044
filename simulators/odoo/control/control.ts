import type { Cluster } from '../db/cluster';
import type { DelayMode } from '../delays';
import { isStruct, type RpcStruct, type RpcValue } from '../wire/values';
import { BadControl } from './bad-control';
import type { Counters } from './counters';
import { DEFAULT_SLOW_MS, type Mode, MODES, type Modes, type Setting } from './modes';
import { interfere } from './interfere';

/** What /_control may change. */
export interface Controlled {
  cluster: Cluster;
  modes: Modes;
  counters: Counters;
  delays: DelayMode;
  /** How many of the next changing calls end in a SerializationFailure. */
  serialization: number;
  /** How many of the next changing calls end in an exception of some module. */
  crash: number;
  /** How often the server "stopped": a call that was under way then is lost. */
  outages: number;
  /** Closes the socket of every call under way. */
  dropAll: () => void;
}

/**
 * Applies one control body; several members may come in one.
 * @throws BadControl before the mode, the delays or the failures to come are changed
 */
export function applyControl(sim: Controlled, body: RpcValue): void {
  if (!isStruct(body)) throw new BadControl('the body must be an object');
  const db = database(sim, body);
  const setting = body['mode'] === undefined ? null : readSetting(body, db);
  const speed = body['delays'] === undefined ? sim.delays : delays(body['delays']);
  const failures = body['serialization'] === undefined ? sim.serialization : count(body, 'serialization');
  const crashes = body['crash'] === undefined ? sim.crash : count(body, 'crash');
  if (body['reset'] === true) reset(sim, db);
  interfere(sim.cluster, db, body);
  sim.delays = speed;
  sim.serialization = failures;
  sim.crash = crashes;
  if (setting) setMode(sim, setting);
}

function readSetting(body: RpcStruct, db: string | null): Setting {
  const mode = body['mode'] as Mode;
  if (!MODES.includes(mode)) throw new BadControl(`mode must be one of ${MODES.join(', ')}`);
  const left = body['times'] === undefined ? null : count(body, 'times');
  const ms = body['ms'] === undefined ? DEFAULT_SLOW_MS : count(body, 'ms');
  const status = body['status'] === undefined ? 502 : count(body, 'status');
  const { method = null } = body;
  if (method !== null && typeof method !== 'string') throw new BadControl('method must be a text');
  return left === 0
    ? { mode: 'ok', ms, status, left: null, db: null, method: null }
    : { mode, ms, status, left, db, method };
}

function setMode(sim: Controlled, setting: Setting): void {
  sim.modes.set(setting);
  if (setting.mode === 'down' && setting.db === null) {
    sim.outages += 1;
    sim.dropAll();
  }
}

function reset(sim: Controlled, db: string | null): void {
  for (const name of db === null ? sim.cluster.names() : [db]) sim.cluster.reset(name);
  sim.counters.reset();
  sim.serialization = 0;
  sim.crash = 0;
}

function database(sim: Controlled, body: RpcStruct): string | null {
  const db = body['db'];
  if (db === undefined || db === null) return null;
  if (typeof db !== 'string' || !sim.cluster.has(db)) throw new BadControl(`no database ${String(db)}`);
  return db;
}

function delays(value: RpcValue | undefined): DelayMode {
  if (value !== 'recorded' && value !== 'off') throw new BadControl('delays must be recorded or off');
  return value;
}

function count(body: RpcStruct, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new BadControl(`${name} must be a whole number from 0`);
  }
  return value;
}
