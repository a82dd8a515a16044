import type { Tx } from './db';

/** What Odoo last said of a pallet. `locationId` null: it has no place (empty), or is not there at all (`problem`). */
export interface PalletRow {
  code: string;
  weightKg: number | null;
  product: string | null;
  locationId: string | null;
  problem: string | null;
  fetchedAt: Date;
}

interface Raw {
  code: string;
  weight_kg: string | null;
  product: string | null;
  location_id: string | null;
  problem: string | null;
  fetched_at: Date;
}

/** How long what was scanned answers without asking Odoo again (PICK-09). */
export const palletFreshMs = 60_000;

export async function readPallets(tx: Tx, connectionId: string, codes: string[]): Promise<Map<string, PalletRow>> {
  const rows = await tx.query<Raw>(
    `SELECT code, weight_kg::text, product, location_id, problem, fetched_at FROM pallet
     WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND code = ANY($3::text[])`,
    [tx.tenantId, connectionId, codes],
  );
  return new Map(
    rows.map((row) => [
      row.code,
      {
        code: row.code,
        weightKg: row.weight_kg === null ? null : Number(row.weight_kg),
        product: row.product,
        locationId: row.location_id,
        problem: row.problem,
        fetchedAt: row.fetched_at,
      },
    ]),
  );
}

export type SeenPallet = Omit<PalletRow, 'fetchedAt'>;

export async function savePallets(tx: Tx, connectionId: string, seen: SeenPallet[]): Promise<void> {
  if (seen.length === 0) return;
  await tx.query(
    `WITH written AS (
       INSERT INTO pallet (tenant_id, connection_id, code, weight_kg, product, location_id, problem, fetched_at)
       SELECT $1::uuid, $2::uuid, r.code, r.weight_kg, r.product, r.location_id, r.problem, clock_timestamp()
       FROM jsonb_to_recordset($3::jsonb) AS r (code text, weight_kg numeric, product text, location_id uuid, problem text)
       ORDER BY r.code
       ON CONFLICT (tenant_id, connection_id, code) DO UPDATE SET weight_kg = excluded.weight_kg, product = excluded.product,
         location_id = excluded.location_id, problem = excluded.problem, fetched_at = excluded.fetched_at
     ) SELECT 1`,
    [
      tx.tenantId,
      connectionId,
      JSON.stringify(
        seen.map((pallet) => ({
          code: pallet.code,
          weight_kg: pallet.weightKg,
          product: pallet.product,
          location_id: pallet.locationId,
          problem: pallet.problem,
        })),
      ),
    ],
  );
}

/** An operation on these has ended: the next scan asks Odoo, and until then they are where the operation left them. */
export async function expirePallets(
  tx: Tx,
  connectionId: string,
  codes: string[],
  movedTo: string | null,
): Promise<void> {
  await tx.query(
    `WITH mine AS (
       SELECT code FROM pallet WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND code = ANY($3::text[])
       ORDER BY code FOR UPDATE
     ), expired AS (UPDATE pallet p SET location_id = coalesce($4::uuid, p.location_id),
       fetched_at = least(p.fetched_at, clock_timestamp() - make_interval(secs => $5::float8 / 1000))
     FROM mine WHERE p.tenant_id = $1::uuid AND p.connection_id = $2::uuid AND p.code = mine.code) SELECT 1`,
    [tx.tenantId, connectionId, codes, movedTo, palletFreshMs],
  );
}

/** Where open moves will put each pallet: laid over what Odoo says, so that `from` is never false. */
export async function openDestinations(
  tx: Tx,
  codes: string[],
): Promise<Map<string, { locationId: string; operationId: string }>> {
  const rows = await tx.query<{ code: string; destination_id: string; operation_id: string }>(
    `SELECT DISTINCT ON (l.code) l.code, m.destination_id, l.operation_id
     FROM pallet_move_line l
     JOIN operation o ON o.tenant_id = l.tenant_id AND o.id = l.operation_id AND o.state IN ('pending', 'syncing', 'waiting')
     JOIN pallet_move m ON m.tenant_id = l.tenant_id AND m.operation_id = l.operation_id
     WHERE l.tenant_id = $1::uuid AND l.code = ANY($2::text[])
     ORDER BY l.code, o.number DESC`,
    [tx.tenantId, codes],
  );
  return new Map(rows.map((row) => [row.code, { locationId: row.destination_id, operationId: row.operation_id }]));
}
