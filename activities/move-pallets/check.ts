import { checkPallet, type CheckedPallet } from '../../domain/pallet-check';
import type { OperationError } from '../../domain/operation';
import type { OdooPackage } from '../../connectors/odoo/packages';
import type { OdooStock } from '../../connectors/odoo/stock';
import type { OdooClients } from '../odoo-clients';
import type { Database } from '../../store/db';
import { readLocations, readLocationsByExternal, saveLocations, type LocationRow } from '../../store/locations';
import { saveFindings, supersededPallets, type MoveRow } from '../../store/pallet-moves';
import { savePallets } from '../../store/pallets';
import { note, readOwn, type MoveRun } from './ownership';

export type CheckEnd = { end: 'good' | 'begun' | 'cancel' } | { end: 'problem'; error: OperationError };

/**
 * Finds bad pallets before anything is created: unknown, twice, empty, reserved elsewhere, no longer where they were
 * scanned, overtaken by a newer scan, or there already. What it found is written to the lines, so that a person can
 * choose «mover desde donde está ahora» or «mover los demás».
 */
export async function checkMove(
  db: Database,
  clients: OdooClients,
  run: MoveRun,
  signal: AbortSignal,
): Promise<CheckEnd> {
  const { operation, move } = await readOwn(db, run);
  if (operation.cancelRequested) return { end: 'cancel' };
  // Something of ours may be in Odoo already; its state decides, not the place of the pallets.
  if (operation.outside !== 'none') return { end: 'begun' };

  const { odoo } = await clients.of(run.tenantId, move.connectionId);
  const expected = await db.withTenant(run.tenantId, (tx) =>
    readLocations(
      tx,
      move.lines.flatMap((line) => (line.fromId ? [line.fromId] : [])),
    ),
  );
  const codes = move.lines.map((line) => line.code);
  let checked = check(move, await odoo.findPackages(codes, signal), expected);
  if (await repairGhosts(odoo, checked, signal)) {
    checked = check(move, await odoo.findPackages(codes, signal), expected);
  }
  const places = await knownPlaces(db, odoo, run.tenantId, move.connectionId, checked, signal);
  const superseded = new Set(await db.withTenant(run.tenantId, (tx) => supersededPallets(tx, run.operationId)));
  for (const pallet of checked) if (superseded.has(pallet.code)) pallet.problem = 'superseded_scan';

  const placeOf = (pallet: CheckedPallet) =>
    pallet.locationId === null ? null : (places.get(pallet.locationId) ?? null);
  await db.withTenant(run.tenantId, async (tx) => {
    await saveFindings(
      tx,
      run.operationId,
      checked.map((pallet) => ({ ...pallet, foundId: placeOf(pallet)?.id ?? null })),
    );
    const absent = checked.filter((pallet) => pallet.problem === 'unknown_pallet');
    await savePallets(
      tx,
      move.connectionId,
      absent.map(({ code, problem }) => ({ code, problem, weightKg: null, product: null, locationId: null })),
    );
  });
  const bad = checked.filter((pallet) => pallet.problem !== null);
  if (bad.length === 0) {
    const row = await note(db, run, { step: 'checked', code: 'checked', data: { pallets: checked.length } });
    return { end: row.cancelRequested ? 'cancel' : 'good' };
  }
  const lines = bad.map((pallet) => ({
    code: pallet.code,
    problem: pallet.problem!,
    foundLocation: placeOf(pallet)?.shortName ?? null,
  }));
  return { end: 'problem', error: { code: lines[0]!.problem, lines } };
}

function check(move: MoveRow, packages: OdooPackage[], expected: Map<string, LocationRow>): CheckedPallet[] {
  return move.lines.map((line) =>
    checkPallet(
      line.code,
      packages.filter((found) => found.name === line.code),
      {
        expected: line.checkFrom && line.fromId ? (expected.get(line.fromId)?.externalId ?? null) : null,
        destination: move.destinationExternalId,
      },
    ),
  );
}

/** A reservation that no open transfer holds (seen in 18 after two moves at once) is removed where Odoo offers a way. */
async function repairGhosts(odoo: OdooStock, checked: CheckedPallet[], signal: AbortSignal): Promise<boolean> {
  const reserved = checked.flatMap((pallet) =>
    pallet.problem === 'reserved_elsewhere' && pallet.packageId !== null ? [pallet.packageId] : [],
  );
  if (reserved.length === 0) return false;
  const held = new Set((await odoo.openPickingsOfPackages(reserved, signal)).map((row) => row.packageId));
  return reserved.some((id) => !held.has(id)) && (await odoo.repairReservations(signal));
}

/** A place that our catalogue does not know yet is fetched with all others. */
async function knownPlaces(
  db: Database,
  odoo: OdooStock,
  tenantId: string,
  connectionId: string,
  checked: CheckedPallet[],
  signal: AbortSignal,
): Promise<Map<number, LocationRow>> {
  const wanted = checked.flatMap((pallet) => (pallet.locationId === null ? [] : [pallet.locationId]));
  const read = () => db.withTenant(tenantId, (tx) => readLocationsByExternal(tx, connectionId, wanted));
  const known = await read();
  if (wanted.every((id) => known.has(id))) return known;
  const seen = await odoo.listLocations(signal);
  await db.withTenant(tenantId, (tx) => saveLocations(tx, connectionId, seen));
  return read();
}
