import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { closedFolder } from '../../scripts/lib/postgres.mjs';

describe('folders that PostgreSQL has to walk through', () => {
  const stranger = { uid: 65534, gid: 65534 };
  const above = mkdtempSync(join(tmpdir(), 'nervio-walk-'));
  mkdirSync(join(above, 'checkout', 'data'), { recursive: true });

  it('names the first one that is closed to its user', () => {
    chmodSync(above, 0o700);
    expect(closedFolder(join(above, 'checkout', 'data'), stranger)).toBe(above);
  });

  it('is content when everybody may enter, and for an ordinary user', () => {
    chmodSync(above, 0o755);
    expect(closedFolder(join(above, 'checkout', 'data'), stranger)).toBeUndefined();
    chmodSync(above, 0o700);
    expect(closedFolder(join(above, 'checkout', 'data'), {})).toBeUndefined();
  });
});

describe('the PostgreSQL of the tests', () => {
  it('is as durable as in earnest', async () => {
    const client = new pg.Client({ connectionString: process.env.NERVIO_TEST_DATABASE_URL });
    await client.connect();
    const { rows } = await client.query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') ORDER BY name`,
    );
    await client.end();
    expect(rows.map(({ setting }) => setting)).toEqual(['on', 'on', 'on']);
  });
});
