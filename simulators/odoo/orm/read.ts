import type { Cell, Row } from '../db/table';
import { pythonError } from '../faults';
import { PyFloat, type RpcStruct, type RpcValue } from '../wire/values';
import type { Env } from './env';
import type { Field, Model } from './model';

/**
 * Reads rows as `read` answers: False for what is empty, `[id, name]` for many2one (bare ids with load=''), ids for
 * x2many. `id` always comes first; no field names means all of them.
 * @throws fault 1 for an unknown field
 */
export function readRows(
  env: Env,
  model: Model,
  rows: Row[],
  names: RpcValue | undefined,
  load?: RpcValue,
): RpcStruct[] {
  const fields = fieldList(env, model, names);
  const plain = load !== undefined && load !== '_classic_read';
  return rows.map((row) => {
    const record: RpcStruct = { id: row.id };
    for (const field of fields) record[field.name] = outgoing(env, model, row, field, plain);
    return record;
  });
}

function fieldList(env: Env, model: Model, names: RpcValue | undefined): Field[] {
  if (!Array.isArray(names) || names.length === 0) return [...model.fields.values()];
  return names.map((name) => {
    if (typeof name !== 'string') throw pythonError('TypeError', 'field names must be texts');
    return env.field(model, name);
  });
}

function outgoing(env: Env, model: Model, row: Row, field: Field, plain: boolean): RpcValue {
  if (field.name === 'id') return row.id;
  const value = env.value(model, row, field.name);
  switch (field.type) {
    case 'integer':
    case 'many2one_reference':
      return typeof value === 'number' ? value : 0;
    case 'float':
    case 'monetary':
      return new PyFloat(typeof value === 'number' ? value : 0);
    case 'boolean':
      return value === true;
    case 'one2many':
    case 'many2many':
      return Array.isArray(value) ? value : [];
    case 'many2one':
      return many2one(env, field, value, plain);
    case 'datetime':
      return typeof value === 'string' ? value.slice(0, 19) : false;
    default:
      return value === null || Array.isArray(value) ? false : value;
  }
}

function many2one(env: Env, field: Field, value: Cell, plain: boolean): RpcValue {
  const target = env.registry.has(field.relation) ? env.get(field.relation, value) : undefined;
  if (!target) return false;
  return plain ? target.id : [target.id, env.displayName(env.model(field.relation), target)];
}
