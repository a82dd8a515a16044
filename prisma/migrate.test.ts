import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { appDatabaseUrl, appRole } from '../store/roles';
import { rootDir } from '../store/root';
import { requireEnv } from '../test/support/environment';
import { eventually } from '../test/support/eventually';

/** Migrating on a server that is shared: with another installation, or with a database administrator who makes the roles. */

const server = requireEnv('NERVIO_TEST_DATABASE_URL');
const [ours, theirs] = ['a1'.repeat(32), 'b2'.repeat(32)];
const names: string[] = [];
const roles = new Set<string>();
let admin: pg.Client;

beforeAll(async () => {
  admin = new pg.Client({ connectionString: server });
  await admin.connect();
});
afterAll(async () => {
  for (const name of names) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  for (const role of roles) await admin.query(`DROP ROLE IF EXISTS ${role}`);
  await admin.end();
});

/** An empty database; the URL is of `owner`, of the server's administrator by default. */
async function emptyDatabase(owner?: { name: string; password: string }): Promise<string> {
  const name = `nervio_shared_${process.pid}_${names.length}`;
  await admin.query(`CREATE DATABASE ${name}${owner ? ` OWNER ${owner.name}` : ''}`);
  names.push(name);
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (owner) Object.assign(url, { username: owner.name, password: owner.password });
  roles.add(appRole(url.href));
  return url.href;
}

