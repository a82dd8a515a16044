import { createHmac } from 'node:crypto';

/** Password of the application's database role, from the instance secret, so that one DATABASE_URL is enough. */
export function appPassword(secret: string): string {
  return createHmac('sha256', secret).update('nervio_app database role').digest('hex');
}

/** The same database as `ownerUrl`, logged in as the role that row-level security binds. */
export function appDatabaseUrl(ownerUrl: string, secret: string): string {
  const url = new URL(ownerUrl);
  url.username = 'nervio_app';
  url.password = appPassword(secret);
  return url.href;
}
