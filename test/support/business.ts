import { v7 as uuidv7 } from 'uuid';
import { type Role, roles } from '../../domain/access';
import { hashPassword } from '../../store/passwords';
import type { TestDatabase } from './database';

export const testPassword = 'pallets-en-la-camara';

export interface TestUser {
  id: string;
  email: string;
  role: Role;
}

/** A tenant with two sites, one user per role (all sites), and one manager who may see only the first site. */
export interface TestBusiness {
  tenantId: string;
  slug: string;
  sites: [TestSite, TestSite];
  users: Record<Role, TestUser>;
  oneSite: TestUser;
}

export interface TestSite {
  id: string;
  name: string;
}

let hash: Promise<string> | undefined;

export async function createBusiness(database: TestDatabase, slug: string): Promise<TestBusiness> {
  hash ??= hashPassword(testPassword);
  const passwordHash = await hash;
  const tenantId = uuidv7();
  await database.query('INSERT INTO tenant (id, slug, name) VALUES ($1, $2, $2)', [tenantId, slug]);

  const site = async (name: string, kind: string): Promise<TestSite> => {
    const id = uuidv7();
    await database.query('INSERT INTO site (tenant_id, id, name, kind) VALUES ($1, $2, $3, $4)', [
      tenantId,
      id,
      name,
      kind,
    ]);
    return { id, name };
  };
  const sites: [TestSite, TestSite] = [await site('Bodega 1', 'warehouse'), await site('Tienda 1', 'store')];

  const user = async (name: string, role: Role, siteIds: string[] | null): Promise<TestUser> => {
    const made = { id: uuidv7(), email: `${name}@${slug}.test`, role };
    await database.query(
      `INSERT INTO app_user (tenant_id, id, email, name, password_hash, role, all_sites)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [tenantId, made.id, made.email, name, passwordHash, role, siteIds === null],
    );
    for (const siteId of siteIds ?? []) {
      await database.query('INSERT INTO user_site (tenant_id, user_id, site_id) VALUES ($1, $2, $3)', [
        tenantId,
        made.id,
        siteId,
      ]);
    }
    return made;
  };
  const users = {} as Record<Role, TestUser>;
  for (const role of roles) users[role] = await user(role, role, null);
  return { tenantId, slug, sites, users, oneSite: await user('one-site', 'manager', [sites[0].id]) };
}
