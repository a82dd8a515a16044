import type { Env } from './env';

/** The field that points to the parent, for models that form a tree. */
const PARENT: Record<string, string> = { 'stock.location': 'location_id', 'res.partner': 'parent_id' };

/** The record and everything below it. */
export function descendants(env: Env, model: string, root: number): number[] {
  const parent = PARENT[model];
  const found = new Set([root]);
  const queue = parent ? [root] : [];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const row of env.where(model, parent as string, id)) {
      if (!found.has(row.id)) {
        found.add(row.id);
        queue.push(row.id);
      }
    }
  }
  return [...found];
}

/** The record and everything above it. */
export function ancestors(env: Env, model: string, start: number): number[] {
  const parent = PARENT[model];
  const found = new Set<number>();
  for (
    let id: unknown = start;
    typeof id === 'number' && !found.has(id);
    id = parent ? env.get(model, id)?.[parent] : null
  ) {
    found.add(id);
  }
  return [...found];
}
