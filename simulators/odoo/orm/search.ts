import type { Cell, Row } from '../db/table';
import { pythonError, userError } from '../faults';
import type { RpcValue } from '../wire/values';
import { compileDomain } from './domain';
import type { Env } from './env';
import type { Model } from './model';

export interface SearchOptions {
  offset?: RpcValue;
  limit?: RpcValue;
  order?: RpcValue;
}

type Comparator = (a: Row, b: Row) => number;

/** Finds rows as `_search` does: domain, archived rows hidden unless asked for, order, offset, limit (0 or False = all). */
export function searchRows(env: Env, model: Model, domain: RpcValue, options: SearchOptions = {}): Row[] {
  const compiled = compileDomain(env, model, domain);
  const order = typeof options.order === 'string' && options.order ? options.order : (model.order ?? 'id');
  const comparator = comparatorFor(env, model, order);
  const limit = limitOf(env, options.limit);
  const table = env.db.table(model.name);
  const candidates = compiled.narrow ? table.where(compiled.narrow.field, compiled.narrow.values) : table.all();
  const onlyActive = model.fields.has('active') && env.context['active_test'] !== false && !compiled.namesActive;
  const found = candidates.filter((row) => (!onlyActive || row['active'] !== false) && compiled.matches(row));
  found.sort(comparator);
  const offset = Number(options.offset ?? 0) || 0;
  return limit === null ? found.slice(offset) : found.slice(offset, offset + limit);
}

function limitOf(env: Env, limit: RpcValue | undefined): number | null {
  if (typeof limit === 'string' && env.version === 16) {
    throw pythonError('TypeError', '%d format: a real number is required, not str');
  }
  return Number(limit ?? 0) || null;
}

/** @throws fault 2 for text that is no order, fault 1 for unknown fields */
function comparatorFor(env: Env, model: Model, order: string): Comparator {
  const terms = order.split(',').map((term) => {
    const parts = /^\s*([a-z0-9_."]+)(?:\s+(asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$/i.exec(term);
    if (!parts) {
      throw userError(
        `Invalid "order" specified (${order}). A valid "order" specification is a comma-separated list of valid field names (optionally followed by asc/desc for the direction)`,
      );
    }
    return fieldComparator(env, model, parts[1] as string, parts[2]?.toLowerCase() === 'desc');
  });
  return (a, b) => {
    for (const term of terms) {
      const result = term(a, b);
      if (result !== 0) return result;
    }
    return a.id - b.id;
  };
}

function fieldComparator(env: Env, model: Model, name: string, descending: boolean): Comparator {
  const field = env.field(model, name);
  const sign = descending ? -1 : 1;
  if (field.type === 'many2one') {
    const comodel = env.model(field.relation);
    const inner = comparatorFor(env, comodel, comodel.order ?? 'id');
    return (a, b) => {
      const left = env.get(field.relation, a[name]);
      const right = env.get(field.relation, b[name]);
      if (!left || !right) return sign * (Number(!left) - Number(!right));
      return sign * inner(left, right);
    };
  }
  return (a, b) => sign * compareCells(env.value(model, a, name), env.value(model, b, name));
}

/** Ascending, NULLs last, as PostgreSQL does. */
function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