async function role(suffix: string, attributes: string): Promise<{ name: string; password: string }> {
  const name = `nervio_test_${suffix}_${process.pid}`;
  await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'pw' ${attributes}`);
  roles.add(name);
  return { name, password: 'pw' };
}

interface Outcome {
  code: number;
  said: string;
}

/** A process of its own, as in earnest: Jest's module loader has no dynamic import(), which the schema engine needs. */
const migrate = (url: string, secret: string, environment: Record<string, string> = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(rootDir, 'dist', 'prisma', 'migrate.js')],
      { env: { ...process.env, DATABASE_URL: url, NERVIO_SECRET: secret, ...environment } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr }),
    );
  });

/** Logs in and counts the tenants that can be seen with `tenant` set. */
async function tenantsSeen(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM tenant');
    return rows[0]!.n;
  } finally {
    await client.end();
  }
}

describe('a migration whose process is killed', () => {
  it('is done or not done, and the next start goes on', async () => {
    const url = await emptyDatabase();
    const blocker = new pg.Client({ connectionString: url });
    await blocker.connect();
    // The first thing that the first migration makes: it waits until we let go.
    await blocker.query('BEGIN');
    await blocker.query('CREATE SEQUENCE operation_number_seq');
    const killed = spawn(process.execPath, [join(rootDir, 'dist', 'prisma', 'migrate.js')], {
      env: { ...process.env, DATABASE_URL: url, NERVIO_SECRET: ours },
      stdio: 'ignore',
    });
    await eventually(
      async () =>
        (
          await admin.query(
            'SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = $2 AND query LIKE $3',
            [new URL(url).pathname.slice(1), 'Lock', '%CREATE SEQUENCE%'],
          )
        ).rowCount,
      (waiting) => waiting === 1,
    );
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const next = migrate(url, ours);
    await blocker.query('ROLLBACK');
    await blocker.end();
    expect(await next).toMatchObject({ code: 0 });
    expect(await tenantsSeen(appDatabaseUrl(url, ours))).toBe(0);
  });

  it('that failed says why, and is tried again', async () => {
    const url = await emptyDatabase();
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    await owner.query('CREATE FUNCTION current_tenant() RETURNS uuid RETURN NULL::uuid');
    const { code, said } = await migrate(url, ours);
    expect(code).toBe(1);
    expect((JSON.parse(said) as { msg: string }).msg).toContain('"current_tenant" already exists');
    await owner.query('DROP FUNCTION current_tenant');
    await owner.end();
    expect(await migrate(url, ours)).toMatchObject({ code: 0 });
  });
});

describe('two installations on one server', () => {
  it('each has a role of its own: neither locks the other out, nor reads the other’s rows', async () => {
    const [first, second] = [await emptyDatabase(), await emptyDatabase()];
    expect(await migrate(first, ours)).toMatchObject({ code: 0 });
    expect(await migrate(second, theirs)).toMatchObject({ code: 0 });
    expect(await tenantsSeen(appDatabaseUrl(first, ours))).toBe(0);
    expect(await tenantsSeen(appDatabaseUrl(second, theirs))).toBe(0);
    const across = new URL(appDatabaseUrl(second, theirs));
    across.pathname = new URL(first).pathname;
    await expect(tenantsSeen(across.href)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('one database and two secrets', () => {
  let url: string;
  beforeAll(async () => {
    url = await emptyDatabase();
    expect(await migrate(url, ours)).toMatchObject({ code: 0 });
  });

  it('the second one is refused in a line that says what to do, and locks nobody out', async () => {
    const { code, said } = await migrate(url, theirs);
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toHaveLength(1);
    const line = JSON.parse(said) as { level: number; msg: string };
    expect(line.level).toBe(60);
    expect(line.msg).toContain('was set up under another NERVIO_SECRET');
    expect(line.msg).toContain('NERVIO_SECRET_PREVIOUS');
    expect(await tenantsSeen(appDatabaseUrl(url, ours))).toBe(0);
  });

  it('a change of the secret is one that names the secret before', async () => {
    expect(await migrate(url, theirs, { NERVIO_SECRET_PREVIOUS: ours })).toMatchObject({ code: 0 });
    expect(await tenantsSeen(appDatabaseUrl(url, theirs))).toBe(0);
    await expect(tenantsSeen(appDatabaseUrl(url, ours))).rejects.toMatchObject({ code: '28P01' });
  });

  it('a secret that is lost: whoever may change roles gives the database away', async () => {
    await admin.query(`ALTER ROLE ${appRole(url)} NOLOGIN`);
    expect(await migrate(url, ours)).toMatchObject({ code: 0 });
    expect(await tenantsSeen(appDatabaseUrl(url, ours))).toBe(0);
  });
});

describe('a database that is somebody else’s', () => {
  it('is left alone, in a line that says so', async () => {
    const url = await emptyDatabase();
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    await owner.query('CREATE TABLE invoices (id int)');
    await owner.end();
    const { code, said } = await migrate(url, ours);
    expect(code).toBe(1);
    expect((JSON.parse(said) as { msg: string }).msg).toMatch(
      /^The database of DATABASE_URL holds tables .* \(invoices\)/,
    );
  });
});

describe('an owner', () => {
  it('that may create roles needs no more than that', async () => {
    // Whoever made the server's two shared roles hands them on (docs/operations.md).
    const owner = await role('creator', 'CREATEROLE');
    await admin.query(`GRANT nervio_app, nervio_definer TO ${owner.name} WITH ADMIN OPTION`);
    const url = await emptyDatabase(owner);
    expect(await migrate(url, ours)).toMatchObject({ code: 0 });
    expect(await migrate(url, ours)).toMatchObject({ code: 0 });
    expect(await tenantsSeen(appDatabaseUrl(url, ours))).toBe(0);
  });

  it('that may not takes the roles that were made for it, and leaves their passwords alone', async () => {
    const owner = await role('owner', '');
    const app = await role('login', '');
    await admin.query(`GRANT nervio_definer TO ${owner.name}`);
    const url = await emptyDatabase(owner);
    const appUrl = Object.assign(new URL(url), { username: app.name, password: app.password }).href;
    expect(await migrate(url, ours, { DATABASE_APP_URL: appUrl })).toMatchObject({ code: 0 });
    expect(await tenantsSeen(appUrl)).toBe(0);
  });

  it('that may not and was given none is told what is missing', async () => {
    const url = await emptyDatabase(await role('poor', ''));
    const { code, said } = await migrate(url, ours);
    expect(code).toBe(1);
    expect((JSON.parse(said) as { msg: string }).msg).toContain('DATABASE_APP_URL');
  });
});

describe('a role for the application that row-level security would not bind', () => {
  it('is refused', async () => {
    const url = await emptyDatabase();
    const { code, said } = await migrate(url, ours, { DATABASE_APP_URL: url });
    expect(code).toBe(1);
    expect((JSON.parse(said) as { msg: string }).msg).toContain('row-level security does not bind');
  });
});
