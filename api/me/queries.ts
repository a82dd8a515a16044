import { type Actor, type Permission, permissionTable, type Role } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import type { ApiDeps } from '../deps';

/** The person behind a request, for the screens: who, where, and what they may do. */
export interface Me {
  id: string;
  email: string;
  name: string;
  role: Role;
  locale: 'es' | 'en';
  tenant: { id: string; slug: string; name: string; locale: string; currency: string };
  /** null = all sites of the tenant. */
  siteIds: string[] | null;
  permissions: Permission[];
}

export async function meOf(deps: Pick<ApiDeps, 'db'>, actor: Actor): Promise<Me> {
  const tenant = await deps.db.withTenant(actor.tenantId, async (tx) => {
    const [row] = await tx.query<Me['tenant']>(
      'SELECT id, slug, name, locale, currency FROM tenant WHERE id = $1::uuid',
      [actor.tenantId],
    );
    return row;
  });
  if (tenant === undefined) throw new NervioError('session_ended');
  return {
    id: actor.userId,
    email: actor.email,
    name: actor.name,
    role: actor.role,
    locale: actor.locale,
    tenant,
    siteIds: actor.siteIds,
    permissions: [...permissionTable[actor.role]],
  };
}
