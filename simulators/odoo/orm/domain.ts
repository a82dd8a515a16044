import type { Cell, Row } from '../db/table';
import { pythonError } from '../faults';
import { isStruct, PyFloat, reprTuple, type RpcValue } from '../wire/values';
import { descendants, ancestors } from './tree';
import type { Env } from './env';
import type { Field, Model } from './model';
import { canonicalDatetime } from './datetime';

type Predicate = (row: Row) => boolean;

/** A compiled search domain. */
export interface Domain {
  matches: Predicate;
  /** Whether a leaf names `active`: then archived rows are not filtered out by themselves. */
  namesActive: boolean;
  /** An indexed field with the values that every match must have, when the domain says so at its top. */
  narrow: { field: string; values: Cell[] } | null;
}

const OPERATORS = new Set([
  '=',
  '!=',
  '<>',
  '==',
  '<',
  '<=',
  '>',
  '>=',
  '=?',
  'in',
  'not in',
  'like',
  'not like',
  'ilike',
  'not ilike',
  '=like',
  '=ilike',
  'child_of',
  'parent_of',
  'any',
  'not any',
]);
const ORDERING = new Set(['<', '<=', '>', '>=']);

/**
 * Compiles a domain in Odoo's prefix notation (`&`, `|`, `!`; missing operators mean `&`).
 * @throws fault 1 with the server's own text for malformed domains, unknown fields and operators
 */
export function compileDomain(env: Env, model: Model, domain: RpcValue): Domain {
  if (!Array.isArray(domain)) {
    throw pythonError(
      'AssertionError',
      "Domains to normalize must have a 'domain' form: a list or tuple of domain components",
    );
  }
  return new Compiler(env, model).compile(domain);
}

class Compiler {
  private namesActive = false;

  constructor(
    private readonly env: Env,
    private readonly model: Model,
  ) {}

  compile(domain: RpcValue[]): Domain {
    const stack: Predicate[] = [];
    for (const item of [...domain].reverse()) {
      if (item === '&' || item === '|') {
        const left = stack.pop() ?? (() => true);
        const right = stack.pop() ?? (() => true);
        stack.push(item === '&' ? (row) => left(row) && right(row) : (row) => left(row) || right(row));
      } else if (item === '!') {
        const inner = stack.pop() ?? (() => true);
        stack.push((row) => !inner(row));
      } else {
        stack.push(this.leaf(item));
      }
    }
    const parts = stack.reverse();
    return {
      matches: (row) => parts.every((part) => part(row)),
      namesActive: this.namesActive,
      narrow: this.narrow(domain),
    };
  }

  private narrow(domain: RpcValue[]): Domain['narrow'] {
    if (domain.some((item) => item === '|' || item === '!')) return null;
    const table = this.env.db.table(this.model.name);
    for (const item of domain) {
      if (!Array.isArray(item)) continue;
      const [field, operator, value] = item;
      if (typeof field !== 'string' || !table.hasIndex(field) || this.model.computed?.[field]) continue;
      if (operator === '=' && (typeof value === 'string' || typeof value === 'number')) {
        // A text compared with a many2one means its display name: the index cannot answer that.
        if (typeof value === 'string' && this.model.fields.get(field)?.type === 'many2one') continue;
        return { field, values: [value] };
      }
      if (
        operator === 'in' &&
        Array.isArray(value) &&
        value.every((v) => typeof v === 'number' || typeof v === 'string')
      ) {
        return { field, values: value as Cell[] };
      }
    }
    return null;
  }

  private leaf(item: RpcValue): Predicate {
    if (typeof item === 'string') throw pythonError('IndexError', 'string index out of range');
    if (!Array.isArray(item)) throw pythonError('TypeError', `'${typeof item}' object is not subscriptable`);
    if (item.length !== 3) throw this.shortLeaf(item);
    const [field, operator, value] = item as [RpcValue, RpcValue, RpcValue];
    if (typeof operator !== 'string' || !OPERATORS.has(operator)) {
      throw pythonError('ValueError', `Invalid leaf ${reprTuple(item)}`);
    }
    if ((field === 1 || field === 0) && operator === '=' && value === 1) return () => field === 1;
    if (typeof field !== 'string') throw pythonError('ValueError', `Invalid leaf ${reprTuple(item)}`);
    return this.path(this.model, field, operator, value, item);
  }

