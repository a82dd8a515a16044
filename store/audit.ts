import { v7 as uuidv7 } from 'uuid';
import type { AuditAction, AuditEntity } from '../domain/audit';
import type { Tx } from './db';

/** Who did it: a person, or the system by a name of its own (`userId` null). */
export interface AuditActor {
  userId: string | null;
  name: string;
  requestId?: string;
}

export interface AuditEntry {
  action: AuditAction;
  entityType: AuditEntity;
  entityId: string;
  before?: unknown;
  after?: unknown;
  /** Ids of our `location` table, for movements. */
  locationFrom?: string | null;
  locationTo?: string | null;
  operationId?: string | null;
}

/** AUD-01, AUD-02: in the transaction of the change, so that neither is there without the other. */
export async function audit(tx: Tx, actor: AuditActor, ...entries: AuditEntry[]): Promise<void> {
  await tx.query(
    `WITH written AS (
       INSERT INTO audit (tenant_id, id, actor_id, actor, action, entity_type, entity_id, before, after, location_from, location_to, operation_id, request_id)
       SELECT $1::uuid, r.id, $2::uuid, $3, r.action, r.entity_type, r.entity_id, r.before, r.after, r.location_from, r.location_to, r.operation_id, $4
       FROM jsonb_to_recordset($5::jsonb) AS r (id uuid, action text, entity_type text, entity_id text, before jsonb, after jsonb,
         location_from uuid, location_to uuid, operation_id uuid)
     ) SELECT 1`,
    [
      tx.tenantId,
      actor.userId,
      actor.name,
      actor.requestId ?? null,
      JSON.stringify(
        entries.map((entry) => ({
          id: uuidv7(),
          action: entry.action,
          entity_type: entry.entityType,
          entity_id: entry.entityId,
          before: entry.before ?? null,
          after: entry.after ?? null,
          location_from: entry.locationFrom ?? null,
          location_to: entry.locationTo ?? null,
          operation_id: entry.operationId ?? null,
        })),
      ),
    ],
  );
}
