import type { Cell, Row } from '../db/table';
import { missingError, pythonError, validationError } from '../faults';
import { isStruct, PyFloat, type RpcStruct, type RpcValue } from '../wire/values';
import { translate } from '../texts';
import type { Env } from './env';
import type { Field, Model } from './model';

/** Creates one record with the model's hooks and rules. */
export function createRecord(env: Env, model: Model, given: RpcStruct): Row {
  for (const name of Object.keys(given)) env.field(model, name);
  const values = model.beforeCreate ? model.beforeCreate(env, { ...given }) : given;
  const cells = { ...(model.defaults?.(env) ?? {}), ...storedCells(env, model, values) };
  requireColumns(env, model, cells);
  requireTargets(env, model, cells);
  const row = env.insert(model.name, cells);
  applyCommands(env, model, row, values);
  model.afterCreate?.(env, row, values);
  return env.must(model.name, row.id);
}

/** Writes the same values to every row. @throws fault 2 when one of them does not exist */
export function writeRecords(env: Env, model: Model, ids: number[], given: RpcStruct): void {
  const rows = existing(env, model, ids);
  for (const name of Object.keys(given)) env.field(model, name);
  const values = model.beforeWrite ? model.beforeWrite(env, rows, { ...given }) : given;
  const cells = storedCells(env, model, values);
  requireTargets(env, model, cells);
  for (const row of rows) {
    env.patch(model.name, row.id, cells);
    applyCommands(env, model, row, values);
  }
  model.afterWrite?.(
    env,
    rows.map((row) => env.must(model.name, row.id)),
    values,
  );
}

/** Deletes rows, refusing as foreign keys do. */
export function unlinkRecords(env: Env, model: Model, ids: number[]): void {
  const rows = existing(env, model, ids);
  model.beforeUnlink?.(env, rows);
  for (const row of rows) {
    for (const [other, field] of model.restrictedBy ?? []) {
      if (env.where(other, field, row.id).length > 0) throw foreignKey(env.model(other), field);
    }
    env.remove(model.name, row.id);
  }
}

/** The rows, in the order asked for. @throws MissingError naming those that do not exist */
export function existing(env: Env, model: Model, ids: number[]): Row[] {
  const missing = ids.filter((id) => !env.get(model.name, id));
  if (missing.length > 0) throw missingError(missingText(env, model.name, missing));
  return ids.map((id) => env.must(model.name, id));
}

/** The text of a MissingError. */
export function missingText(env: Env, model: string, ids: number[]): string {
  const list = ids.length === 1 ? `${ids[0]},` : ids.join(', ');
  return translate(env, 'missing', `${model}(${list})`, String(env.uid));
}

function foreignKey(model: Model, field: string): Error {
  const constraint = `${model.name.replace(/\./g, '_')}_${field}_fkey`;
  return validationError(
    `The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.\n\nModel: ${model.description} (${model.name})\nConstraint: ${constraint}\n`,
  );
}

function requireColumns(env: Env, model: Model, cells: Record<string, Cell>): void {
  const missing = model.notNull?.find((name) => (cells[name] ?? null) === null);
  if (!missing) return;
  throw validationError(
    `The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another model requires the record being deleted. If possible, archive it instead.\n\nModel: ${model.description} (${model.name})\nField: ${env.field(model, missing).label} (${missing})\n`,
  );
}

function requireTargets(env: Env, model: Model, cells: Record<string, Cell>): void {
  for (const [name, value] of Object.entries(cells)) {
    const field = model.fields.get(name);
    if (field?.type !== 'many2one' || value === null || !env.registry.has(field.relation)) continue;
    if (!env.get(field.relation, value)) throw foreignKey(model, name);
  }
}

function storedCells(env: Env, model: Model, values: RpcStruct): Record<string, Cell> {
  const cells: Record<string, Cell> = {};
  for (const [name, value] of Object.entries(values)) {
    const field = env.field(model, name);
    if (field.type === 'one2many' || name === 'id') continue;
    cells[name] = incoming(model, field, value);
  }
  return cells;
}

function incoming(model: Model, field: Field, given: RpcValue): Cell {
  const value = given instanceof PyFloat ? given.value : given;
  switch (field.type) {
    case 'boolean':
      return Boolean(value);
    case 'integer':
      return Math.trunc(Number(value ?? 0)) || 0;
    case 'float':
    case 'monetary':
      return toFloat(value);
    case 'many2one':
      // A text is silently stored as empty: so does Odoo.
      return typeof value === 'number' && value !== 0 ? value : null;
    case 'many2many':
      return linkedIds(value);
    case 'selection':
      if (value === null || value === false || value === '') return null;
      if (field.selection && !field.selection.includes(String(value))) {
        throw pythonError('ValueError', `Wrong value for ${model.name}.${field.name}: '${String(value)}'`);
      }
      return String(value);
    case 'html':
      return value === null || value === false || value === '' ? null : htmlOf(String(value));
    default:
      if (value === null || value === false) return null;
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

function htmlOf(text: string): string {
  return /^\s*</.test(text)
    ? text
    : `<p>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</p>`;
}

function toFloat(value: RpcValue): number {
  if (value === null || value === false) return 0;
  const number = Number(value);
  if (Number.isNaN(number)) throw pythonError('ValueError', `could not convert string to float: '${String(value)}'`);
  return number;
}

/** Ids of a many2many out of its commands: [4, id], [6, 0, ids] or plain ids. */
function linkedIds(value: RpcValue): number[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    if (typeof item === 'number') return [item];
    if (!Array.isArray(item)) return [];
    if (item[0] === 4) return [item[1] as number];
    return item[0] === 6 && Array.isArray(item[2]) ? (item[2] as number[]) : [];
  });
}

/** One2many commands: [0,0,values] creates, [1,id,values] writes, [2,id] deletes, [4,id] links, [5] and [6,0,ids] replace. */
function applyCommands(env: Env, model: Model, row: Row, values: RpcStruct): void {
  for (const [name, commands] of Object.entries(values)) {
    const children = model.children?.[name];
    if (!children || !Array.isArray(commands)) continue;
    const [childName, inverse] = children;
    const child = env.model(childName);
    for (const command of commands) {
      if (!Array.isArray(command)) continue;
      const [code, id, content] = command;
      if (code === 0 && isStruct(content)) createRecord(env, child, { ...content, [inverse]: row.id });
      else if (code === 1 && isStruct(content)) writeRecords(env, child, [id as number], content);
      else if (code === 2 || code === 3) unlinkRecords(env, child, [id as number]);
      else if (code === 4) writeRecords(env, child, [id as number], { [inverse]: row.id });
      else if (code === 5 || code === 6) {
        const keep = Array.isArray(content) ? content : [];
        const drop = env.where(childName, inverse, row.id).map((one) => one.id);
        unlinkRecords(
          env,
          child,
          drop.filter((one) => !keep.includes(one)),
        );
      }
    }
  }
}