  private shortLeaf(item: RpcValue[]): Error {
    return this.env.version === 16
      ? pythonError('ValueError', `Invalid leaf ${reprTuple(item)}`)
      : pythonError('ValueError', `not enough values to unpack (expected 3, got ${item.length})`);
  }

  private path(model: Model, path: string, operator: string, value: RpcValue, item: RpcValue[]): Predicate {
    const dot = path.indexOf('.');
    const name = dot === -1 ? path : path.slice(0, dot);
    const field = model.fields.get(name);
    if (!field) {
      throw pythonError('ValueError', `Invalid field ${model.name}.${name} in leaf ${reprTuple(item)}`);
    }
    if (model === this.model && name === 'active') this.namesActive = true;
    if (dot === -1) return this.compare(model, field, operator, value, item);
    const comodel = this.env.model(field.relation);
    const inner = this.path(comodel, path.slice(dot + 1), operator, value, item);
    return (row) => this.related(model, row, field).some(inner);
  }

  private related(model: Model, row: Row, field: Field): Row[] {
    const value = this.env.value(model, row, field.name);
    const ids = Array.isArray(value) ? value : [value];
    return ids.flatMap((id) => this.env.get(field.relation, id) ?? []);
  }

  private compare(model: Model, field: Field, operator: string, value: RpcValue, item: RpcValue[]): Predicate {
    const get = (row: Row): Cell => this.env.value(model, row, field.name);
    switch (operator) {
      case '=?':
        return value === false || value === null ? () => true : this.compare(model, field, '=', value, item);
      case 'child_of':
      case 'parent_of':
        return this.hierarchy(model, field, operator, value);
      case 'any':
      case 'not any': {
        const inner = compileDomain(this.env, this.env.model(field.relation), value);
        const any = (row: Row): boolean => this.related(model, row, field).some(inner.matches);
        return operator === 'any' ? any : (row) => !any(row);
      }
      case 'in':
      case 'not in': {
        if (typeof value === 'string' || isStruct(value)) {
          throw pythonError('ValueError', `Invalid domain term ${reprTuple(item)}`);
        }
        const wanted = (Array.isArray(value) ? value : [value]).map((one) => this.operand(model, field, one));
        const within = (row: Row): boolean => wanted.some((one) => equals(get(row), one, field));
        return operator === 'in' ? within : (row) => !within(row);
      }
      case '=':
      case '==':
      case '!=':
      case '<>': {
        if (Array.isArray(value))
          return this.compare(model, field, operator.startsWith('=') ? 'in' : 'not in', value, item);
        if (field.type === 'many2one' && typeof value === 'string' && value) {
          return this.byName(model, field, operator.startsWith('=') ? '=' : '!=', value);
        }
        const wanted = this.operand(model, field, value);
        const same = (row: Row): boolean => equals(get(row), wanted, field);
        return operator.startsWith('=') ? same : (row) => !same(row);
      }
      default:
        if (ORDERING.has(operator)) return this.ordering(get, model, field, operator, value);
        return this.pattern(get, model, field, operator, value);
    }
  }

  /** Converts a leaf's value to what is stored, refusing what PostgreSQL refuses. */
  private operand(model: Model, field: Field, value: RpcValue): Cell {
    if (value === null || value === false) return field.type === 'boolean' ? false : null;
    if (value instanceof PyFloat) return value.value;
    if (field.type === 'datetime' || field.type === 'date') {
      const text = canonicalDatetime(String(value), field.type);
      if (text !== null) return text;
      const type = field.type === 'date' ? 'date' : 'timestamp';
      throw pythonError(
        'psycopg2.errors.InvalidDatetimeFormat',
        `invalid input syntax for type ${type}: "${String(value)}"\nLINE 1: ...("${model.name.replace(/\./g, '_')}"."${field.name}" > '${String(value)}')...`,
      );
    }
    if (typeof value === 'number' && (field.type === 'integer' || field.type === 'many2one'))
      this.int32(model, field, value);
    if (typeof value === 'string' && (field.type === 'integer' || field.type === 'many2one') && value !== '') {
      const number = Number(value);
      return Number.isNaN(number) ? value : number;
    }
    return value as Cell;
  }

