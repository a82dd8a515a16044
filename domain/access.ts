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
  'sites.write',
  'products.read',
  'products.write',
  'prices.write',
  'stock.read',
  'stock.write',
  'registers.operate',
  'registers.write',
  'sales.read',
  'sales.make',
  'sales.void',
  'sales.return',
  'sales.return_without_receipt',
  'sales.price',
  'cache.manage',
  'reports.read',
] as const;
export type Permission = (typeof permissions)[number];

const everyone: Permission[] = ['sites.read', 'status.read'];
const shop: Permission[] = ['products.read', 'stock.read', 'sales.read'];
/** At the till. */
const till: Permission[] = [...shop, 'registers.operate', 'sales.make', 'sales.return'];
const back: Permission[] = ['products.write', 'prices.write', 'stock.write'];
const floor: Permission[] = ['operations.read', 'operations.act', 'pallets.read', 'pallets.move', 'locations.read'];

export const permissionTable: Readonly<Record<Role, readonly Permission[]>> = {
  admin: permissions,
  manager: [
    ...everyone,
    ...floor,
    ...till,
    ...back,
    'locations.sync',
    'users.read',
    'connections.read',
    'audit.read',
    'registers.write',
    'sales.void',
    'sales.return_without_receipt',
    'sales.price',
    'cache.manage',
    'reports.read',
  ],
  warehouse: [...everyone, ...floor, 'locations.sync', 'products.read', 'stock.read', 'stock.write'],
  cashier: [...everyone, ...till, 'operations.read', 'pallets.read', 'locations.read'],
  finance: [...everyone, ...shop, 'operations.read', 'audit.read', 'reports.read'],
  auditor: [
    ...everyone,
    ...shop,
    'reports.read',
    'operations.read',
    'pallets.read',
    'locations.read',
    'users.read',
    'connections.read',
    'audit.read',
  ],
  device: [...floor, ...till, 'sites.read'],
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

/** What goods cost is for those who buy, count or report on them, not for the till. */
export const seesCost = (actor: Pick<Actor, 'role'>): boolean =>
  can(actor, 'products.write') || can(actor, 'stock.write') || can(actor, 'reports.read');
