import type {
  OperationDetail,
  OperationError,
  OperationKind,
  OperationState,
  OperationSummary,
  Outside,
  TimelineEntry,
} from '../domain/operation';
import type { Tx } from './db';

export interface OperationFilter {
  kind?: OperationKind;
  state?: OperationState;
  siteId?: string;
  /** Who made it. */
  userId?: string;
  /** Made at or after, before; ISO 8601. */
  from?: string;
  to?: string;
  /** A pallet's code or its beginning, or an operation's number. */
  q?: string;
  /** The sites that the person may see; null = all. */
  sites: string[] | null;
  /** Keyset: numbers below this. */
  after?: number;
  limit: number;
}

interface Raw {
  id: string;
  number: bigint;
  kind: OperationKind;
  state: OperationState;
  step: string;
  attempt: number;
  version: number;
  created_at: Date;
  updated_at: Date;
  error: OperationError | null;
  cancel_requested: boolean;
  site_id: string | null;
  site_name: string | null;
  user_id: string | null;
  user_name: string | null;
  pallet_count: bigint;
  pallet_codes: string[] | null;
  destination_id: string | null;
  destination_name: string | null;
  destination_barcode: string | null;
}

/** How many codes a row of the list shows. */
const shownCodes = 3;

const select = `o.id, o.number, o.kind, o.state, o.step, o.attempt, o.version, o.created_at, o.updated_at, o.error, o.cancel_requested,
  s.id AS site_id, s.name AS site_name, u.id AS user_id, u.name AS user_name,
  (SELECT count(*) FROM pallet_move_line l WHERE l.tenant_id = o.tenant_id AND l.operation_id = o.id) AS pallet_count,
  (SELECT array_agg(x.code ORDER BY x.position) FROM (SELECT l.code, l.position FROM pallet_move_line l
     WHERE l.tenant_id = o.tenant_id AND l.operation_id = o.id ORDER BY l.position LIMIT ${shownCodes}) x) AS pallet_codes,
  d.id AS destination_id, d.short_name AS destination_name, d.barcode AS destination_barcode`;

const joins = `LEFT JOIN site s ON s.tenant_id = o.tenant_id AND s.id = o.site_id
  LEFT JOIN app_user u ON u.tenant_id = o.tenant_id AND u.id = o.created_by
  LEFT JOIN pallet_move m ON m.tenant_id = o.tenant_id AND m.operation_id = o.id
  LEFT JOIN location d ON d.tenant_id = m.tenant_id AND d.id = m.destination_id`;

const summaryOf = (row: Raw): OperationSummary => ({
  id: row.id,
  number: Number(row.number),
  kind: row.kind,
  state: row.state,
  step: row.step,
  attempt: row.attempt,
  version: row.version,
  site: row.site_id === null ? null : { id: row.site_id, name: row.site_name ?? '' },
  createdBy: row.user_id === null ? null : { id: row.user_id, name: row.user_name ?? '' },
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  error: row.error,
  pallets: { count: Number(row.pallet_count), codes: row.pallet_codes ?? [] },
  destination:
    row.destination_id === null
      ? null
      : { id: row.destination_id, name: row.destination_name ?? '', barcode: row.destination_barcode },
  cancelRequested: row.cancel_requested,
});

/** The end of a range of codes that begin alike; `text_pattern` order does not matter for the key table's index. */
const afterPrefix = (prefix: string) => `${prefix}\u{10ffff}`;

/** Newest first. */
export async function findOperations(tx: Tx, filter: OperationFilter): Promise<OperationSummary[]> {
  const q = filter.q?.trim() || null;
  const byNumber = q !== null && /^(NV-)?\d{1,15}$/i.test(q) ? Number(q.replace(/^NV-/i, '')) : null;
  const rows = await tx.query<Raw>(
    `SELECT ${select} FROM operation o ${joins}
     WHERE o.tenant_id = $1::uuid
       AND ($2::text IS NULL OR o.kind = $2)
       AND ($3::text IS NULL OR o.state = $3)
       AND ($4::uuid IS NULL OR o.site_id = $4::uuid)
       AND ($5::uuid IS NULL OR o.created_by = $5::uuid)
       AND ($6::timestamptz IS NULL OR o.created_at >= $6::timestamptz)
       AND ($7::timestamptz IS NULL OR o.created_at < $7::timestamptz)
       AND ($8::text IS NULL OR o.number = $10::bigint OR o.id IN (
         SELECT l.operation_id FROM pallet_move_line l
         WHERE l.tenant_id = $1::uuid AND l.code >= $8 COLLATE "C" AND l.code < $9 COLLATE "C"))
       AND ($11::uuid[] IS NULL OR o.site_id IS NULL OR o.site_id = ANY($11::uuid[]))
       AND ($12::bigint IS NULL OR o.number < $12::bigint)
     ORDER BY o.number DESC LIMIT $13::int`,
    [
      tx.tenantId,
      filter.kind ?? null,
      filter.state ?? null,
      filter.siteId ?? null,
      filter.userId ?? null,
      filter.from ?? null,
      filter.to ?? null,
      q,
      q === null ? null : afterPrefix(q),
      byNumber === null ? null : String(byNumber),
      filter.sites,
      filter.after === undefined ? null : String(filter.after),
      filter.limit,
    ],
  );
  return rows.map(summaryOf);
}

