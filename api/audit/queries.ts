import type { Actor } from '../../domain/access';
import type { AuditEntity } from '../../domain/audit';
import type { OperationState } from '../../domain/operation';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';

export interface AuditQuery {
  entityType?: string;
  entityId?: string;
  /** Who did it. */
  actorId?: string;
  cursor?: string;
  limit?: number;
}

export interface AuditEntry {
  id: string;
  at: string;
  actor: { id: string | null; name: string };
  action: string;
  entityType: string;
  entityId: string;
  /** What it is called now; null = it has no name, or is gone. */
  entityName: string | null;
  before: unknown;
  after: unknown;
  locationFrom: { id: string; name: string } | null;
  locationTo: { id: string; name: string } | null;
  /** AUD-04: how the movement ended (null while it goes on), and whether Odoo has it: moves of pallets go there, nothing else. */
  operation: {
    id: string;
    number: number;
    kind: string;
    state: OperationState;
    succeeded: boolean | null;
    syncedToOdoo: boolean;
  } | null;
  requestId: string | null;
}

interface AuditRow {
  id: string;
  at: Date;
  at_text: string;
  actor_id: string | null;
  actor: string;
  action: string;
  entity_type: string;
  entity_id: string;
  entity_name: string | null;
  before: unknown;
  after: unknown;
  from_id: string | null;
  from_name: string | null;
  to_id: string | null;
  to_name: string | null;
  operation_id: string | null;
  number: bigint | null;
  kind: string | null;
  state: OperationState | null;
  request_id: string | null;
}

/** Whether an operation did what it was asked for; null while that is open. */
export function succeeded(state: OperationState): boolean | null {
  switch (state) {
    case 'synced':
      return true;
    case 'compensated':
    case 'cancelled':
    case 'needs_attention':
      return false;
    case 'pending':
    case 'syncing':
    case 'waiting':
    case 'compensating':
      return null;
  }
}

const placeOf = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? id });

function entryOf(row: AuditRow): AuditEntry {
  const { operation_id: operationId, state } = row;
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: { id: row.actor_id, name: row.actor },
    action: row.action,
    entityType: row.entity_type,
    entityId: row.entity_id,
    entityName: row.entity_name,
    before: row.before,
    after: row.after,
    locationFrom: placeOf(row.from_id, row.from_name),
    locationTo: placeOf(row.to_id, row.to_name),
    operation:
      operationId === null || state === null
        ? null
        : {
            id: operationId,
            number: Number(row.number),
            kind: row.kind ?? '',
            state,
            succeeded: succeeded(state),
            syncedToOdoo: row.kind === 'move_pallets' && state === 'synced',
          },
    requestId: row.request_id,
  };
}

/** Where the name of what an entry is about is kept, for those that have one. */
const names = {
  register: 'SELECT n.name FROM register n',
  site: 'SELECT n.name FROM site n',
  product: 'SELECT n.name FROM product n',
  variant: 'SELECT n.sku FROM variant n',
  user: 'SELECT n.name FROM app_user n',
  connection: 'SELECT n.name FROM connection n',
  import: 'SELECT n.file_name FROM product_import n',
  size: 'SELECT n.name FROM size n',
  colour: 'SELECT n.name FROM colour n',
} satisfies Partial<Record<AuditEntity, string>>;

const entityName = `CASE a.entity_type ${Object.entries(names)
  .map(
    ([type, select]) => `WHEN '${type}' THEN (${select} WHERE n.tenant_id = a.tenant_id AND n.id = a.entity_id::uuid)`,
  )
  .join(' ')} END`;

/** AUD-01, AUD-02, AUD-04: who did what, newest first; movements of sites that the actor may not see are left out. */
export async function listAudit(
  deps: ApiDeps,
  actor: Actor,
  query: AuditQuery,
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  requirePermission(actor, 'audit.read');
  const limit = query.limit ?? 50;
  const [at = null, id = null] = query.cursor === undefined ? [] : readAuditCursor(query.cursor);
  const rows = await deps.db.withTenant(actor.tenantId, (tx) =>
    tx.query<AuditRow>(
      `SELECT a.id, a.at, a.at::text AS at_text, a.actor_id, a.actor, a.action, a.entity_type, a.entity_id, ${entityName} AS entity_name, a.before, a.after,
              a.location_from AS from_id, lf.name AS from_name, a.location_to AS to_id, lt.name AS to_name,
              o.id AS operation_id, o.number, o.kind, o.state, a.request_id
       FROM audit a
       LEFT JOIN operation o ON o.tenant_id = a.tenant_id AND o.id = a.operation_id
       LEFT JOIN location lf ON lf.tenant_id = a.tenant_id AND lf.id = a.location_from
       LEFT JOIN location lt ON lt.tenant_id = a.tenant_id AND lt.id = a.location_to
       WHERE a.tenant_id = $1::uuid
         AND ($2::text IS NULL OR a.entity_type = $2) AND ($3::text IS NULL OR a.entity_id IN ($3, upper($3)))
         AND ($4::timestamptz IS NULL OR (a.at, a.id) < ($4::timestamptz, $5::uuid))
         AND ($8::uuid IS NULL OR a.actor_id = $8::uuid)
         AND ($6::uuid[] IS NULL OR o.site_id IS NULL OR o.site_id = ANY ($6::uuid[]))
       ORDER BY a.at DESC, a.id DESC LIMIT $7::int`,
      [
        tx.tenantId,
        query.entityType ?? null,
        query.entityId ?? null,
        at,
        id,
        actor.siteIds,
        limit + 1,
        query.actorId ?? null,
      ],
    ),
  );
  const page = pageOf(rows, limit, (last) => writeCursor(last.at_text, last.id));
  return { items: page.items.map(entryOf), nextCursor: page.nextCursor };
}

function readAuditCursor(cursor: string): string[] {
  return readCursor(cursor, [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/, /^[0-9a-f-]{36}$/]);
}
