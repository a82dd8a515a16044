import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createBusiness, type TestBusiness } from '../support/business';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createWork } from '../support/work';

/** The walk of the catalogue: a tenant table that lacks any part of its isolation fails here (design: tenancy). */

/** Tables that belong to the installation. A new table without a tenant must be named here, with its reason. */
const withoutTenant: Readonly<Record<string, string>> = {
  _prisma_migrations: 'which migrations ran',
  process: 'which processes run',
};

/** `tenant` is guarded by its own id; all others by tenant_id. */
const keyOf = (table: string) => (table === 'tenant' ? 'id' : 'tenant_id');

/** Indexes that do not begin with the tenant, and why. */
const indexesAcross: Readonly<Record<string, string>> = {
  tenant_pkey: 'the tenant is the id',
  tenant_slug_key: 'the short name is unique over all',
  app_user_email_key: 'a log-in names an e-mail and nothing else',
  refresh_token_hash_key: 'a refresh names a token and nothing else',
  operation_ended_idx: 'the sums of the last hours for the metrics, over all tenants',
  session_seen_idx: 'how many people are at work, for the metrics, over all tenants',
  outbox_queue_tenant_id_available_at_idx: 'the dispatcher claims per task queue, over all tenants',
};

/** Parts of keys that point at nothing of a tenant's. */
const foreignKeysToTenantItself = 'tenant';

let database: TestDatabase;
let app: pg.Client;
let demo: TestBusiness;
let otra: TestBusiness;
let tables: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  demo = await createBusiness(database, 'demo');
  otra = await createBusiness(database, 'otra');
  await createWork(database, demo);
  await createWork(database, otra);
  app = new pg.Client({ connectionString: database.appUrl });
  await app.connect();
  const rows = await database.query<{ relname: string }>(
    `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1`,
  );
  tables = rows.map((row) => row.relname).filter((name) => withoutTenant[name] === undefined);
});
afterAll(async () => {
  await app.end();
  await database.drop();
});

/** As the application, in a transaction that leaves nothing behind; `tenant` null = nobody said whose. */
async function as<T>(tenant: string | null, work: () => Promise<T>): Promise<T> {
  await app.query('BEGIN');
  try {
    if (tenant !== null) await app.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant]);
    return await work();
  } finally {
    await app.query('ROLLBACK');
  }
}

const count = async (table: string, where = 'true', values: unknown[] = []): Promise<number> => {
  const { rows } = await app.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`, values);
  return rows[0]?.n ?? 0;
};

describe('every table', () => {
  it('has a tenant, or a reason not to', async () => {
    expect(tables).toEqual(expect.arrayContaining(['app_user', 'audit', 'operation', 'outbox', 'tenant']));
    const without = await database.query<{ relname: string }>(
      `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'tenant' AND NOT EXISTS (
         SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull AND a.atttypid = 'uuid'::regtype)
       ORDER BY 1`,
    );
    expect(without.map((row) => row.relname)).toEqual(Object.keys(withoutTenant).sort());
  });

  it('has row-level security that binds its owner too', async () => {
    const open = await database.query(
      `SELECT relname FROM pg_class WHERE relname = ANY ($1) AND relnamespace = 'public'::regnamespace
         AND NOT (relrowsecurity AND relforcerowsecurity)`,
      [tables],
    );
    expect(open).toEqual([]);
  });

  it('has one policy for everybody, that reads and writes only the own tenant', async () => {
    const policies = await database.query<{ tablename: string; qual: string; with_check: string; cmd: string }>(
      `SELECT tablename, qual, with_check, cmd, permissive FROM pg_policies WHERE schemaname = 'public' AND roles = '{public}'`,
    );
    expect(policies.map((policy) => policy.tablename).sort()).toEqual([...tables].sort());
    for (const policy of policies) {
      const rule = `(${keyOf(policy.tablename)} = current_tenant())`;
      expect(policy).toMatchObject({ qual: rule, with_check: rule, cmd: 'ALL' });
    }
  });

  it('is opened wider to nobody but the definer', async () => {
    const others = await database.query<{ roles: string }>(
      `SELECT DISTINCT roles::text FROM pg_policies WHERE schemaname = 'public' AND roles <> '{public}'`,
    );
    expect(others).toEqual([{ roles: '{nervio_definer}' }]);
  });

  it('begins its key and every index with the tenant', async () => {
    const indexes = await database.query<{ name: string; first: string }>(
      `SELECT i.relname AS name, a.attname AS first FROM pg_index x
       JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
       WHERE c.relname = ANY ($1) AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
      [tables],
    );
    expect(indexes.length).toBeGreaterThan(20);
    const across = indexes.filter(({ first }) => first !== 'tenant_id').map(({ name }) => name);
    expect(across.sort()).toEqual(Object.keys(indexesAcross).sort());
  });

  it('points at other tenant tables only together with the tenant', async () => {
    const keys = await database.query<{ conname: string; target: string; first: string; pointed: string }>(
      `SELECT k.conname, f.relname AS target, a.attname AS first, b.attname AS pointed FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
       JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
       WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace`,
    );
    expect(keys.length).toBeGreaterThan(8);
    for (const key of keys) {
      const pointed = key.target === foreignKeysToTenantItself ? 'id' : 'tenant_id';
      expect(key).toMatchObject({ first: 'tenant_id', pointed });
    }
  });
});

