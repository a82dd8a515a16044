import { createHash, createHmac } from 'node:crypto';
import type { Config } from '../domain/config';

/** Password of the application's database role, from the instance secret, so that one DATABASE_URL is enough. */
export function appPassword(secret: string): string {
  return createHmac('sha256', secret).update('nervio_app database role').digest('hex');
}

/** The database that a URL names; like PostgreSQL's own clients, the user's where it names none. */
function databaseOf(url: URL): string {
  return decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username);
}

/**
 * The role that the processes of this database log in as. Roles belong to the whole server: one for each database, so that
 * two installations on one server neither change one another's password nor read one another's rows.
 */
export function appRole(ownerUrl: string): string {
  const database = databaseOf(new URL(ownerUrl));
  // An identifier has 63 bytes.
  const part = /^[a-z0-9_]{1,40}$/.test(database)
    ? database
    : createHash('sha256').update(database).digest('hex').slice(0, 24);
  return `nervio_app_${part}`;
}

/** The same database as `ownerUrl`, logged in as the role that row-level security binds. */
export function appDatabaseUrl(ownerUrl: string, secret: string): string {
  const url = new URL(ownerUrl);
  url.pathname = `/${encodeURIComponent(databaseOf(url))}`;
  url.username = appRole(ownerUrl);
  url.password = appPassword(secret);
  return url.href;
}

/** How the processes reach their database: DATABASE_APP_URL, or what follows from DATABASE_URL and the secret. */
export function appUrlOf({ database, secret }: Pick<Config, 'database' | 'secret'>): string {
  return database.appUrl ?? appDatabaseUrl(database.ownerUrl, secret);
}
