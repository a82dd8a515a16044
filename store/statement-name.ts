import { createHash } from 'node:crypto';

const names = new Map<string, string>();

/**
 * Our texts are constants, so each is parsed and planned once for a connection instead of each time. A text with optional
 * filters keeps no name: the best plan for it depends on which of them are given.
 */
export function statementName(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = sql.includes('IS NULL OR') ? '' : createHash('sha256').update(sql).digest('hex').slice(0, 32);
  names.set(sql, name);
  return name;
}
