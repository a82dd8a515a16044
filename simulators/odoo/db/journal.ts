import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
  fsyncSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Change } from './database';

const COMPACT_AFTER_BYTES = 16 * 1024 * 1024;

/**
 * A database on disk: `<name>.json` (snapshot of generation g) and `<name>.<g>.jsonl` (one line per commit since).
 * A line is in the file before the call is answered, so kill -9 loses no answered call; a line cut off by the kill
 * belongs to a call that nobody got an answer for, and is dropped.
 */
export class Journal {
  private file = -1;
  private generation = 0;
  private bytes = 0;

  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly compactAfter = COMPACT_AFTER_BYTES,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** What was stored, in order, or null when this database has never been written. */
  read(): Change[] | null {
    if (!existsSync(this.snapshotPath())) return null;
    const snapshot = JSON.parse(readFileSync(this.snapshotPath(), 'utf8')) as { generation: number; data: Change };
    this.generation = snapshot.generation;
    const changes = [snapshot.data];
    if (existsSync(this.linesPath())) {
      const lines = readFileSync(this.linesPath(), 'utf8').split('\n');
      lines.pop(); // What follows the last line end is empty, or a line that was cut off.
      for (const line of lines) changes.push(JSON.parse(line) as Change);
    }
    return changes;
  }

  /** Writes a snapshot of a new generation and starts its empty journal. */
  start(data: Change): void {
    this.close();
    const old = this.linesPath();
    this.generation += 1;
    const temporary = `${this.snapshotPath()}.tmp`;
    const handle = openSync(temporary, 'w');
    writeSync(handle, JSON.stringify({ generation: this.generation, data }));
    fsyncSync(handle);
    closeSync(handle);
    renameSync(temporary, this.snapshotPath());
    if (existsSync(old)) rmSync(old);
    this.file = openSync(this.linesPath(), 'a');
    this.bytes = 0;
  }

  /** Adds one commit. `dump` gives the whole state when it is time to fold the journal into a new snapshot. */
  append(change: Change, dump: () => Change): void {
    const line = Buffer.from(`${JSON.stringify(change)}\n`);
    for (let sent = 0; sent < line.length;) sent += writeSync(this.file, line, sent);
    this.bytes += line.length;
    if (this.bytes > this.compactAfter) this.start(dump());
  }

  close(): void {
    if (this.file >= 0) closeSync(this.file);
    this.file = -1;
  }

  private snapshotPath(): string {
    return join(this.folder, `${this.name}.json`);
  }

  private linesPath(): string {
    return join(this.folder, `${this.name}.${this.generation}.jsonl`);
  }
}
