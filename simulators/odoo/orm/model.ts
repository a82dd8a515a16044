import type { Cell, Row } from '../db/table';
import type { OdooVersion } from '../versions';
import type { RpcStruct, RpcValue } from '../wire/values';
import type { Env } from './env';

export type FieldType =
  | 'boolean'
  | 'integer'
  | 'float'
  | 'monetary'
  | 'char'
  | 'text'
  | 'html'
  | 'selection'
  | 'date'
  | 'datetime'
  | 'many2one'
  | 'one2many'
  | 'many2many'
  | 'many2one_reference'
  | 'reference'
  | 'binary'
  | 'properties'
  | 'json';

export interface Field {
  name: string;
  type: FieldType;
  required: boolean;
  relation: string;
  label: string;
  selection?: readonly string[];
}

/** A method that RPC may call. Its parameters are bound as Python binds them. */
export interface Method {
  /** `record` methods take the ids first; `model` methods do not. */
  on: 'record' | 'model';
  /** Parameter names after the ids; a trailing `?` makes one optional. */
  params: readonly string[];
  /** Whether calling it changes something: what `times` of /_control counts. */
  changes: boolean;
  versions?: readonly OdooVersion[];
  run(env: Env, ids: number[], args: RpcStruct): RpcValue;
}

export type Compute = (env: Env, row: Row) => Cell;

export interface ModelSpec {
  name: string;
  /** The `_description`, as fault texts name the model. */
  description: string;
  versions?: readonly OdooVersion[];
  fields: string;
  /** The `_order`. */
  order?: string;
  displayName?: (env: Env, row: Row) => string;
  /** Fields that `name_search` looks in; `name` when left out. */
  searchNames?: readonly string[];
  /** Values that are worked out when read. */
  computed?: Record<string, Compute>;
  /** One2many fields: the model and field that point back. */
  children?: Record<string, readonly [model: string, inverse: string]>;
  selections?: Record<string, readonly string[]>;
  /** NOT NULL columns without a default, checked at insert. */
  notNull?: readonly string[];
  /** Model and field pairs whose foreign key forbids deleting a row of this model. */
  restrictedBy?: readonly (readonly [model: string, field: string])[];
  defaults?: (env: Env) => Record<string, Cell>;
  /** Runs before the values are checked; may fill in or refuse. */
  beforeCreate?: (env: Env, values: RpcStruct) => RpcStruct;
  afterCreate?: (env: Env, row: Row, values: RpcStruct) => void;
  beforeWrite?: (env: Env, rows: Row[], values: RpcStruct) => RpcStruct;
  afterWrite?: (env: Env, rows: Row[], values: RpcStruct) => void;
  beforeUnlink?: (env: Env, rows: Row[]) => void;
  methods?: Record<string, Method>;
  /** Computed fields that may be written all the same (they have an inverse). */
  settable?: readonly string[];
}

/** A model of one version: its spec with the fields that this version has. */
export interface Model extends Omit<ModelSpec, 'fields'> {
  fields: ReadonlyMap<string, Field>;
}

const MAGIC = `
id|integer|||ID|
display_name|char|||Display Name|
create_uid|many2one||res.users|Created by|
create_date|datetime|||Created on|
write_uid|many2one||res.users|Last Updated by|
write_date|datetime|||Last Updated on|
`;

/** Picks the fields of one version out of a `name|type|*|relation|label|versions` table. */
export function modelFor(spec: ModelSpec, version: OdooVersion): Model {
  const fields = new Map<string, Field>();
  for (const line of `${spec.fields}${MAGIC}`.split('\n')) {
    if (!line) continue;
    const [name = '', type = '', required = '', relation = '', label = '', versions = ''] = line.split('|');
    if (fields.has(name) || (versions && !versions.split(' ').includes(String(version)))) continue;
    const field: Field = { name, type: type as FieldType, required: required === '*', relation, label };
    const selection = spec.selections?.[name];
    fields.set(name, selection ? { ...field, selection } : field);
  }
  return { ...spec, fields };
}
