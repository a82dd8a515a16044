import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { letApplicationIn } from '../../prisma/roles';
import { appDatabaseUrl, appRole } from '../../store/roles';
import { rootDir } from '../../store/root';
import { requireEnv, testConfig, testSecret } from './environment';
import { eventually } from './eventually';

/** A migrated database of its own on the real server, for one test file. */
export interface TestDatabase {
  /** Of the owner: sees everything, for arranging and looking. */
  ownerUrl: string;
  /** Of the application role, bound by row-level security. */
  appUrl: string;
  appRole: string;
  /** As the owner. */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

const templateLock = 7_240_001;

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

function migrationsHash(): string {
  const folder = join(rootDir, 'prisma', 'migrations');
  const hash = createHash('sha256');
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name))) {
    if (entry.isDirectory()) hash.update(entry.name).update(readFileSync(join(folder, entry.name, 'migration.sql')));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Migrated once per server and state of the migrations; copying it takes some 50 ms. */
async function ensureTemplate(server: string, admin: pg.Client): Promise<string> {
  const template = `nervio_template_${migrationsHash()}`;
  await admin.query('SELECT pg_advisory_lock($1)', [templateLock]);
  try {
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) {
      const making = `${template}_making`;
      await admin.query(`DROP DATABASE IF EXISTS ${making}`);
      await admin.query(`CREATE DATABASE ${making}`);
      // A process of its own: Jest's module loader has no dynamic import(), which the schema engine needs.
      await promisify(execFile)(process.execPath, [join(rootDir, 'dist', 'prisma', 'migrate.js')], {
        env: { ...process.env, DATABASE_URL: urlOf(server, making), NERVIO_SECRET: testSecret },
      });
      await admin.query(`ALTER DATABASE ${making} RENAME TO ${template}`);
    }
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [templateLock]);
  }
  return template;
}

async function withAdmin(server: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await work(admin).finally(() => admin.end());
}

/** SQLSTATE object_in_use. */
const inUse = '55006';

/** Null: it is gone. */
async function whyNotDropped(admin: pg.Client, name: string): Promise<string | null> {
  const { rowCount } = await admin.query('SELECT FROM pg_stat_activity WHERE datname = $1', [name]);
  if (rowCount !== 0) return `${rowCount} connections are still open`;
  try {
    await admin.query(`DROP DATABASE ${name}`);
    return null;
  } catch (error) {
    if ((error as pg.DatabaseError).code !== inUse) throw error;
    return (error as Error).message;
  }
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const server = requireEnv('NERVIO_TEST_DATABASE_URL');
  const name = `nervio_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await withAdmin(server, async (admin) => {
    const template = await ensureTemplate(server, admin);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const ownerUrl = urlOf(server, name);
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  // Where a test kills the server, the next query connects anew.
  owner.on('error', () => undefined);
  const client = await owner.connect();
  await letApplicationIn(client, testConfig(ownerUrl)).finally(() => client.release());
  return {
    ownerUrl,
    appUrl: appDatabaseUrl(ownerUrl, testSecret),
    appRole: appRole(ownerUrl),
    async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
      return (await owner.query<Row>(text, values)).rows;
    },
    async drop() {
      await owner.end();
      await withAdmin(server, async (admin) => {
        // A closed pool says good-bye without waiting for the server to hear it; one that was just opening a connection has it a moment later.
        await eventually(
          () => whyNotDropped(admin, name),
          (why) => why === null,
          (why) => `${name} is not dropped: ${why}`,
        );
        await admin.query(`DROP ROLE ${appRole(ownerUrl)}`);
      });
    },
  };
}
