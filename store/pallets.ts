import type { Sql, Tx } from './db';
import { palletLanes } from './pallet-moves';

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

/** Those that Odoo was asked about, or that a move of ours has put somewhere. */
export async function readPallets(tx: Tx, connectionId: string, codes: string[]): Promise<Map<string, PalletRow>> {
  const rows = await tx.query<Raw>(
    `SELECT code, weight_kg::text, product, location_id, problem, fetched_at FROM pallet
     WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND code = ANY($3::text[]) AND fetched_at IS NOT NULL`,
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

/** The database's clock, which every process shares: note it before Odoo is asked, and save the answer with it. */
export async function readClock(sql: Sql): Promise<Date> {
  const [row] = await sql.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return row!.now;
}

/**
 * Writes what Odoo said, and returns the codes of which it was news: an answer that comes late must not bring back a place
 * from before a later question, or from before the end of a move.
 * @param askedAt when Odoo was asked (`readClock`); left out: nothing can have happened to these since
 */
export async function savePallets(
  tx: Tx,
  connectionId: string,
  seen: SeenPallet[],
  askedAt: Date | null = null,
): Promise<string[]> {
  if (seen.length === 0) return [];
  const rows = await tx.query<{ code: string }>(
    `WITH written AS (
       INSERT INTO pallet AS p (tenant_id, connection_id, code, weight_kg, product, location_id, problem, fetched_at)
       SELECT $1::uuid, $2::uuid, r.code, r.weight_kg, r.product, r.location_id, r.problem, coalesce($4::timestamptz, clock_timestamp())
       FROM jsonb_to_recordset($3::jsonb) AS r (code text, weight_kg numeric, product text, location_id uuid, problem text)
       ORDER BY r.code
       ON CONFLICT (tenant_id, connection_id, code) DO UPDATE SET weight_kg = excluded.weight_kg, product = excluded.product,
         location_id = excluded.location_id, problem = excluded.problem, fetched_at = excluded.fetched_at
       WHERE (p.fetched_at IS NULL OR p.fetched_at <= excluded.fetched_at)
         AND (p.expired_at IS NULL OR p.expired_at < excluded.fetched_at)
       RETURNING p.code
     ) SELECT code FROM written`,
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
      askedAt?.toISOString() ?? null,
    ],
  );
  return rows.map((row) => row.code);
}

/**
 * An operation on these has ended: the next scan asks Odoo, and until then they are where the operation left them. Also of
 * those that nobody has scanned yet: what Odoo was asked before this says nothing any more.
 */
export async function expirePallets(
  tx: Tx,
  connectionId: string,
  codes: string[],
  movedTo: string | null,
): Promise<void> {
  await tx.query(
    `WITH expired AS (
       INSERT INTO pallet AS p (tenant_id, connection_id, code, location_id, fetched_at, expired_at)
       SELECT $1::uuid, $2::uuid, wanted.code, $4::uuid, CASE WHEN $4::uuid IS NOT NULL THEN moment.stale END, moment.now
       FROM unnest($3::text[]) AS wanted (code),
         (SELECT clock_timestamp() AS now, clock_timestamp() - make_interval(secs => $5::float8 / 1000) AS stale) AS moment
       ORDER BY wanted.code
       ON CONFLICT (tenant_id, connection_id, code) DO UPDATE SET expired_at = excluded.expired_at,
         location_id = coalesce(excluded.location_id, p.location_id),
         problem = CASE WHEN excluded.location_id IS NULL THEN p.problem END,
         fetched_at = CASE WHEN p.fetched_at IS NULL THEN excluded.fetched_at
           ELSE least(p.fetched_at, excluded.expired_at - make_interval(secs => $5::float8 / 1000)) END
     ) SELECT 1`,
    [tx.tenantId, connectionId, codes, movedTo, palletFreshMs],
  );
}

/**
 * What open operations mean for the place of a pallet:
 * `named`: it will be at `locationId`, where its last move puts it or where the one that is being undone had found it;
 * `as_read`: its operation left nothing in Odoo, so what Odoo says holds;
 * `unsure`: something of its operation is left in Odoo and a person has to decide, so nobody can say.
 */
export type Outlook = { operationId: string } & (
  { place: 'named'; locationId: string } | { place: 'as_read' | 'unsure' }
);

/** Where a pallet is or will be, as far as anyone can say. */
export function placeOf(pallet: PalletRow | null | undefined, open: Outlook | null | undefined): string | null {
  switch (open?.place) {
    case 'named':
      return open.locationId;
    case 'unsure':
      return null;
    case 'as_read':
    case undefined:
      return pallet?.locationId ?? null;
  }
}

/**
 * The outlook of each pallet that has open operations: laid over what Odoo says, so that `from` is never false. The last
 * one that goes forward counts; when none does, the first, which is being undone or waits for a person. Found by their
 * lanes, which hold open operations only: a pallet's past costs nothing.
 */
export async function readOutlooks(tx: Tx, connectionId: string, codes: string[]): Promise<Map<string, Outlook>> {
  const rows = await tx.query<{
    code: string;
    operation_id: string;
    place: Outlook['place'];
    location_id: string | null;
  }>(
    `SELECT DISTINCT ON (wanted.code) wanted.code, n.operation_id, way.place,
       CASE WHEN way.forward THEN m.destination_id WHEN way.place = 'named' THEN l.moved_from_id END AS location_id
     FROM unnest($2::text[], $3::text[]) AS wanted (code, key)
     JOIN operation_lane n ON n.tenant_id = $1::uuid AND n.key = wanted.key
     JOIN operation o ON o.tenant_id = n.tenant_id AND o.id = n.operation_id
     JOIN pallet_move m ON m.tenant_id = n.tenant_id AND m.operation_id = n.operation_id
     JOIN pallet_move_line l ON l.tenant_id = n.tenant_id AND l.operation_id = n.operation_id AND l.code = wanted.code
     CROSS JOIN LATERAL (
       SELECT o.state IN ('pending', 'syncing', 'waiting') AND NOT o.cancel_requested AS forward,
         CASE WHEN o.state IN ('pending', 'syncing', 'waiting') AND NOT o.cancel_requested THEN 'named'
           WHEN o.outside = 'none' THEN 'as_read'
           WHEN o.state = 'needs_attention' OR l.moved_from_id IS NULL THEN 'unsure' ELSE 'named' END AS place
     ) AS way
     ORDER BY wanted.code, way.forward DESC, CASE WHEN way.forward THEN -n.ticket ELSE n.ticket END`,
    [tx.tenantId, codes, palletLanes(connectionId, codes)],
  );
  return new Map(
    rows.map(({ code, operation_id: operationId, place, location_id: locationId }): [string, Outlook] => [
      code,
      place === 'named' && locationId !== null
        ? { operationId, place, locationId }
        : { operationId, place: place === 'as_read' ? place : 'unsure' },
    ]),
  );
}
