import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { findUser, listUsers as listRecords, type UserRecord } from '../../store/users';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import type { UserView } from './schemas';

export function viewOf(user: UserRecord): UserView {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    allSites: user.siteIds === null,
    siteIds: user.siteIds ?? [],
    locale: user.locale,
    active: user.active,
    version: user.version,
    createdAt: user.createdAt.toISOString(),
    lastLoginAt: user.lastLoginAt?.toISOString() ?? null,
  };
}

/** The users of the actor's tenant by e-mail. */
export async function listUsers(
  deps: ApiDeps,
  actor: Actor,
  query: { cursor?: string; limit?: number },
): Promise<{ items: UserView[]; nextCursor: string | null }> {
  requirePermission(actor, 'users.read');
  const limit = query.limit ?? 50;
  const [after = ''] = query.cursor === undefined ? [] : readCursor(query.cursor, [/^[^\0]{1,254}$/]);
  const users = await deps.db.withTenant(actor.tenantId, (tx) => listRecords(tx, after, limit + 1));
  const page = pageOf(users, limit, (last) => writeCursor(last.email));
  return { items: page.items.map(viewOf), nextCursor: page.nextCursor };
}

/** @throws NervioError not_found, also for a user of another tenant */
export async function getUser(deps: ApiDeps, actor: Actor, id: string): Promise<UserView> {
  requirePermission(actor, 'users.read');
  const user = await deps.db.withTenant(actor.tenantId, (tx) => findUser(tx, id));
  if (user === null) throw new NervioError('not_found');
  return viewOf(user);
}
