/** Roles and what each may do: the one permission table. The matrix test walks every route against it. */
export const roles = ['admin', 'manager', 'cashier', 'warehouse', 'finance', 'auditor', 'device'] as const;
export type Role = (typeof roles)[number];

export const permissions = [
  'operations.read',
  'operations.act',
  'pallets.read',
  'pallets.move',
  'locations.read',
  'locations.sync',
  'sites.read',
  'users.read',
  'users.write',
  'connections.read',
  'connections.write',
  'audit.read',
  'status.read',
] as const;
export type Permission = (typeof permissions)[number];

const everyone: Permission[] = ['sites.read', 'status.read'];
const floor: Permission[] = ['operations.read', 'operations.act', 'pallets.read', 'pallets.move', 'locations.read'];

export const permissionTable: Readonly<Record<Role, readonly Permission[]>> = {
  admin: permissions,
  manager: [...everyone, ...floor, 'locations.sync', 'users.read', 'connections.read', 'audit.read'],
  warehouse: [...everyone, ...floor, 'locations.sync'],
  cashier: [...everyone, 'operations.read', 'pallets.read', 'locations.read'],
  finance: [...everyone, 'operations.read', 'audit.read'],
  auditor: [
    ...everyone,
    'operations.read',
    'pallets.read',
    'locations.read',
    'users.read',
    'connections.read',
    'audit.read',
  ],
  device: [...floor, 'sites.read'],
};

/** Who asks. `siteIds` null = all sites of the tenant. */
export interface Actor {
  tenantId: string;
  userId: string;
  /** For the audit and the timeline. */
  name: string;
  email: string;
  role: Role;
  siteIds: string[] | null;
  locale: 'es' | 'en';
  sessionId: string;
  requestId?: string;
}

export function can(actor: Pick<Actor, 'role'>, permission: Permission): boolean {
  return permissionTable[actor.role].includes(permission);
}

/** Operations without a site are seen by all who may see operations. */
export function seesSite(actor: Pick<Actor, 'siteIds'>, siteId: string | null): boolean {
  return siteId === null || actor.siteIds === null || actor.siteIds.includes(siteId);
}
