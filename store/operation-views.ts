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
  /** A pallet's code or its beginning, in capitals or not, a chamber's barcode, an operation's number, or a sale's («N° 12», «12»). */
  q?: string;
  /** The sites that the person may see; null = all. */
  sites: string[] | null;
  /** Keyset: numbers below this. */
  after?: number;
  limit: number;
  /** How many codes of each move's pallets; some unless said. */
  mostCodes?: number;
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
  subject_id: string | null;
  subject_label: string | null;
  register: string | null;
  sale_number: bigint | null;
  subject_count: number | null;
  subject_total: bigint | null;
  subject_currency: string | null;
}

/** How many codes a row of the list shows. */
const shownCodes = 3;

const selectWith = (
  most: string,
) => `o.id, o.number, o.kind, o.state, o.step, o.attempt, o.version, o.created_at, o.updated_at, o.error, o.cancel_requested,
  s.id AS site_id, s.name AS site_name, u.id AS user_id, u.name AS user_name,
  (SELECT count(*) FROM pallet_move_line l WHERE l.tenant_id = o.tenant_id AND l.operation_id = o.id) AS pallet_count,
  (SELECT array_agg(x.code ORDER BY x.position) FROM (SELECT l.code, l.position FROM pallet_move_line l
     WHERE l.tenant_id = o.tenant_id AND l.operation_id = o.id ORDER BY l.position LIMIT ${most}) x) AS pallet_codes,
  d.id AS destination_id, d.short_name AS destination_name, d.barcode AS destination_barcode,
  coalesce(x.id, i.id, p.operation_id) AS subject_id, coalesce(x.label, i.file_name, p.label) AS subject_label,
  coalesce(x.line_count, i.row_count, p.price_count) AS subject_count, x.total AS subject_total, x.currency AS subject_currency, x.register, x.number AS sale_number`;

const joins = `LEFT JOIN site s ON s.tenant_id = o.tenant_id AND s.id = o.site_id
  LEFT JOIN app_user u ON u.tenant_id = o.tenant_id AND u.id = o.created_by
  LEFT JOIN pallet_move m ON m.tenant_id = o.tenant_id AND m.operation_id = o.id
  LEFT JOIN location d ON d.tenant_id = m.tenant_id AND d.id = m.destination_id
  LEFT JOIN LATERAL (
    SELECT sale.id, register.name AS register, sale.number, register.name || ' · N° ' || sale.number AS label, sale.line_count, sale.total,
      sale.currency
    FROM sale JOIN register ON register.tenant_id = sale.tenant_id AND register.id = sale.register_id
    WHERE o.kind IN ('sale', 'void_sale', 'return_sale') AND sale.tenant_id = o.tenant_id AND sale.operation_id = o.id
    LIMIT 1
  ) x ON true
  LEFT JOIN LATERAL (
    SELECT id, file_name, row_count FROM product_import
    WHERE o.kind = 'import_products' AND tenant_id = o.tenant_id AND operation_id = o.id
    UNION ALL SELECT id, file_name, row_count FROM product_import
    WHERE o.kind = 'undo_import' AND tenant_id = o.tenant_id AND undone_by = o.id
    LIMIT 1
  ) i ON true
  LEFT JOIN LATERAL (
    SELECT y.operation_id, y.price_count, coalesce(f.name, t.name) || ' → ' ||
      coalesce((SELECT string_agg(z.name, ', ' ORDER BY z.name) FROM site z WHERE z.tenant_id = y.tenant_id AND z.id = ANY (y.to_site_ids)), '–') AS label
    FROM price_sync y JOIN tenant t ON t.id = y.tenant_id
    LEFT JOIN site f ON f.tenant_id = y.tenant_id AND f.id = y.from_site_id
    WHERE o.kind = 'sync_prices' AND y.tenant_id = o.tenant_id AND y.operation_id = o.id
  ) p ON true`;

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
  subject:
    row.subject_id === null
      ? null
      : {
          id: row.subject_id,
          label: row.subject_label ?? '',
          document: row.register === null ? null : { register: row.register, number: Number(row.sale_number) },
          count: row.subject_count ?? 0,
          total:
            row.subject_total === null
              ? null
              : { amount: Number(row.subject_total), currency: row.subject_currency ?? '' },
        },
  cancelRequested: row.cancel_requested,
});

/** The end of a range of codes that begin alike; `text_pattern` order does not matter for the key table's index. */
const afterPrefix = (prefix: string) => `${prefix}\u{10ffff}`;

/** Newest first. */
export async function findOperations(tx: Tx, filter: OperationFilter): Promise<OperationSummary[]> {
  const q = filter.q?.trim() || null;
  const byNumber = q !== null && /^(NV-)?\d{1,15}$/i.test(q) ? Number(q.replace(/^NV-/i, '')) : null;
  const bySale = q !== null && /^(n[°º]\s*)?\d{1,15}$/i.test(q) ? q.replace(/\D/g, '') : null;
  // Labels are printed in capitals; people type as they like.
  const codes = q && [...new Set([q, q.toUpperCase()])];
  const rows = await tx.query<Raw>(
    `SELECT ${selectWith('$14::int')} FROM operation o ${joins}
     WHERE o.tenant_id = $1::uuid
       AND ($2::text IS NULL OR o.kind = $2)
       AND ($3::text IS NULL OR o.state = $3)
       AND ($4::uuid IS NULL OR o.site_id = $4::uuid)
       AND ($5::uuid IS NULL OR o.created_by = $5::uuid)
       AND ($6::timestamptz IS NULL OR o.created_at >= $6::timestamptz)
       AND ($7::timestamptz IS NULL OR o.created_at < $7::timestamptz)
       AND ($8::text[] IS NULL OR o.id IN (
         SELECT l.operation_id FROM unnest($8::text[], $9::text[]) AS range (first, last)
           JOIN pallet_move_line l ON l.tenant_id = $1::uuid AND l.code >= range.first COLLATE "C" AND l.code < range.last COLLATE "C"
         UNION ALL SELECT x.operation_id FROM location c
           JOIN pallet_move x ON x.tenant_id = c.tenant_id AND x.destination_id = c.id
           WHERE c.tenant_id = $1::uuid AND c.barcode = ANY ($8::text[])
         UNION ALL SELECT n.id FROM operation n WHERE n.tenant_id = $1::uuid AND n.number = $10::bigint
         UNION ALL SELECT sold.operation_id FROM register till
           JOIN sale sold ON sold.tenant_id = till.tenant_id AND sold.register_id = till.id AND sold.number = $15::bigint
           WHERE till.tenant_id = $1::uuid))
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
      codes,
      codes && codes.map(afterPrefix),
      byNumber === null ? null : String(byNumber),
      filter.sites,
      filter.after === undefined ? null : String(filter.after),
      filter.limit,
      filter.mostCodes ?? shownCodes,
      bySale,
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
    `SELECT ${selectWith(String(shownCodes))}, o.workflow_id, o.run_id, o.ended_at, o.lanes_ahead, o.effect, o.outside, o.replaced_by, m.scanned_at
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
