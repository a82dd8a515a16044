import { type IdMap, relationOf } from './ids';
import type { Typed } from './typed-xml';

/** Members whose numbers are ids of views and actions, which differ between installations. */
const INSTALLATION_IDS = new Set(['view_id', 'views', 'groups_id']);

/**
 * Compares a recorded answer with the simulator's: same XML types, same members, same values; ids by the map; moments by
 * their form. Returns where they differ, or null.
 */
export function difference(
  recorded: Typed,
  simulated: Typed,
  ids: IdMap,
  model: string,
  root: string | undefined,
): string | null {
  return new Comparison(ids, model).value(recorded, simulated, '', root, false);
}

class Comparison {
  constructor(
    private readonly ids: IdMap,
    private readonly model: string,
  ) {}

  value(a: Typed, b: Typed, path: string, relation: string | undefined, typesOnly: boolean): string | null {
    if (a.type !== b.type) return `${path}: <${a.type}> recorded, <${b.type}> simulated (${show(a)} / ${show(b)})`;
    if ('items' in a && 'items' in b) return this.array(a.items, b.items, path, relation, typesOnly);
    if ('members' in a && 'members' in b) return this.struct(a.members, b.members, path, typesOnly);
    return 'text' in a && 'text' in b ? this.scalar(a, b, path, relation, typesOnly) : null;
  }

  private array(a: Typed[], b: Typed[], path: string, relation: string | undefined, typesOnly: boolean): string | null {
    if (a.length !== b.length)
      return `${path}: ${a.length} items recorded, ${b.length} simulated (${a.map(show)} / ${b.map(show)})`;
    const pair = relation !== undefined && a.length === 2 && a[0]?.type === 'int' && a[1]?.type !== 'array';
    for (let i = 0; i < a.length; i += 1) {
      // [4, id] is a command, [id, name] a many2one: only the right one of the two is an id.
      const command = pair && a[1]?.type === 'int' && show(a[0] as Typed) === '4';
      const inner = command && i === 0 ? undefined : relation;
      const found = this.value(a[i] as Typed, b[i] as Typed, `${path}[${i}]`, inner, typesOnly);
      if (found) return found;
    }
    return null;
  }

  private struct(a: Map<string, Typed>, b: Map<string, Typed>, path: string, typesOnly: boolean): string | null {
    const missing = [...a.keys()].filter((key) => !b.has(key));
    const extra = [...b.keys()].filter((key) => !a.has(key));
    if (missing.length > 0 || extra.length > 0) return `${path}: missing ${missing}, extra ${extra}`;
    const action = a.has('res_model') || a.has('xml_id');
    for (const [key, item] of a) {
      const loose =
        typesOnly || INSTALLATION_IDS.has(key) || (action && key === 'id') || (key === 'string' && a.has('type'));
      const relation = loose ? undefined : relationOf(key, this.model);
      const found = this.value(item, b.get(key) as Typed, `${path}.${key}`, relation, loose);
      if (found) return found;
    }
    return null;
  }

  private scalar(
    a: { type: string; text: string },
    b: { text: string },
    path: string,
    relation: string | undefined,
    typesOnly: boolean,
  ): string | null {
    if (typesOnly) return null;
    if (a.type === 'int' && relation !== undefined) {
      const agrees = this.ids.bind(relation, Number(a.text), Number(b.text));
      return agrees ? null : `${path}: ${relation} ${a.text} is not ${b.text}`;
    }
    if (a.type === 'double') {
      return Math.abs(Number(a.text) - Number(b.text)) < 1e-9
        ? null
        : `${path}: ${a.text} recorded, ${b.text} simulated`;
    }
    return normal(a.text) === normal(b.text) ? null : `${path}: ${a.text} recorded, ${b.text} simulated`;
  }
}

/** Moments and running numbers by their form only. */
export function normal(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<moment>')
    .replace(/^\d{4}-\d\d-\d\d$/, '<date>')
    .replace(/WH\/INT\/\d{5}/g, 'WH/INT/<number>')
    .replace(/^(stock\.[a-z_.]+),\d+$/, '$1,<id>');
}

function show(value: Typed): string {
  if ('items' in value) return `[${value.items.map(show).join(',')}]`;
  return 'members' in value
    ? `{${[...value.members].map(([key, item]) => `${key}:${show(item)}`).join(',')}}`
    : value.text;
}
