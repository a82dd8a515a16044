import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../domain/access';
import type { Tx } from './db';

/** What somebody did (AUD-01, AUD-02). `before` and `after` hold no secrets. */
export interface AuditRecord {
  /** `<thing>.<what happened to it>`, e.g. `user.changed`. */
  action: string;
  entityType: string;
  entityId: string;
  before?: unknown;
  after?: unknown;
  /** Places that something moved from and to; ids of `location`. */
  locationFrom?: string | null;
  locationTo?: string | null;
  operationId?: string;
}

const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));

/** Written in the transaction of the change: there is no change without its record, and no record without its change. */
export async function audit(
  tx: Tx,
  actor: Pick<Actor, 'userId' | 'name' | 'requestId'>,
  record: AuditRecord,
): Promise<void> {
  await tx.query(
    `WITH written AS (
       INSERT INTO audit (tenant_id, id, at, actor_id, actor, action, entity_type, entity_id, before, after,
                          location_from, location_to, operation_id, request_id)
       VALUES ($1::uuid, $2::uuid, clock_timestamp(), $3::uuid, $4, $5, $6, $7, $8::jsonb, $9::jsonb,
               $10::uuid, $11::uuid, $12::uuid, $13))
     SELECT 1`,
    [
      tx.tenantId,
      uuidv7(),
      actor.userId,
      actor.name,
      record.action,
      record.entityType,
      record.entityId,
      json(record.before),
      json(record.after),
      record.locationFrom ?? null,
      record.locationTo ?? null,
      record.operationId ?? null,
      actor.requestId ?? null,
    ],
  );
}