describe('the roles', () => {
  it('of the application and of the definer cannot step around it, and own no table', async () => {
    const roles = await database.query(
      `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles
       WHERE rolname = ANY ($1) ORDER BY rolcanlogin DESC, 1`,
      [[database.appRole, 'nervio_app', 'nervio_definer']],
    );
    const plain = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    expect(roles).toEqual([
      { rolname: database.appRole, rolcanlogin: true, ...plain },
      { rolname: 'nervio_app', rolcanlogin: false, ...plain },
      { rolname: 'nervio_definer', rolcanlogin: false, ...plain },
    ]);
    const owned = await database.query(`SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = ANY ($1)`, [
      [database.appRole, 'nervio_app', 'nervio_definer'],
    ]);
    expect(owned).toEqual([]);
  });

  it('are no members of one another: the application cannot become the definer, and holds nothing in other databases', async () => {
    const members = await database.query(
      `SELECT pg_get_userbyid(roleid) AS role FROM pg_auth_members
       WHERE pg_get_userbyid(member) = ANY ($1) OR pg_get_userbyid(roleid) = 'nervio_app'`,
      [[database.appRole, 'nervio_app', 'nervio_definer']],
    );
    expect(members).toEqual([]);
    await expect(app.query('SET ROLE nervio_definer')).rejects.toMatchObject({ code: '42501' });
  });

  it('of the application is whom we are connected as', async () => {
    expect((await app.query('SELECT current_user, session_user')).rows).toEqual([
      { current_user: database.appRole, session_user: database.appRole },
    ]);
  });

  it('of the application cannot rewrite what is only ever added to', async () => {
    for (const table of ['audit', 'operation_event']) {
      for (const statement of [`UPDATE ${table} SET tenant_id = tenant_id`, `DELETE FROM ${table}`]) {
        await expect(as(demo.tenantId, () => app.query(statement))).rejects.toMatchObject({ code: '42501' });
      }
    }
  });
});

