import { NervioError } from '../domain/errors';

/** A place in a list, as the client carries it: opaque, and refused when it is not ours. */
export function writeCursor(...parts: string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * @param shapes what each part must look like
 * @throws NervioError malformed
 */
export function readCursor(cursor: string, shapes: readonly RegExp[]): string[] {
  const parts = parse(cursor);
  const fits =
    Array.isArray(parts) &&
    parts.length === shapes.length &&
    shapes.every((shape, at) => typeof parts[at] === 'string' && shape.test(parts[at] as string));
  if (!fits)
    throw new NervioError('malformed', { fields: [{ path: 'querystring/cursor', message: 'unknown cursor' }] });
  return parts as string[];
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Not JSON: not ours, which the caller says.
    return null;
  }
}

/** One page from one row more than asked for; `cursorOf` says where the next page begins, by the last row of this one. */
export function pageOf<T>(
  rows: T[],
  limit: number,
  cursorOf: (last: T) => string,
): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
