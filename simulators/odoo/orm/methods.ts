import { pythonError } from '../faults';
import { isStruct, type RpcStruct, type RpcValue } from '../wire/values';
import { checkAccess, mayAccess, type Operation } from './access';
import { readGroup } from './group';
import type { Env } from './env';
import type { Field, Method, Model } from './model';
import { readRows } from './read';
import { searchRows } from './search';
import { createRecord, existing, unlinkRecords, writeRecords } from './write';

type Run = (env: Env, model: Model, ids: number[], args: RpcStruct) => RpcValue;
interface BaseMethod extends Omit<Method, 'run'> {
  run: Run;
}

const PAGE = ['offset?', 'limit?', 'order?'];

/** The methods that every model has (Python's BaseModel). */
export const BASE_METHODS: Record<string, BaseMethod> = {
  search: reading('model', ['domain', ...PAGE], (env, model, _ids, args) =>
    searchRows(env, model, args['domain'] as RpcValue, args).map((row) => row.id),
  ),
  search_count: reading(
    'model',
    ['domain', 'limit?'],
    (env, model, _ids, args) =>
      searchRows(env, model, args['domain'] as RpcValue, { limit: args['limit'] ?? false }).length,
  ),
  search_read: reading('model', ['domain?', 'fields?', ...PAGE, 'load?'], (env, model, _ids, args) => {
    const rows = searchRows(env, model, args['domain'] ?? [], args);
    return readRows(env, model, rows, args['fields'], args['load']);
  }),
  read: reading('record', ['fields?', 'load?'], (env, model, ids, args) => {
    const rows = ids.flatMap((id) => env.get(model.name, id) ?? []);
    return readRows(env, model, rows, args['fields'], args['load']);
  }),
  read_group: reading(
    'model',
    ['domain', 'fields', 'groupby', 'offset?', 'limit?', 'orderby?', 'lazy?'],
    (env, model, _ids, args) => readGroup(env, model, args),
  ),
  name_search: reading('model', ['name?', 'args?', 'operator?', 'limit?'], nameSearch),
  name_get: {
    ...reading('record', [], (env, model, ids) =>
      existing(env, model, ids).map((row) => [row.id, env.displayName(model, row)]),
    ),
    versions: [16, 17],
  },
  fields_get: reading('model', ['allfields?', 'attributes?'], fieldsGet),
  default_get: reading('model', ['fields_list'], (env, model) => ({ ...(model.defaults?.(env) ?? {}) })),
  exists: reading('record', [], (env, model, ids) => ids.filter((id) => env.get(model.name, id))),
  check_access_rights: {
    on: 'model',
    params: ['operation', 'raise_exception?'],
    changes: false,
    run: (env, model, _ids, args) => {
      const operation = args['operation'] as Operation;
      if (args['raise_exception'] !== false) checkAccess(env, model, operation);
      return mayAccess(env, model, operation);
    },
  },
  has_access: {
    on: 'record',
    params: ['operation'],
    changes: false,
    versions: [18],
    run: (env, model, _ids, args) => mayAccess(env, model, args['operation'] as Operation),
  },
  create: {
    on: 'model',
    params: ['vals_list'],
    changes: true,
    run: (env, model, _ids, args) => {
      checkAccess(env, model, 'create');
      const values = args['vals_list'];
      if (Array.isArray(values)) return values.map((one) => createRecord(env, model, one as RpcStruct).id);
      return createRecord(env, model, isStruct(values) ? values : {}).id;
    },
  },
  write: {
    on: 'record',
    params: ['vals'],
    changes: true,
    run: (env, model, ids, args) => {
      checkAccess(env, model, 'write');
      writeRecords(env, model, ids, args['vals'] as RpcStruct);
      return true;
    },
  },
  unlink: {
    on: 'record',
    params: [],
    changes: true,
    run: (env, model, ids) => {
      checkAccess(env, model, 'unlink');
      unlinkRecords(env, model, ids);
      return true;
    },
  },
};

/** A method that only reads: the model's read right is asked for first. */
function reading(on: 'record' | 'model', params: string[], run: Run): BaseMethod {
  return {
    on,
    params,
    changes: false,
    run: (env, model, ids, args) => {
      checkAccess(env, model, 'read');
      return run(env, model, ids, args);
    },
  };
}

function nameSearch(env: Env, model: Model, _ids: number[], args: RpcStruct): RpcValue {
  const name = args['name'] ?? '';
  const operator = args['operator'] ?? 'ilike';
  const names = model.searchNames ?? ['name'];
  const extra = Array.isArray(args['args']) ? args['args'] : [];
  const leaves: RpcValue[] = names.map((field) => [field, operator, name]);
  const domain = name === '' ? extra : [...Array<RpcValue>(names.length - 1).fill('|'), ...leaves, ...extra];
  const rows = searchRows(env, model, domain, { limit: args['limit'] ?? 100 });
  return rows.map((row) => [row.id, env.displayName(model, row)]);
}

function fieldsGet(env: Env, model: Model, _ids: number[], args: RpcStruct): RpcValue {
  const wanted = Array.isArray(args['allfields']) && args['allfields'].length > 0 ? args['allfields'] : null;
  const attributes = Array.isArray(args['attributes']) ? args['attributes'] : null;
  const result: RpcStruct = {};
  for (const field of model.fields.values()) {
    if (wanted && !wanted.includes(field.name)) continue;
    const all = describe(model, field);
    result[field.name] = attributes
      ? Object.fromEntries(Object.entries(all).filter(([name]) => attributes.includes(name)))
      : all;
  }
  return result;
}

function describe(model: Model, field: Field): RpcStruct {
  const relational: RpcStruct = field.relation ? { relation: field.relation } : {};
  const selection: RpcStruct = field.selection ? { selection: field.selection.map((value) => [value, value]) } : {};
  const computed = model.computed?.[field.name] !== undefined;
  return {
    ...relational,
    ...selection,
    name: field.name,
    readonly: field.name === 'id' || (computed && !model.settable?.includes(field.name)),
    required: field.required,
    searchable: true,
    sortable: !computed,
    store: !computed,
    string: field.label,
    type: field.type,
  };
}

/** Binds positional and keyword arguments as Python does. @throws fault 1 (TypeError) with Python's own text */
export function bindArguments(
  owner: string | null,
  name: string,
  method: Pick<Method, 'params'>,
  args: RpcValue[],
  kwargs: RpcStruct,
): RpcStruct {
  const names = method.params.map((param) => param.replace('?', ''));
  const title = owner === null ? name : `${owner}.${name}`;
  // Python counts `self` too.
  const self = owner === null ? 0 : 1;
  const bound: RpcStruct = {};
  if (args.length > names.length) {
    throw pythonError(
      'TypeError',
      `${title}() takes ${names.length + self} positional argument${names.length + self === 1 ? '' : 's'} but ${args.length + self} were given`,
    );
  }
  args.forEach((value, index) => (bound[names[index] as string] = value));
  for (const [key, value] of Object.entries(kwargs)) {
    if (!names.includes(key)) throw pythonError('TypeError', `${title}() got an unexpected keyword argument '${key}'`);
    if (key in bound) throw pythonError('TypeError', `${title}() got multiple values for argument '${key}'`);
    bound[key] = value;
  }
  const missing = method.params.filter((param) => !param.endsWith('?') && !(param in bound));
  if (missing.length > 0) {
    const plural = missing.length > 1 ? 's' : '';
    throw pythonError(
      'TypeError',
      `${title}() missing ${missing.length} required positional argument${plural}: ${missing.map((one) => `'${one}'`).join(' and ')}`,
    );
  }
  return bound;
}