  private int32(model: Model, field: Field, value: number): void {
    if (Math.abs(value) <= 0x7fffffff) return;
    const table = model.name.replace(/\./g, '_');
    throw pythonError(
      'psycopg2.errors.NumericValueOutOfRange',
      `value "${value}" is out of range for type integer\nLINE 1: ...WHERE ("${table}"."${field.name}" < '${value}')...`,
    );
  }

  private ordering(get: (row: Row) => Cell, model: Model, field: Field, operator: string, value: RpcValue): Predicate {
    const wanted = this.operand(model, field, value);
    if (wanted === null || Array.isArray(wanted)) return () => false;
    return (row) => {
      const stored = get(row);
      if (stored === null || Array.isArray(stored)) return false;
      switch (operator) {
        case '<':
          return stored < wanted;
        case '<=':
          return stored <= wanted;
        case '>':
          return stored > wanted;
        default:
          return stored >= wanted;
      }
    };
  }

  private pattern(get: (row: Row) => Cell, model: Model, field: Field, operator: string, value: RpcValue): Predicate {
    const negative = operator.startsWith('not ');
    const kind = operator.replace('not ', '');
    const text = typeof value === 'string' ? value : value === false || value === null ? '' : String(value);
    const expression = like(kind.startsWith('=') ? text : `%${text}%`, kind.includes('ilike'));
    const matches = (row: Row): boolean => {
      if (field.type !== 'many2one')
        return expression.test(String(get(row) ?? '')) && (get(row) !== null || text === '');
      const target = this.env.get(field.relation, get(row));
      return target !== undefined && expression.test(this.env.displayName(this.env.model(field.relation), target));
    };
    return negative ? (row) => !matches(row) : matches;
  }

  private byName(model: Model, field: Field, operator: '=' | '!=', text: string): Predicate {
    const comodel = this.env.model(field.relation);
    const same = (row: Row): boolean =>
      this.related(model, row, field).some((target) => this.env.displayName(comodel, target) === text);
    return operator === '=' ? same : (row) => !same(row);
  }

  private hierarchy(model: Model, field: Field, operator: 'child_of' | 'parent_of', value: RpcValue): Predicate {
    const target = field.name === 'id' ? model.name : field.relation;
    const roots = (Array.isArray(value) ? value : [value]).flatMap((one) => {
      if (typeof one === 'number') return [one];
      if (typeof one !== 'string') return [];
      const comodel = this.env.model(target);
      return this.env.db
        .table(target)
        .all()
        .filter((row) => this.env.displayName(comodel, row) === one)
        .map((row) => row.id);
    });
    const ids = new Set(
      roots.flatMap((id) =>
        operator === 'child_of' ? descendants(this.env, target, id) : ancestors(this.env, target, id),
      ),
    );
    return (row) => {
      const stored = field.name === 'id' ? row.id : this.env.value(model, row, field.name);
      return Array.isArray(stored) ? stored.some((id) => ids.has(id)) : typeof stored === 'number' && ids.has(stored);
    };
  }
}

function equals(stored: Cell, wanted: Cell, field: Field): boolean {
  if (Array.isArray(stored)) return wanted === null ? stored.length === 0 : stored.includes(wanted as number);
  if (field.type === 'boolean') return Boolean(stored) === Boolean(wanted);
  if (wanted === null) return stored === null || stored === '';
  return stored === wanted;
}

/** SQL's LIKE as a regular expression: `%` any text, `_` one character, backslash escapes. */
function like(pattern: string, ignoreCase: boolean): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern[i] as string;
    if (char === '\\' && i + 1 < pattern.length)
      source += (pattern[(i += 1)] as string).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    else if (char === '%') source += '[\\s\\S]*';
    else if (char === '_') source += '[\\s\\S]';
    else source += char.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, ignoreCase ? 'iu' : 'u');
}
