import { quantityOf, formatQuantity } from '../domain/quantity';
import { weightedCost } from '../domain/money';
import type { Sql, Tx } from './db';

type Reader = Pick<Tx, 'tenantId'> & Sql;

/** A variant that came in a document. */
export interface EnteredLine {
  variantId: string;
  /** Thousandths, above zero. */
  quantity: number;
  /** Minor units. */
  unitCost: number;
}

/** Returns the entry's number. */
export async function insertEntry(
  tx: Reader,
  entry: {
    id: string;
    siteId: string;
    supplier: string | null;
    reference: string | null;
    note: string | null;
    createdBy: string;
  },
): Promise<number> {
  const [row] = await tx.query<{ number: string }>(
    `INSERT INTO stock_entry (tenant_id, id, site_id, supplier, reference, note, created_by)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6, $7::uuid) RETURNING number::text`,
    [tx.tenantId, entry.id, entry.siteId, entry.supplier, entry.reference, entry.note, entry.createdBy],
  );
  return Number(row!.number);
}

/** What a variant costs, locked: entries of one variant follow each other. Before the levels, sorted. */
export async function lockCosts(tx: Reader, variantIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; cost: string }>(
    `SELECT v.id::text, v.cost::text FROM variant v WHERE v.tenant_id = $1::uuid AND v.id = ANY ($2::uuid[])
     ORDER BY v.id FOR NO KEY UPDATE`,
    [tx.tenantId, variantIds],
  );
  return new Map(rows.map((row) => [row.id, Number(row.cost)]));
}

/**
 * The mean cost by weight over all the business's stock (docs/decisions/041-cost.md), after the entry's movements were
 * written. What leaves at cost does not change the mean, so sales that commit beside it do no harm.
 */
export async function updateCosts(
  tx: Reader,
  costs: ReadonlyMap<string, number>,
  lines: readonly EnteredLine[],
): Promise<void> {
  const ids = [...costs.keys()];
  const rows = await tx.query<{ variant_id: string; on_hand: string }>(
    `SELECT l.variant_id::text, sum(l.on_hand)::text AS on_hand FROM stock_level l
     WHERE l.tenant_id = $1::uuid AND l.variant_id = ANY ($2::uuid[]) GROUP BY l.variant_id`,
    [tx.tenantId, ids],
  );
  const onHand = new Map(rows.map((row) => [row.variant_id, quantityOf(row.on_hand)]));
  const after = ids.map((id) => {
    const own = lines.filter((line) => line.variantId === id);
    const received = own.reduce((sum, line) => sum + line.quantity, 0);
    const before = { onHand: (onHand.get(id) ?? 0) - received, cost: costs.get(id)! };
    return own.reduce(
      (known, line) => ({
        cost: weightedCost(known, line.quantity, line.unitCost),
        onHand: Math.max(known.onHand, 0) + line.quantity,
      }),
      before,
    ).cost;
  });
  await tx.query(
    `UPDATE variant v SET cost = k.cost, version = v.version + 1, updated_at = now()
     FROM unnest($2::uuid[], $3::int8[]) AS k (id, cost)
     WHERE v.tenant_id = $1::uuid AND v.id = k.id AND v.cost <> k.cost`,
    [tx.tenantId, ids, after.map(String)],
  );
}

export interface EntryView {
  id: string;
  number: number;
  site: { id: string; name: string };
  supplier: string | null;
  reference: string | null;
  note: string | null;
  createdBy: { id: string; name: string };
  createdAt: Date;
  lines: number;
  /** Minor units. */
  totalCost: number;
}

interface EntryRow {
  id: string;
  number: string;
  site_id: string;
  site_name: string;
  supplier: string | null;
  reference: string | null;
  note: string | null;
  user_id: string;
  user_name: string;
  created_at: Date;
  lines: number;
  total_cost: string;
}

const entryColumns = `e.id::text, e.number::text, e.site_id::text, s.name AS site_name, e.supplier, e.reference, e.note,
  e.created_by::text AS user_id, u.name AS user_name, e.created_at, a.lines, a.total_cost::text`;
const entryJoins = `
  JOIN site s ON s.tenant_id = e.tenant_id AND s.id = e.site_id
  JOIN app_user u ON u.tenant_id = e.tenant_id AND u.id = e.created_by
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS lines, coalesce(sum(round(m.quantity * m.unit_cost)), 0) AS total_cost FROM stock_movement m
    WHERE m.tenant_id = e.tenant_id AND m.document_id = e.id) a`;

const entryOf = (row: EntryRow): EntryView => ({
  id: row.id,
  number: Number(row.number),
  site: { id: row.site_id, name: row.site_name },
  supplier: row.supplier,
  reference: row.reference,
  note: row.note,
  createdBy: { id: row.user_id, name: row.user_name },
  createdAt: row.created_at,
  lines: row.lines,
  totalCost: Number(row.total_cost),
});

/** The newest first, before the number where the page before ended. */
export async function listEntries(
  tx: Reader,
  query: { siteIds: readonly string[] | null; before?: number; limit: number },
): Promise<EntryView[]> {
  const rows = await tx.query<EntryRow>(
    `SELECT ${entryColumns} FROM (
       SELECT x.* FROM stock_entry x WHERE x.tenant_id = $1::uuid AND ($2::uuid[] IS NULL OR x.site_id = ANY ($2::uuid[]))
         AND ($3::int8 IS NULL OR x.number < $3::int8)
       ORDER BY x.number DESC LIMIT $4::int) e ${entryJoins}
     ORDER BY e.number DESC`,
    [tx.tenantId, query.siteIds, query.before === undefined ? null : String(query.before), query.limit],
  );
  return rows.map(entryOf);
}

export async function findEntry(tx: Reader, id: string): Promise<EntryView | null> {
  const [row] = await tx.query<EntryRow>(
    `SELECT ${entryColumns} FROM stock_entry e ${entryJoins} WHERE e.tenant_id = $1::uuid AND e.id = $2::uuid`,
    [tx.tenantId, id],
  );
  return row === undefined ? null : entryOf(row);
}

export interface EntryLineView {
  sku: string;
  name: string;
  size: string;
  colour: string;
  unit: string;
  quantity: string;
  unitCost: number;
}

/** As they were entered. */
export async function listEntryLines(tx: Reader, entryId: string): Promise<EntryLineView[]> {
  const rows = await tx.query<{
    sku: string;
    name: string;
    size: string;
    colour: string;
    unit: string;
    quantity: string;
    unit_cost: string;
  }>(
    `SELECT v.sku, p.name, z.name AS size, o.name AS colour, p.unit, m.quantity::text, m.unit_cost::text FROM stock_movement m
     JOIN variant v ON v.tenant_id = m.tenant_id AND v.id = m.variant_id
     JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
     JOIN size z ON z.tenant_id = v.tenant_id AND z.id = v.size_id
     JOIN colour o ON o.tenant_id = v.tenant_id AND o.id = v.colour_id
     WHERE m.tenant_id = $1::uuid AND m.document_id = $2::uuid ORDER BY m.id`,
    [tx.tenantId, entryId],
  );
  return rows.map((row) => ({
    sku: row.sku,
    name: row.name,
    size: row.size,
    colour: row.colour,
    unit: row.unit,
    quantity: formatQuantity(quantityOf(row.quantity)),
    unitCost: Number(row.unit_cost),
  }));
}
