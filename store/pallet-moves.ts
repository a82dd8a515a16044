import type { PalletProblem } from '../domain/pallet-check';
import type { Tx } from './db';

/** One pallet of a move, as accepted and as last found. Ids are of our `location` table. */
export interface MoveLine {
  code: string;
  position: number;
  /** False: no source check (the scan did not say where it was seen). */
  checkFrom: boolean;
  fromId: string | null;
  foundId: string | null;
  movedFromId: string | null;
  /** The package's id in Odoo, from the last check. */
  packageId: number | null;
  weightKg: number | null;
  problem: string | null;
}

export interface MoveRow {
  operationId: string;
  connectionId: string;
  destinationId: string;
  destinationExternalId: number;
  scannedAt: Date;
  lines: MoveLine[];
}

export interface NewMove {
  operationId: string;
  connectionId: string;
  destinationId: string;
  scannedAt: Date;
  lines: { code: string; checkFrom: boolean; fromId: string | null; weightKg: number | null }[];
}

/** Lanes of a move: one per pallet. */
export function palletLanes(connectionId: string, codes: string[]): string[] {
  return codes.map((code) => `pallet:${connectionId}:${code}`);
}

export async function insertMove(tx: Tx, move: NewMove): Promise<void> {
  await tx.query(
    `WITH head AS (
       INSERT INTO pallet_move (tenant_id, operation_id, connection_id, destination_id, scanned_at)
       VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::timestamptz)
     )
     INSERT INTO pallet_move_line (tenant_id, operation_id, code, position, check_from, from_id, weight_kg)
     SELECT $1::uuid, $2::uuid, r.code, r.position, r.check_from, r.from_id, r.weight_kg
     FROM jsonb_to_recordset($6::jsonb) AS r (code text, position int, check_from boolean, from_id uuid, weight_kg numeric)
     RETURNING code`,
    [
      tx.tenantId,
      move.operationId,
      move.connectionId,
      move.destinationId,
      move.scannedAt.toISOString(),
      JSON.stringify(
        move.lines.map((line, position) => ({
          code: line.code,
          position,
          check_from: line.checkFrom,
          from_id: line.fromId,
          weight_kg: line.weightKg,
        })),
      ),
    ],
  );
}

interface RawLine {
  code: string;
  position: number;
  check_from: boolean;
  from_id: string | null;
  found_id: string | null;
  moved_from_id: string | null;
  package_id: number | null;
  weight_kg: string | null;
  problem: string | null;
}

export async function readMove(tx: Tx, operationId: string): Promise<MoveRow | null> {
  const [head] = await tx.query<{
    connection_id: string;
    destination_id: string;
    external_id: number;
    scanned_at: Date;
  }>(
    `SELECT m.connection_id, m.destination_id, l.external_id, m.scanned_at FROM pallet_move m
     JOIN location l ON l.tenant_id = m.tenant_id AND l.id = m.destination_id
     WHERE m.tenant_id = $1::uuid AND m.operation_id = $2::uuid`,
    [tx.tenantId, operationId],
  );
  if (!head) return null;
  const lines = await tx.query<RawLine>(
    `SELECT code, position, check_from, from_id, found_id, moved_from_id, package_id, weight_kg::text, problem FROM pallet_move_line
     WHERE tenant_id = $1::uuid AND operation_id = $2::uuid ORDER BY position`,
    [tx.tenantId, operationId],
  );
  return {
    operationId,
    connectionId: head.connection_id,
    destinationId: head.destination_id,
    destinationExternalId: head.external_id,
    scannedAt: head.scanned_at,
    lines: lines.map((line) => ({
      code: line.code,
      position: line.position,
      checkFrom: line.check_from,
      fromId: line.from_id,
      foundId: line.found_id,
      movedFromId: line.moved_from_id,
      packageId: line.package_id,
      weightKg: line.weight_kg === null ? null : Number(line.weight_kg),
      problem: line.problem,
    })),
  };
}

/** What the check found of each line. */
export async function saveFindings(
  tx: Tx,
  operationId: string,
  findings: {
    code: string;
    foundId: string | null;
    packageId: number | null;
    weightKg: number | null;
    problem: string | null;
  }[],
): Promise<void> {
  await tx.query(
    `WITH written AS (UPDATE pallet_move_line l SET found_id = r.found_id, package_id = r.package_id, problem = r.problem, weight_kg = coalesce(r.weight_kg, l.weight_kg)
     FROM jsonb_to_recordset($3::jsonb) AS r (code text, found_id uuid, package_id int, weight_kg numeric, problem text)
     WHERE l.tenant_id = $1::uuid AND l.operation_id = $2::uuid AND l.code = r.code) SELECT 1`,
    [
      tx.tenantId,
      operationId,
      JSON.stringify(
        findings.map((line) => ({
          code: line.code,
          found_id: line.foundId,
          package_id: line.packageId,
          weight_kg: line.weightKg,
          problem: line.problem,
        })),
      ),
    ],
  );
}

/** What turned out to be wrong with some pallets after the check. */
export async function saveProblem(tx: Tx, operationId: string, codes: string[], problem: PalletProblem): Promise<void> {
  await tx.query(
    `WITH written AS (UPDATE pallet_move_line SET problem = $4
     WHERE tenant_id = $1::uuid AND operation_id = $2::uuid AND code = ANY($3::text[])) SELECT 1`,
    [tx.tenantId, operationId, codes, problem],
  );
}

/** Before the transfer is made: where each pallet stands now is where an undo has to bring it back. */
export async function rememberOrigins(tx: Tx, operationId: string): Promise<void> {
  await tx.query(
    `WITH written AS (UPDATE pallet_move_line SET moved_from_id = found_id
     WHERE tenant_id = $1::uuid AND operation_id = $2::uuid) SELECT 1`,
    [tx.tenantId, operationId],
  );
}

/** «Mover desde donde está ahora»: the source is replaced by where the last check found the pallet. */
export async function acceptFoundPlaces(tx: Tx, operationId: string): Promise<void> {
  await tx.query(
    `WITH written AS (UPDATE pallet_move_line SET from_id = found_id, check_from = found_id IS NOT NULL, problem = NULL
     WHERE tenant_id = $1::uuid AND operation_id = $2::uuid) SELECT 1`,
    [tx.tenantId, operationId],
  );
}

/**
 * Pallets of this move that have a newer scan in a move accepted before it. Such a move without a known source would
 * bring the pallet back to where it was before the newer scan.
 */
export async function supersededPallets(tx: Tx, operationId: string): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(
    `SELECT DISTINCT mine.code FROM pallet_move_line mine
     JOIN pallet_move m ON m.tenant_id = mine.tenant_id AND m.operation_id = mine.operation_id
     JOIN operation me ON me.tenant_id = mine.tenant_id AND me.id = mine.operation_id
     JOIN pallet_move_line theirs ON theirs.tenant_id = mine.tenant_id AND theirs.code = mine.code AND theirs.operation_id <> mine.operation_id
     JOIN pallet_move t ON t.tenant_id = theirs.tenant_id AND t.operation_id = theirs.operation_id AND t.connection_id = m.connection_id
     JOIN operation them ON them.tenant_id = theirs.tenant_id AND them.id = theirs.operation_id
     WHERE mine.tenant_id = $1::uuid AND mine.operation_id = $2::uuid AND NOT mine.check_from
       AND t.scanned_at > m.scanned_at AND them.number < me.number AND them.state NOT IN ('cancelled', 'compensated')`,
    [tx.tenantId, operationId],
  );
  return rows.map((row) => row.code);
}
