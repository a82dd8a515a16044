/** A stored value: null is SQL's NULL, an array holds the ids of a many2many. */
export type Cell = string | number | boolean | null | number[];

export interface Row {
  readonly id: number;
  readonly [field: string]: Cell;
}

/** The rows of one model, with look-up by the fields that calls search all the time. Rows are replaced, never changed. */
export class Table {
  private readonly rows = new Map<number, Row>();
  private readonly indexes = new Map<string, Map<Cell, Set<number>>>();

  constructor(indexed: readonly string[]) {
    for (const field of indexed) this.indexes.set(field, new Map());
  }

  get size(): number {
    return this.rows.size;
  }

  get(id: number): Row | undefined {
    return this.rows.get(id);
  }

  /** All rows by ascending id. */
  all(): Row[] {
    return [...this.rows.values()].sort((a, b) => a.id - b.id);
  }

  hasIndex(field: string): boolean {
    return this.indexes.has(field);
  }

  /** Rows whose field equals one of the values, by ascending id. Uses the index when there is one. */
  where(field: string, values: readonly Cell[]): Row[] {
    const index = this.indexes.get(field);
    if (!index) return this.all().filter((row) => values.includes(row[field] ?? null));
    const ids = new Set<number>();
    for (const value of values) for (const id of index.get(value) ?? []) ids.add(id);
    return [...ids].sort((a, b) => a - b).flatMap((id) => this.rows.get(id) ?? []);
  }

  /** Puts, replaces (row) or removes (null) one row, and returns what was there. */
  set(id: number, row: Row | null): Row | null {
    const before = this.rows.get(id) ?? null;
    for (const [field, index] of this.indexes) {
      const was = before?.[field] ?? null;
      const is = row?.[field] ?? null;
      if (before && row && was === is) continue;
      if (before) index.get(was)?.delete(id);
      if (row) {
        const ids = index.get(is);
        if (ids) ids.add(id);
        else index.set(is, new Set([id]));
      }
    }
    if (row) this.rows.set(id, row);
    else this.rows.delete(id);
    return before;
  }
}
