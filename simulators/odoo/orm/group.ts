import type { Row } from '../db/table';
import { userError } from '../faults';
import { PyFloat, type RpcStruct, type RpcValue } from '../wire/values';
import type { Env } from './env';
import type { Field, Model } from './model';
import { readRows } from './read';
import { searchRows } from './search';

interface Group {
  rows: Row[];
  values: RpcStruct;
}

/** `read_group` over plain fields and many2one (sums, averages, minima, maxima, counts); lazy groups by the first only. */
export function readGroup(env: Env, model: Model, args: RpcStruct): RpcValue {
  const domain = Array.isArray(args['domain']) ? args['domain'] : [];
  const groupby = (Array.isArray(args['groupby']) ? args['groupby'] : [args['groupby']]).map(String);
  const lazy = args['lazy'] !== false;
  const used = lazy ? groupby.slice(0, 1) : groupby;
  for (const name of used) env.field(model, name);
  const order = used.join(',');
  const rows = searchRows(env, model, domain, { order });
  const result = groupRows(env, model, rows, used).map((group) => answer(env, model, group, used, args, domain, lazy));
  const offset = Number(args['offset'] ?? 0) || 0;
  const limit = Number(args['limit'] ?? 0) || result.length;
  return result.slice(offset, offset + limit);
}

function groupRows(env: Env, model: Model, rows: Row[], names: string[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const [values = {}] = readRows(env, model, [row], names);
    const key = JSON.stringify(names.map((name) => values[name]));
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { rows: [row], values });
  }
  return [...groups.values()];
}

function answer(
  env: Env,
  model: Model,
  group: Group,
  names: string[],
  args: RpcStruct,
  domain: RpcValue[],
  lazy: boolean,
): RpcStruct {
  const keys: RpcStruct = Object.fromEntries(names.map((name) => [name, group.values[name] as RpcValue]));
  const count: RpcStruct = { [lazy && names[0] ? `${names[0]}_count` : '__count']: group.rows.length };
  const sums = aggregates(
    env,
    model,
    group.rows,
    Array.isArray(args['fields']) ? args['fields'].map(String) : [],
    names,
  );
  const own: RpcValue[] = names.map((name) => [name, '=', idOf(group.values[name] as RpcValue)]);
  // The order of the keys differs by version: 16 puts the group's fields last.
  return env.version === 16
    ? { ...count, ...sums, ...keys, __domain: joinDomains(own, domain) }
    : { ...keys, ...count, ...sums, __domain: joinDomains17(domain, own) };
}

function idOf(value: RpcValue): RpcValue {
  return Array.isArray(value) ? (value[0] as RpcValue) : value;
}

function joinDomains(own: RpcValue[], domain: RpcValue[]): RpcValue[] {
  const left = [...ands(own.length - 1), ...own];
  const right = [...ands(leafCount(domain) - 1), ...domain];
  return domain.length === 0 ? left : ['&', ...left, ...right];
}

function joinDomains17(domain: RpcValue[], own: RpcValue[]): RpcValue[] {
  return [...ands(leafCount(domain) + own.length - 1), ...domain, ...own];
}

const ands = (count: number): RpcValue[] => Array<RpcValue>(Math.max(0, count)).fill('&');
const leafCount = (domain: RpcValue[]): number =>
  domain.filter(Array.isArray).length - domain.filter((item) => item === '&' || item === '|').length;

function aggregates(env: Env, model: Model, rows: Row[], specs: string[], groupby: string[]): RpcStruct {
  const result: RpcStruct = {};
  for (const spec of specs) {
    const [name = '', how] = spec.split(':');
    if (groupby.includes(name)) continue;
    const field = env.field(model, name);
    if (result[name] !== undefined && env.version === 16) throw userError(`Output name '${name}' is used twice.`);
    if (!how && !['float', 'monetary', 'integer'].includes(field.type)) continue;
    result[name] = aggregate(env, model, rows, field, how ?? 'sum');
  }
  return result;
}

function aggregate(env: Env, model: Model, rows: Row[], field: Field, how: string): RpcValue {
  const cells = rows.map((row) => env.value(model, row, field.name)).filter((cell) => cell !== null);
  if (how === 'count') return cells.length;
  if (how === 'count_distinct') return new Set(cells).size;
  if (field.type === 'datetime' || field.type === 'date') {
    const sorted = cells.map(String).sort();
    return (how === 'min' ? sorted[0] : sorted[sorted.length - 1])?.slice(0, 19) ?? false;
  }
  const numbers = cells.map(Number);
  const sum = numbers.reduce((total, one) => total + one, 0);
  const value =
    how === 'max'
      ? Math.max(...numbers)
      : how === 'min'
        ? Math.min(...numbers)
        : how === 'avg'
          ? sum / numbers.length
          : sum;
  // PostgreSQL sums numerics exactly; the doubles' noise is not there.
  return field.type === 'integer' ? value : new PyFloat(Math.round(value * 1e6) / 1e6);
}
