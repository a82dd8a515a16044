import type { Cell } from '../../domain/product-import';

/** A line of a table; `row` as a person counts it in the file, from 1. */
export interface TableRow {
  row: number;
  cells: Cell[];
}

export type TableTrouble = 'file_unreadable' | 'too_many_rows' | 'table_too_large';

/** The file cannot be taken; `code` is one of domain/errors.ts. */
export class TableError extends Error {
  override readonly name = 'TableError';

  constructor(
    readonly code: TableTrouble,
    options?: { cause?: unknown },
  ) {
    super(code, options);
  }
}

export interface TableLimits {
  mostRows: number;
  /** Characters of one cell. */
  mostText: number;
  /** Bytes of an unpacked file. */
  mostBytes: number;
}
