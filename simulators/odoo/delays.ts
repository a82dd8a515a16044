import type { OdooVersion } from './versions';
import type { CallInfo } from './services';

export type DelayMode = 'recorded' | 'off';

type PerVersion = readonly [v16: number, v17: number, v18: number];

/** Medians of the recorded servers in ms: by `model.method`, then by method. */
const BY_CALL: Record<string, PerVersion> = {
  'common.version': [10.5, 12.8, 8.7],
  'stock.picking.create': [28.1, 26.4, 35.5],
  'stock.package_level.write': [26.4, 26, 26],
  'stock.quant.search_read': [16.1, 18.9, 14.3],
  'stock.quant.package.search_read': [12.5, 15, 9.3],
  'stock.location.search_read': [12, 13.5, 9.8],
};
const BY_METHOD: Record<string, PerVersion> = {
  authenticate: [184.9, 346.8, 264.4],
  login: [184.9, 346.8, 264.4],
  search_count: [10.9, 16.2, 10],
  search_read: [14, 10.4, 13],
  search: [11, 12, 10],
  read: [14.9, 11.7, 11.8],
  fields_get: [14.2, 18.9, 12.2],
  create: [28.1, 26.4, 35.5],
  write: [22, 22, 24],
  unlink: [40, 40, 40],
  action_confirm: [78.4, 86.1, 75.6],
  action_assign: [33.6, 36.3, 36.7],
  button_validate: [57.8, 72.1, 73.6],
  action_cancel: [43, 45, 54],
  process: [88, 110, 120],
  process_cancel_backorder: [90, 110, 114],
};
const READ: PerVersion = [11, 12, 10];
const CHANGE: PerVersion = [30, 30, 30];

/**
 * How long the recorded server of this version took for such a call, in ms. The first call of a user and password is
 * as slow as a log-in, because the password's hash is checked; after that the server remembers it.
 */
export function recordedDelay(call: CallInfo, version: OdooVersion, firstOfUser: boolean): number {
  const column = version - 16;
  const row = BY_CALL[call.name] ?? BY_METHOD[call.method] ?? (call.changes ? CHANGE : READ);
  const login = firstOfUser ? (BY_METHOD['authenticate']?.[column] ?? 0) : 0;
  return (row[column] ?? 0) + login;
}
