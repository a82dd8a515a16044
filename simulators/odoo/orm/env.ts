import type { Database } from '../db/database';
import type { Cell, Row } from '../db/table';
import { pythonError, userError } from '../faults';
import type { OdooVersion } from '../versions';
import type { RpcStruct } from '../wire/values';
import type { Field, Model } from './model';

export type Registry = ReadonlyMap<string, Model>;

/** One call: database, user, context, and the time at which its transaction began. */
export class Env {
  constructor(
    readonly db: Database,
    readonly registry: Registry,
    readonly uid: number,
    readonly context: RpcStruct,
    /** Transaction start, `YYYY-MM-DD HH:MM:SS.ffffff` UTC: every row that it writes carries it as write_date. */
    readonly now: string,
    /** `db.commits` when the call arrived: what changed since happened at the same time as this call. */
    readonly arrivedAt: number,
  ) {}

  get version(): OdooVersion {
    return this.db.version;
  }

  /** The language of the call: the context's, else the user's. */
  get lang(): string {
    const lang = this.context['lang'];
    if (typeof lang === 'string' && lang) return lang;
    return String(this.db.table('res.users').get(this.uid)?.['lang'] ?? 'en_US');
  }

  withContext(extra: RpcStruct): Env {
    return new Env(this.db, this.registry, this.uid, { ...this.context, ...extra }, this.now, this.arrivedAt);
  }

  /** @throws fault 2 for a model that this version does not have */
  model(name: string): Model {
    const model = this.registry.get(name);
    if (!model) throw userError(`Object ${name} doesn't exist`);
    return model;
  }

  /** @throws fault 1 for a field that the model does not have */
  field(model: Model, name: string): Field {
    const field = model.fields.get(name);
    if (!field) throw pythonError('ValueError', `Invalid field '${name}' on model '${model.name}'`);
    return field;
  }

  get(model: string, id: Cell | undefined): Row | undefined {
    return typeof id === 'number' ? this.db.table(model).get(id) : undefined;
  }

  /** The row; that it is missing is a mistake of the simulator's code or data, not of the caller. */
  must(model: string, id: Cell | undefined): Row {
    const row = this.get(model, id);
    if (!row) throw new Error(`${model}(${String(id)}) is missing in ${this.db.name}`);
    return row;
  }

  where(model: string, field: string, value: Cell): Row[] {
    return this.db.table(model).where(field, [value]);
  }

  /** Inserts a row without any model's hooks, under the next id (or a given one, for seeds). */
  insert(model: string, values: Record<string, Cell>, id?: number): Row {
    const key = id ?? this.db.next(model);
    if (id !== undefined) this.db.reserve(model, id);
    const stamps = { create_uid: this.uid, create_date: this.now, write_uid: this.uid, write_date: this.now };
    const row: Row = { ...values, ...stamps, id: key };
    this.db.put(model, key, row);
    return row;
  }

  /** Changes a row without any model's hooks. */
  patch(model: string, id: number, values: Record<string, Cell>): Row {
    const row: Row = { ...this.must(model, id), ...values, write_uid: this.uid, write_date: this.now, id };
    this.db.put(model, id, row);
    return row;
  }

  remove(model: string, id: number): void {
    this.db.put(model, id, null);
  }

  /** A field's value: worked out, or stored. One2many fields give ids. */
  value(model: Model, row: Row, name: string): Cell {
    const compute = model.computed?.[name];
    if (compute) return compute(this, row);
    const children = model.children?.[name];
    if (children) return this.where(children[0], children[1], row.id).map((child) => child.id);
    if (name === 'display_name') return this.displayName(model, row);
    return row[name] ?? null;
  }

  displayName(model: Model, row: Row): string {
    if (model.displayName) return model.displayName(this, row);
    const name = row['name'];
    return typeof name === 'string' ? name : `${model.name},${row.id}`;
  }
}
