import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { requireEnv, testSecret } from '../test/support/environment';
import { eventually } from '../test/support/eventually';
import { createDatabase, type Database, type Tx } from './db';
import { joinLanes, lockLanes } from './lanes';
import { appDatabaseUrl, appRole } from './roles';
import { rootDir } from './root';

/** A database whose own order of texts is not that of bytes: «a» comes before «B». */
const name = `nervio_collation_${process.pid}`;
const tenantId = randomUUID();
const operationId = randomUUID();
const server = requireEnv('NERVIO_TEST_DATABASE_URL');
const url = new URL(server);
url.pathname = `/${name}`;

let admin: pg.Client;
let owner: pg.Pool;
let db: Database;

beforeAll(async () => {
  admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`);
  await promisify(execFile)(process.execPath, [join(rootDir, 'dist', 'prisma', 'migrate.js')], {
    env: { ...process.env, DATABASE_URL: url.href, NERVIO_SECRET: testSecret },
  });
  owner = new pg.Pool({ connectionString: url.href, max: 2 });
  db = createDatabase({ url: appDatabaseUrl(url.href, testSecret) });
  await db.withTenant(tenantId, (tx) => joinLanes(tx, operationId, ['a', 'B']));
});
afterAll(async () => {
  await db.close();
  await owner.end();
  // A closed pool says good-bye without waiting for the server to hear it.
  await eventually(
    async () => (await admin.query('SELECT FROM pg_stat_activity WHERE datname = $1', [name])).rowCount,
    (connections) => connections === 0,
  );
  await admin.query(`DROP DATABASE ${name}`);
  await admin.query(`DROP ROLE ${appRole(url.href)}`);
  await admin.end();
});

it('sorts otherwise than we lock', async () => {
  const { rows } = await owner.query<{ key: string }>('SELECT key FROM lane ORDER BY key');
  expect(rows.map(({ key }) => key)).toEqual(['a', 'B']);
});

it.each<[string, (tx: Tx) => Promise<unknown>]>([
  ['who joins', (tx) => joinLanes(tx, randomUUID(), ['a', 'B'])],
  ['who stands in them', (tx) => lockLanes(tx, operationId)],
])('lanes are locked in the order of their bytes, by %s', async (_, lock) => {
  const holder = await owner.connect();
  let locking: Promise<unknown> | undefined;
  try {
    await holder.query('BEGIN');
    await holder.query(`SELECT FROM lane WHERE key = 'a' FOR UPDATE`);
    locking = db.withTenant(tenantId, lock);
    await eventually(
      async () =>
        (
          await owner.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
        ).rowCount,
      (count) => count === 1,
    );
    // It waits for «a» and has locked «B» before.
    const { rows } = await owner.query<{ key: string }>('SELECT key FROM lane FOR UPDATE SKIP LOCKED');
    expect(rows).toEqual([]);
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
    await locking;
  }
});