const noCounts: Record<OperationState, number> = {
  pending: 0,
  syncing: 0,
  waiting: 0,
  needs_attention: 0,
  compensating: 0,
  synced: 0,
  compensated: 0,
  cancelled: 0,
};

/** Everything that is not final, and what became final within the last 24 h. */
export async function countByState(tx: Tx, sites: string[] | null): Promise<Record<OperationState, number>> {
  const rows = await tx.query<{ state: OperationState; count: bigint }>(
    `SELECT o.state, count(*) FROM operation o
     WHERE o.tenant_id = $1::uuid AND ($2::uuid[] IS NULL OR o.site_id IS NULL OR o.site_id = ANY($2::uuid[]))
       AND (o.state NOT IN ('synced', 'compensated', 'cancelled') OR o.created_at > now() - interval '24 hours')
     GROUP BY o.state`,
    [tx.tenantId, sites],
  );
  return { ...noCounts, ...Object.fromEntries(rows.map((row) => [row.state, Number(row.count)])) };
}

interface RawDetail extends Raw {
  workflow_id: string | null;
  run_id: string | null;
  ended_at: Date | null;
  lanes_ahead: number;
  effect: number;
  outside: Outside;
  replaced_by: string | null;
  scanned_at: Date | null;
}

/** Everything of an operation but what the API adds: choices and the link to Temporal. */
export async function readOperationDetail(
  tx: Tx,
  id: string,
): Promise<(Omit<OperationDetail, 'choices' | 'temporalUrl'> & { outside: Outside }) | null> {
  const [row] = await tx.query<RawDetail>(
    `SELECT ${select}, o.workflow_id, o.run_id, o.ended_at, o.lanes_ahead, o.effect, o.outside, o.replaced_by, m.scanned_at
     FROM operation o ${joins} WHERE o.tenant_id = $1::uuid AND o.id = $2::uuid`,
    [tx.tenantId, id],
  );
  if (!row) return null;
  const lines = await tx.query<{
    code: string;
    weight_kg: string | null;
    problem: string | null;
    from_id: string | null;
    from_name: string | null;
    found_id: string | null;
    found_name: string | null;
  }>(
    `SELECT l.code, l.weight_kg::text, l.problem, f.id AS from_id, f.short_name AS from_name, g.id AS found_id, g.short_name AS found_name
     FROM pallet_move_line l
     LEFT JOIN location f ON f.tenant_id = l.tenant_id AND f.id = coalesce(l.moved_from_id, l.from_id)
     LEFT JOIN location g ON g.tenant_id = l.tenant_id AND g.id = l.found_id
     WHERE l.tenant_id = $1::uuid AND l.operation_id = $2::uuid ORDER BY l.position`,
    [tx.tenantId, id],
  );
  const timeline = await readTimeline(tx, id);
  const reference = timeline.findLast((entry) => typeof entry.data?.name === 'string')?.data?.name;
  const place = (placeId: string | null, name: string | null) =>
    placeId === null ? null : { id: placeId, name: name ?? '' };
  return {
    ...summaryOf(row),
    workflowId: row.workflow_id,
    runId: row.run_id,
    endedAt: row.ended_at?.toISOString() ?? null,
    lanesAhead: row.lanes_ahead,
    outside: row.outside,
    replacedBy: row.replaced_by,
    reference: typeof reference === 'string' ? reference : null,
    scannedAt: row.scanned_at?.toISOString() ?? null,
    lines: lines.map((line) => ({
      code: line.code,
      weightKg: line.weight_kg === null ? null : Number(line.weight_kg),
      from: place(line.from_id, line.from_name),
      found: place(line.found_id, line.found_name),
      problem: line.problem,
    })),
    timeline,
  };
}

async function readTimeline(tx: Tx, id: string): Promise<TimelineEntry[]> {
  const rows = await tx.query<{
    id: bigint;
    at: Date;
    attempt: number;
    step: string;
    state: OperationState;
    code: string;
    data: Record<string, unknown> | null;
    actor: string | null;
  }>(
    `SELECT e.id, e.at, e.attempt, e.step, e.state, e.code, e.data, u.name AS actor FROM operation_event e
     LEFT JOIN app_user u ON u.tenant_id = e.tenant_id AND u.id = e.actor_id
     WHERE e.tenant_id = $1::uuid AND e.operation_id = $2::uuid ORDER BY e.id`,
    [tx.tenantId, id],
  );
  return rows.map((row) => ({ ...row, id: String(row.id), at: row.at.toISOString() }));
}
