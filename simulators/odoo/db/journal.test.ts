import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from './database';
import { Database } from './database';
import { Journal } from './journal';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'odoo-journal-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const EMPTY: Change = { rows: [], sequences: {} };

function open(compactAfter?: number): Database {
  const journal = new Journal(folder, 'unit', compactAfter);
  const stored = journal.read();
  const database = new Database('unit', 18, journal);
  for (const change of stored ?? []) database.load(change);
  journal.start(stored ? database.dump() : EMPTY);
  return database;
}

const insert = (database: Database, name: string): number =>
  database.transaction(() => {
    const id = database.next('m');
    database.put('m', id, { id, name });
    return id;
  });

test('a commit is on disk when it returns, with its sequence', () => {
  insert(open(), 'one'); // Not closed: as after kill -9.
  const again = open();
  expect(again.table('m').all()).toEqual([{ id: 1, name: 'one' }]);
  expect(insert(again, 'two')).toBe(2);
});

test('a rolled back transaction leaves nothing, in memory or on disk', () => {
  const database = open();
  insert(database, 'kept');
  const fail = (): void =>
    database.transaction(() => {
      database.put('m', 1, { id: 1, name: 'changed' });
      database.put('m', 2, { id: 2, name: 'new' });
      throw new Error('no');
    });
  expect(fail).toThrow('no');
  expect(database.table('m').all()).toEqual([{ id: 1, name: 'kept' }]);
  expect(open().table('m').all()).toEqual([{ id: 1, name: 'kept' }]);
});

test('a deleted row stays deleted', () => {
  const database = open();
  insert(database, 'gone');
  database.transaction(() => database.put('m', 1, null));
  expect(open().table('m').all()).toEqual([]);
});

test('a line that was cut off is dropped, what stands before it is not', () => {
  insert(open(), 'one');
  const [lines] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  appendFileSync(join(folder, lines as string), '{"rows":[["m",2,{"id":2,"na');
  const again = open();
  expect(again.table('m').all()).toEqual([{ id: 1, name: 'one' }]);
  insert(again, 'two');
  expect(open().table('m').size).toBe(2);
});

test('a long journal is folded into the snapshot, and only one journal is left', () => {
  const database = open(200);
  for (let n = 0; n < 20; n += 1) insert(database, `row ${n}`);
  expect(readdirSync(folder).filter((name) => name.endsWith('.jsonl'))).toHaveLength(1);
  expect(open().table('m').size).toBe(20);
});
