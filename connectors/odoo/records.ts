import { OdooError } from './errors';

/** Readers of one record as Odoo answers it. A shape that Odoo never has is `incompatible`, not an undefined further on. */
export type OdooRecord = Readonly<Record<string, unknown>>;

export interface Reference {
  id: number;
  name: string;
}

export function records(answer: unknown, model: string): OdooRecord[] {
  if (!Array.isArray(answer)) throw unexpected(model, 'a list of records', answer);
  return answer.map((row: unknown) => {
    if (typeof row !== 'object' || row === null) throw unexpected(model, 'a record', row);
    return row as OdooRecord;
  });
}

export function integer(record: OdooRecord, field: string): number {
  const value = record[field];
  if (typeof value !== 'number') throw unexpected(field, 'a number', value);
  return value;
}

/** A float: 0 may come as the integer 0. Quantities carry noise in the last digits; compare with a tolerance. */
export const float = integer;

export function text(record: OdooRecord, field: string): string {
  const value = record[field];
  if (typeof value !== 'string') throw unexpected(field, 'a text', value);
  return value;
}

/** Odoo says `false` for an empty text. */
export function optionalText(record: OdooRecord, field: string): string | null {
  return record[field] === false || record[field] === null ? null : text(record, field);
}

export function flag(record: OdooRecord, field: string): boolean {
  const value = record[field];
  if (typeof value !== 'boolean') throw unexpected(field, 'true or false', value);
  return value;
}

/** A many2one: `[id, display name]`, or `false` when empty. */
export function optionalReference(record: OdooRecord, field: string): Reference | null {
  const value = record[field];
  if (value === false || value === null) return null;
  if (!Array.isArray(value) || typeof value[0] !== 'number') throw unexpected(field, 'a reference', value);
  return { id: value[0], name: typeof value[1] === 'string' ? value[1] : '' };
}

export function reference(record: OdooRecord, field: string): Reference {
  const value = optionalReference(record, field);
  if (!value) throw unexpected(field, 'a reference', value);
  return value;
}

function unexpected(where: string, wanted: string, found: unknown): OdooError {
  const kind = found === null ? 'nothing' : Array.isArray(found) ? 'a list' : `${typeof found}`;
  return new OdooError('incompatible', `Odoo answered ${kind} for ${where}, where ${wanted} belongs`, {
    applied: 'no',
  });
}
