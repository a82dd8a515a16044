import type { Role } from '../domain/access';
import type { Tx } from './db';

export interface UserRecord {
  id: string;
  email: string;
  name: string;
  role: Role;
  /** null = all sites of the tenant. */
  siteIds: string[] | null;
  locale: 'es' | 'en';
  active: boolean;
  version: number;
  createdAt: Date;
  lastLoginAt: Date | null;
}

interface UserRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  all_sites: boolean;
  site_ids: string[];
  locale: string;
  active: boolean;
  version: number;
  created_at: Date;
  last_login_at: Date | null;
}

const columns = `u.id, u.email, u.name, u.role, u.all_sites, u.locale, u.active, u.version, u.created_at, u.last_login_at,
  ARRAY(SELECT x.site_id::text FROM user_site x WHERE x.tenant_id = u.tenant_id AND x.user_id = u.id ORDER BY 1) AS site_ids`;

function recordOf(row: UserRow): UserRecord {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    siteIds: row.all_sites ? null : row.site_ids,
    locale: row.locale === 'en' ? 'en' : 'es',
    active: row.active,
    version: row.version,
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at,
  };
}

/** By e-mail, `after` the last one of the page before. */
export async function listUsers(tx: Tx, after: string, limit: number): Promise<UserRecord[]> {
  const rows = await tx.query<UserRow>(
    `SELECT ${columns} FROM app_user u WHERE u.tenant_id = $1::uuid AND u.email > $2 ORDER BY u.email LIMIT $3::int`,
    [tx.tenantId, after, limit],
  );
  return rows.map(recordOf);
}

/** @param lock takes the row for the rest of the transaction */
export async function findUser(tx: Tx, id: string, lock = false): Promise<UserRecord | null> {
  const [row] = await tx.query<UserRow>(
    `SELECT ${columns} FROM app_user u WHERE u.tenant_id = $1::uuid AND u.id = $2::uuid ${lock ? 'FOR UPDATE OF u' : ''}`,
    [tx.tenantId, id],
  );
  return row === undefined ? null : recordOf(row);
}

export async function readPasswordHash(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx.query<{ password_hash: string }>(
    'SELECT password_hash FROM app_user WHERE tenant_id = $1::uuid AND id = $2::uuid',
    [tx.tenantId, id],
  );
  return row?.password_hash ?? null;
}

export interface NewUserRecord {
  id: string;
  email: string;
  name: string;
  role: Role;
  siteIds: string[] | null;
  locale: 'es' | 'en';
  passwordHash: string;
}

/** Returns false when another user, of whatever tenant, has the e-mail. */
export async function insertUser(tx: Tx, user: NewUserRecord): Promise<boolean> {
  const rows = await tx.query<{ id: string }>(
    `INSERT INTO app_user (tenant_id, id, email, name, role, all_sites, locale, password_hash)
     VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::boolean, $7, $8) ON CONFLICT (email) DO NOTHING RETURNING id`,
    [tx.tenantId, user.id, user.email, user.name, user.role, user.siteIds === null, user.locale, user.passwordHash],
  );
  if (rows.length === 0) return false;
  await setUserSites(tx, user.id, user.siteIds ?? []);
  return true;
}

/** What may change of a user; the version rises with every change. */
export async function updateUser(tx: Tx, user: UserRecord, passwordHash: string | null): Promise<void> {
  await tx.query(
    `UPDATE app_user SET name = $3, role = $4, all_sites = $5::boolean, locale = $6, active = $7::boolean,
            password_hash = coalesce($8, password_hash), version = version + 1
     WHERE tenant_id = $1::uuid AND id = $2::uuid`,
    [tx.tenantId, user.id, user.name, user.role, user.siteIds === null, user.locale, user.active, passwordHash],
  );
  await setUserSites(tx, user.id, user.siteIds ?? []);
}

async function setUserSites(tx: Tx, userId: string, siteIds: string[]): Promise<void> {
  await tx.query(
    'DELETE FROM user_site WHERE tenant_id = $1::uuid AND user_id = $2::uuid AND site_id <> ALL ($3::uuid[])',
    [tx.tenantId, userId, siteIds],
  );
  await tx.query(
    `INSERT INTO user_site (tenant_id, user_id, site_id)
     SELECT $1::uuid, $2::uuid, unnest($3::uuid[]) ON CONFLICT DO NOTHING`,
    [tx.tenantId, userId, siteIds],
  );
}

/** Those who could still administer the tenant, locked in one order so that two cannot remove one another at once. */
export async function lockAdmins(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM app_user WHERE tenant_id = $1::uuid AND role = 'admin' AND active ORDER BY id FOR UPDATE`,
    [tx.tenantId],
  );
  return rows.map((row) => row.id);
}
