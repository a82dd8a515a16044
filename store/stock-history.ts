import { quantityOf } from '../domain/quantity';
import type { MovementKind } from '../domain/stock';
import type { Sql, Tx } from './db';

type Reader = Pick<Tx, 'tenantId'> & Sql;

export type DocumentType = 'entry' | 'count' | 'sale' | 'void' | 'return';

/** A line of a variant's history. Quantities in thousandths, amounts in minor units. */
export interface HistoryView {
  id: string;
  at: Date;
  /** As the database prints it, for the cursor. */
  atText: string;
  siteId: string;
  siteName: string;
  kind: MovementKind;
  quantity: number;
  /** Of the site after it. */
  balance: number;
  version: number;
  reason: string | null;
  unitCost: number | null;
  unitPrice: number | null;
  document: { type: DocumentType; id: string; number: number } | null;
  user: { id: string; name: string } | null;
  operationId: string | null;
  clientAt: Date | null;
}

interface HistoryRow {
  id: string;
  at: Date;
  at_text: string;
  site_id: string;
  site_name: string;
  kind: MovementKind;
  quantity: string;
  balance: string;
  version: string;
  reason: string | null;
  unit_cost: string | null;
  unit_price: string | null;
  document_id: string | null;
  document_type: DocumentType | null;
  document_number: string | null;
  user_id: string | null;
  user_name: string | null;
  operation_id: string | null;
  client_at: Date | null;
}

const amount = (text: string | null): number | null => (text === null ? null : Number(text));

/** Where the page before ended. */
export interface HistoryPlace {
  at: string;
  siteId: string;
  version: number;
}

/** One site: by version, straight down the index of the ledger; a clock that was set back does not matter. */
const ofSite = `
  SELECT y.*, -y.version AS place FROM stock_movement y
  WHERE y.tenant_id = $1::uuid AND y.variant_id = $2::uuid AND y.site_id = $3::uuid AND y.version < $4::int8
  ORDER BY y.version DESC LIMIT $5::int`;

/** Several: the newest of each by version, merged by their time. */
const ofSites = `
  SELECT x.*, row_number() OVER (ORDER BY x.at DESC, x.site_id DESC, x.version DESC) AS place FROM stock_level l
  CROSS JOIN LATERAL (
    SELECT y.* FROM stock_movement y
    WHERE y.tenant_id = l.tenant_id AND y.site_id = l.site_id AND y.variant_id = l.variant_id
      AND ($4::timestamptz IS NULL OR (y.at, y.site_id, y.version) < ($4::timestamptz, $5::uuid, $6::int8))
    ORDER BY y.version DESC LIMIT $7::int) x
  WHERE l.tenant_id = $1::uuid AND l.variant_id = $2::uuid AND ($3::uuid[] IS NULL OR l.site_id = ANY ($3::uuid[]))
  ORDER BY x.at DESC, x.site_id DESC, x.version DESC LIMIT $7::int`;

const withNames = (page: string): string => `
  SELECT m.id::text, m.at, m.at::text AS at_text, m.site_id::text, s.name AS site_name, m.kind, m.quantity::text, m.balance::text,
         m.version::text, m.reason, m.unit_cost::text, m.unit_price::text, m.document_id::text, m.operation_id::text, m.client_at,
         CASE WHEN e.id IS NOT NULL THEN 'entry' WHEN k.id IS NOT NULL THEN 'count' ELSE d.kind END AS document_type,
         coalesce(e.number, k.number, d.number)::text AS document_number, u.id::text AS user_id, u.name AS user_name
  FROM (${page}) m
  JOIN site s ON s.tenant_id = m.tenant_id AND s.id = m.site_id
  LEFT JOIN stock_entry e ON m.kind = 'entry' AND e.tenant_id = m.tenant_id AND e.id = m.document_id
  LEFT JOIN stock_count k ON m.kind = 'count' AND k.tenant_id = m.tenant_id AND k.id = m.document_id
  LEFT JOIN sale d ON m.kind IN ('sale', 'void', 'return') AND d.tenant_id = m.tenant_id AND d.id = m.document_id
  LEFT JOIN app_user u ON u.tenant_id = m.tenant_id AND u.id = m.user_id
  ORDER BY m.place`;

const siteHistory = withNames(ofSite);
const businessHistory = withNames(ofSites);
const afterAll = '9223372036854775807';

/** Newest first. */
export async function listHistory(
  tx: Reader,
  query: { variantId: string; siteIds: readonly string[] | null; after?: HistoryPlace; limit: number },
): Promise<HistoryView[]> {
  const { variantId, siteIds, after, limit } = query;
  const rows =
    siteIds?.length === 1
      ? await tx.query<HistoryRow>(siteHistory, [
          tx.tenantId,
          variantId,
          siteIds[0],
          after === undefined ? afterAll : String(after.version),
          limit,
        ])
      : await tx.query<HistoryRow>(businessHistory, [
          tx.tenantId,
          variantId,
          siteIds,
          after?.at ?? null,
          after?.siteId ?? null,
          after === undefined ? null : String(after.version),
          limit,
        ]);
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    atText: row.at_text,
    siteId: row.site_id,
    siteName: row.site_name,
    kind: row.kind,
    quantity: quantityOf(row.quantity),
    balance: quantityOf(row.balance),
    version: Number(row.version),
    reason: row.reason,
    unitCost: amount(row.unit_cost),
    unitPrice: amount(row.unit_price),
    document:
      row.document_id === null || row.document_type === null
        ? null
        : { type: row.document_type, id: row.document_id, number: Number(row.document_number) },
    user: row.user_id === null ? null : { id: row.user_id, name: row.user_name ?? '' },
    operationId: row.operation_id,
    clientAt: row.client_at,
  }));
}