describe('the functions that look across tenants', () => {
  interface DefinerFunction {
    name: string;
    owner: string;
    secdef: boolean;
    config: string[] | null;
    result: string;
    acl: string;
  }
  const functions = () =>
    database.query<DefinerFunction>(
      `SELECT p.proname AS name, pg_get_userbyid(p.proowner) AS owner, p.prosecdef AS secdef, p.proconfig AS config,
              pg_get_function_result(p.oid) AS result, p.proacl::text AS acl
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'definer' ORDER BY 1`,
    );

  it('belong to the definer, fix their search path and are for the application alone', async () => {
    const all = await functions();
    expect(all.length).toBeGreaterThan(5);
    for (const one of all) {
      expect(one).toMatchObject({ owner: 'nervio_definer', secdef: true });
      expect(one.config?.join()).toMatch(/^search_path=/);
      expect(one.acl).toContain(`${database.appRole}=X/`);
      expect(one.acl).not.toMatch(/[{,]=X/);
    }
  });

  it('give back ids; those that are called stats, sums over all', async () => {
    const sums = ['bigint', 'integer', 'double precision', 'timestamp with time zone'];
    const groups = ['kind', 'state', 'queue', 'role'];
    for (const { name, result } of await functions()) {
      const columns = /^TABLE\((.*)\)$/.exec(result)?.[1]?.split(', ') ?? [`value ${result}`];
      for (const column of columns) {
        const [field = '', ...type] = column.split(' ');
        const id = field.endsWith('_id') && type.join(' ') === 'uuid';
        const sum = sums.includes(type.join(' ')) || (groups.includes(field) && type.join(' ') === 'text');
        expect([name, column, name.endsWith('_stats') ? sum : id]).toEqual([name, column, true]);
      }
    }
  });

  it('are the only ones that run as somebody else', async () => {
    const others = await database.query(
      `SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE p.prosecdef AND n.nspname NOT IN ('definer', 'pg_catalog', 'information_schema')`,
    );
    expect(others).toEqual([]);
  });
});

describe('the application', () => {
  it('sees nothing when nobody said whose rows, also on a connection that was used before', async () => {
    await as(demo.tenantId, () => count('app_user'));
    for (const table of tables) {
      expect([table, await as(null, () => count(table))]).toEqual([table, 0]);
    }
  });

  it('sees the rows of the tenant that was set and of no other', async () => {
    for (const table of tables) {
      const key = keyOf(table);
      const [owner] = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${key} = $1`, [
        demo.tenantId,
      ]);
      const [own, all] = await as(demo.tenantId, async () => [
        await count(table, `${key} = $1`, [demo.tenantId]),
        await count(table),
      ]);
      expect([table, own, all]).toEqual([table, owner?.n, owner?.n]);
    }
    expect(await as(demo.tenantId, () => count('app_user'))).toBeGreaterThan(6);
  });

  it('changes and deletes nothing of another tenant', async () => {
    for (const table of tables) {
      const key = keyOf(table);
      for (const statement of [
        `UPDATE ${table} SET ${key} = ${key} WHERE ${key} = $1`,
        `DELETE FROM ${table} WHERE ${key} = $1`,
      ]) {
        const touched = await as(
          demo.tenantId,
          async () => (await app.query(statement, [otra.tenantId])).rowCount,
        ).catch(
          // Not even the right to try.
          (error: pg.DatabaseError) => (error.code === '42501' ? 0 : Promise.reject(error)),
        );
        expect([statement, touched]).toEqual([statement, 0]);
      }
    }
  });

  it('writes nothing into another tenant, and moves nothing of its own there', async () => {
    const insert = as(demo.tenantId, () =>
      app.query('INSERT INTO site (tenant_id, id, name, kind) VALUES ($1, $2, $3, $4)', [
        otra.tenantId,
        randomUUID(),
        'Ajena',
        'store',
      ]),
    );
    await expect(insert).rejects.toMatchObject({ code: '42501' });
    const move = as(demo.tenantId, () =>
      app.query('UPDATE site SET tenant_id = $1 WHERE id = $2', [otra.tenantId, demo.sites[0].id]),
    );
    await expect(move).rejects.toMatchObject({ code: '42501' });
  });

  it('cannot tie its own rows to another tenant’s', async () => {
    const tie = as(demo.tenantId, () =>
      app.query('INSERT INTO user_site (tenant_id, user_id, site_id) VALUES ($1, $2, $3)', [
        demo.tenantId,
        demo.users.cashier.id,
        otra.sites[0].id,
      ]),
    );
    await expect(tie).rejects.toMatchObject({ code: '23503' });
  });

  it('has no tenant left over from the transaction before', async () => {
    await as(demo.tenantId, () => count('app_user'));
    const { rows } = await app.query<{ tenant: string | null }>('SELECT current_tenant() AS tenant');
    expect(rows).toEqual([{ tenant: null }]);
  });
});
