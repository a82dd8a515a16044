import type { OdooVersion } from '../versions';
import type { Journal } from './journal';
import { type Row, Table } from './table';

/** Everything that one commit changed, as the journal keeps it. A null row is a deleted one. */
export interface Change {
  rows: [model: string, id: number, row: Row | null][];
  sequences: Record<string, number>;
}

/** Fields that calls look up all the time, per model. */
const INDEXED: Record<string, readonly string[]> = {
  'stock.picking': ['name', 'origin', 'backorder_id'],
  'stock.move': ['picking_id', 'package_level_id', 'reference'],
  'stock.move.line': ['picking_id', 'move_id', 'package_id', 'result_package_id', 'package_level_id'],
  'stock.package_level': ['picking_id', 'package_id'],
  'stock.quant': ['package_id', 'location_id', 'product_id'],
  'stock.quant.package': ['name'],
  'stock.location': ['barcode', 'location_id'],
  'res.users': ['login'],
};

/**
 * One Odoo database: tables in memory, one transaction at a time (calls run to their end without yielding, so each is
 * atomic), every commit written to the journal before the caller may answer.
 */
export class Database {
  private readonly tables = new Map<string, Table>();
  private readonly sequences = new Map<string, number>();
  private undo: [model: string, id: number, before: Row | null][] = [];
  private touchedSequences = new Set<string>();
  private inTransaction = false;
  /** Picking id -> the commit that made it done: a second validation under way at that moment collides. */
  readonly doneAt = new Map<number, number>();
  /** Rises with every commit that changed something; calls compare it to know what happened while they waited. */
  commits = 0;

  constructor(
    readonly name: string,
    readonly version: OdooVersion,
    private readonly journal: Journal | null,
  ) {}

  table(model: string): Table {
    let table = this.tables.get(model);
    if (!table) {
      table = new Table(INDEXED[model] ?? []);
      this.tables.set(model, table);
    }
    return table;
  }

  /** The next number of a sequence. Like PostgreSQL's, a rolled back transaction leaves a gap. */
  next(sequence: string): number {
    const value = (this.sequences.get(sequence) ?? 0) + 1;
    this.sequences.set(sequence, value);
    this.touchedSequences.add(sequence);
    return value;
  }

  /** Makes sure that a sequence gives only numbers above `value`; seeds with fixed ids need it. */
  reserve(sequence: string, value: number): void {
    if ((this.sequences.get(sequence) ?? 0) >= value) return;
    this.sequences.set(sequence, value);
    this.touchedSequences.add(sequence);
  }

  /** Writes one row (null deletes it). Outside a transaction this is a mistake of the simulator's code. */
  put(model: string, id: number, row: Row | null): void {
    if (!this.inTransaction) throw new Error(`write to ${model} outside a transaction`);
    this.undo.push([model, id, this.table(model).set(id, row)]);
  }

  /**
   * Runs one call: commits what it wrote when it returns, undoes all of it when it throws.
   * The journal has the change before this returns.
   */
  transaction<T>(work: () => T): T {
    if (this.inTransaction) throw new Error('transactions do not nest');
    this.inTransaction = true;
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      for (const [model, id, before] of this.undo.reverse()) this.table(model).set(id, before);
      throw error;
    } finally {
      this.undo = [];
      this.inTransaction = false;
    }
  }

  /** Takes over rows and sequences from disk, without journalling them again. */
  load(change: Change): void {
    for (const [model, id, row] of change.rows) this.table(model).set(id, row);
    for (const [sequence, value] of Object.entries(change.sequences)) this.sequences.set(sequence, value);
  }

  /** Everything, for a snapshot. */
  dump(): Change {
    const rows: Change['rows'] = [];
    for (const [model, table] of this.tables) for (const row of table.all()) rows.push([model, row.id, row]);
    return { rows, sequences: Object.fromEntries(this.sequences) };
  }

  close(): void {
    this.journal?.close();
  }

  private commit(): void {
    if (this.undo.length === 0) return;
    this.commits += 1;
    if (this.journal) {
      const last = new Map<string, [string, number, Row | null]>();
      for (const [model, id] of this.undo) last.set(`${model},${id}`, [model, id, this.table(model).get(id) ?? null]);
      const sequences = Object.fromEntries(
        [...this.touchedSequences].map((name) => [name, this.sequences.get(name) as number]),
      );
      this.journal.append({ rows: [...last.values()], sequences }, () => this.dump());
    }
    this.touchedSequences.clear();
  }
}
