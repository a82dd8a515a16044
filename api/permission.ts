import { type Actor, can, type Permission } from '../domain/access';
import { NervioError } from '../domain/errors';

/** Use cases ask for themselves, because the web app calls them too. @throws NervioError forbidden */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (!can(actor, permission)) throw new NervioError('forbidden', { permission });
}
