import { type AuditEntity, auditEntities } from '../../../domain/audit';

/** The filters of the audit as its address carries them. */
export interface AuditFilters {
  type: AuditEntity | null;
  /** Code of a pallet; only with `type` pallet. */
  pallet: string | null;
  /** Id of who did it. */
  person: string | null;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads an address; what it does not understand is no filter. */
export function auditFiltersOf(params: URLSearchParams): AuditFilters {
  const pallet = params.get('pallet')?.trim().slice(0, 100) || null;
  const person = params.get('person') ?? '';
  return {
    type: pallet !== null ? 'pallet' : (auditEntities.find((type) => type === params.get('type')) ?? null),
    pallet,
    person: uuid.test(person) ? person : null,
  };
}

export function auditSearchOf(filters: AuditFilters): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (typeof value === 'string') params.set(name, value);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** What GET /audit is asked for. */
export function auditQueryOf({ type, pallet, person }: AuditFilters) {
  return {
    ...(type !== null && { entityType: type }),
    ...(pallet !== null && { entityId: pallet }),
    ...(person !== null && { actorId: person }),
  };
}
