import pg from 'pg';
import type { Config } from '../domain/config';
import { appDatabaseUrl, appPassword, appRole } from '../store/roles';

/**
 * Who may log in to the database. Roles belong to the whole server: `nervio_app` and `nervio_definer` are shared by every Nervio
 * on it and nobody logs in as them. `nervio_app` is the pattern: the migrations grant it what the application may do in
 * this database, and the role that its processes log in as gets the same here and nothing elsewhere.
 * docs/decisions/008-roles.md.
 */
const pattern = 'nervio_app';

/** The database cannot be used like this; `message` says what to do. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
}

type DatabaseConfig = Pick<Config, 'database' | 'secret' | 'previousSecret'>;

/** The role of DATABASE_APP_URL, whose password is not ours to set; null = one of our own making. */
const givenRole = ({ database }: DatabaseConfig): string | null =>
  database.appUrl === null ? null : decodeURIComponent(new URL(database.appUrl).username);

/** invalid_authorization_specification, invalid_password */
const refusals = ['28000', '28P01'];

async function mayLogIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (refusals.includes((error as pg.DatabaseError).code ?? '')) return false;
    throw error;
  } finally {
    await client.end();
  }
}

/** A database with tables that no migration of ours made. */
async function requireEmptyOrMigrated(owner: pg.ClientBase): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       AND to_regclass('public._prisma_migrations') IS NULL ORDER BY 1 LIMIT 3`,
  );
  if (rows.length > 0)
    throw new DatabaseRefused(
      `The database of DATABASE_URL holds tables of something else (${rows.map(({ name }) => name).join(', ')}). Nervio needs one of its own: name one that is empty, or not made yet.`,
    );
}

/**
 * Before anything is changed: is this database ours? It is when its role takes our password, or the one of the secret before,
 * or when nobody may log in as it.
 * @throws DatabaseRefused
 */
export async function requireOwnDatabase(owner: pg.ClientBase, config: DatabaseConfig): Promise<void> {
  const { ownerUrl } = config.database;
  await requireEmptyOrMigrated(owner);
  if (givenRole(config) !== null) return;
  const role = appRole(ownerUrl);
  const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1 AND rolcanlogin', [role]);
  if (rowCount === 0) return;
  for (const secret of [config.secret, config.previousSecret])
    if (secret !== null && (await mayLogIn(appDatabaseUrl(ownerUrl, secret)))) return;
  throw new DatabaseRefused(
    `This database was set up under another NERVIO_SECRET (its role ${role} does not take the password that follows from this one). ` +
      'Start with that secret, or name it in NERVIO_SECRET_PREVIOUS to change it, or use another database. ' +
      `If it is lost: ALTER ROLE ${role} NOLOGIN, start again, and put in the keys of the connections anew.`,
  );
}

/** What row-level security does not bind, or what is not there, is no role for the application. */
async function requireBound(owner: pg.ClientBase, role: string): Promise<void> {
  const { rows } = await owner.query<{ above: boolean }>(
    `SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (
       SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND pg_has_role(r.oid, c.relowner, 'MEMBER')
     ) AS above FROM pg_roles r WHERE r.rolname = $1`,
    [role],
  );
  const [found] = rows;
  if (found === undefined) throw new DatabaseRefused(`The role ${role} of DATABASE_APP_URL does not exist.`);
  if (found.above)
    throw new DatabaseRefused(
      `The role ${role} of DATABASE_APP_URL is a superuser, has BYPASSRLS or owns the tables: row-level security does not bind it. Name one that is none of that.`,
    );
}

async function setPassword(owner: pg.ClientBase, role: string, secret: string): Promise<void> {
  const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  // A statement without parameters: the password is hex of our own making.
  const login = `LOGIN PASSWORD '${appPassword(secret)}'`;
  await owner.query(`${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${owner.escapeIdentifier(role)} ${login}`);
}

/** What `nervio_app` was granted, object by object, as the grants of another role. */
const grantsQuery = `
  SELECT format('GRANT %s ON %s %s TO %I', string_agg(DISTINCT a.privilege_type, ', '), o.kind, o.name, $1::text) AS grant
  FROM (
    SELECT 'SCHEMA' AS kind, format('%I', nspname) AS name, nspacl AS acl FROM pg_namespace
    UNION ALL
    SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass::text, relacl FROM pg_class
    UNION ALL
    SELECT 'FUNCTION', oid::regprocedure::text, proacl FROM pg_proc
  ) o, aclexplode(o.acl) a
  WHERE a.grantee = '${pattern}'::regrole
  GROUP BY o.kind, o.name`;

/** The role gets what the pattern has in this database, no more and no less. */
async function copyGrants(owner: pg.ClientBase, role: string): Promise<void> {
  const to = owner.escapeIdentifier(role);
  for (const schema of ['public', 'definer'])
    for (const kind of ['TABLES', 'SEQUENCES', 'FUNCTIONS'])
      await owner.query(`REVOKE ALL ON ALL ${kind} IN SCHEMA ${schema} FROM ${to}`);
  const { rows } = await owner.query<{ grant: string }>(grantsQuery, [role]);
  for (const { grant } of rows) await owner.query(grant);
  // Only where somebody took it from PUBLIC.
  const { rows: open } = await owner.query<{ database: string }>(
    `SELECT current_database() AS database WHERE NOT has_database_privilege($1, current_database(), 'CONNECT')`,
    [role],
  );
  for (const { database } of open)
    await owner.query(`GRANT CONNECT ON DATABASE ${owner.escapeIdentifier(database)} TO ${to}`);
}

/** After the migrations: the application's role can log in and may do here what the migrations say. Safe to repeat. */
export async function letApplicationIn(owner: pg.ClientBase, config: DatabaseConfig): Promise<void> {
  const given = givenRole(config);
  const role = given ?? appRole(config.database.ownerUrl);
  await owner.query('BEGIN');
  try {
    if (given === null) await setPassword(owner, role, config.secret);
    await requireBound(owner, role);
    await copyGrants(owner, role);
    await owner.query('COMMIT');
  } catch (error) {
    await owner.query('ROLLBACK');
    throw error;
  }
}
