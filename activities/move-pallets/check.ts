import { checkPallet, type CheckedPallet } from '../../domain/pallet-check';
import type { OperationError } from '../../domain/operation';
import type { OdooPackage } from '../../connectors/odoo/packages';
import type { OdooStock } from '../../connectors/odoo/stock';
import type { Database, Tx } from '../../store/db';
import { readLocationsByExternal, saveLocations, type LocationRow } from '../../store/locations';
import { rememberOrigins, saveFindings, supersededPallets, type MoveRow } from '../../store/pallet-moves';
import { savePallets } from '../../store/pallets';
import { noteIn, type MoveRun, type OwnMove } from './ownership';
import { pickingName } from './reference';

/** `good`: the pallets as found, and from now on something of ours may be in Odoo. */
export type CheckEnd =
  | { end: 'cancel' }
  | { end: 'bad'; error: OperationError }
  | { end: 'good'; packageIds: number[]; sourceLocationId: number | null };

/**
 * Finds bad pallets before anything is created: unknown, twice, empty, reserved elsewhere, no longer where they were
 * scanned, overtaken by a newer scan, or there already. What it found is written to the lines, so that a person can
 * choose «mover desde donde está ahora» or «mover los demás».
 * @param expected the places where the pallets were scanned, by id
 */
export async function checkMove(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  own: OwnMove,
  expected: Map<string, LocationRow>,
  signal: AbortSignal,
): Promise<CheckEnd> {
  const { move } = own;
  const codes = move.lines.map((line) => line.code);
  const look = async () => check(move, await odoo.findPackages(codes, signal, 'contents'), expected);
  let checked = await look();
  if (await repairGhosts(odoo, checked, signal)) checked = await look();

  const scanned = new Map([...expected.values()].map((place) => [place.externalId, place]));
  const places = async (tx: Tx) => {
    const found = checked.flatMap((pallet) => (pallet.locationId === null ? [] : [pallet.locationId]));
    return found.every((id) => scanned.has(id)) ? scanned : readLocationsByExternal(tx, move.connectionId, found);
  };
  const end = await db.withTenant(run.tenantId, async (tx) => {
    const known = await places(tx);
    const complete = checked.every(({ locationId }) => locationId === null || known.has(locationId));
    return complete ? conclude(tx, run, own, checked, known) : null;
  });
  if (end) return end;
  // A place that our catalogue does not know yet is fetched with all others.
  const seen = await odoo.listLocations(signal);
  await db.withTenant(run.tenantId, (tx) => saveLocations(tx, move.connectionId, seen));
  return db.withTenant(run.tenantId, async (tx) => conclude(tx, run, own, checked, await places(tx)));
}

/** Writes down what was found, and with good pallets that the transfer is about to be created: one transaction for all. */
async function conclude(
  tx: Tx,
  run: MoveRun,
  { operation, move }: OwnMove,
  found: CheckedPallet[],
  places: Map<number, LocationRow>,
): Promise<CheckEnd> {
  // Only a scan that did not say where it saw the pallet can bring it back to where it was before a newer one.
  const blind = move.lines.some((line) => !line.checkFrom);
  const superseded = new Set(blind ? await supersededPallets(tx, run.operationId) : []);
  const checked = found.map((pallet) =>
    superseded.has(pallet.code) ? { ...pallet, problem: 'superseded_scan' as const } : pallet,
  );
  const placeOf = ({ locationId }: CheckedPallet) => (locationId === null ? null : (places.get(locationId) ?? null));
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
  const lines = checked.flatMap((pallet) =>
    pallet.problem === null
      ? []
      : [{ code: pallet.code, problem: pallet.problem, foundLocation: placeOf(pallet)?.shortName ?? null }],
  );
  const [first] = lines;
  if (first) return { end: 'bad', error: { code: first.problem, lines } };

  const row = await noteIn(tx, run, { step: 'checked', code: 'checked', data: { pallets: checked.length } });
  if (row.cancelRequested) return { end: 'cancel' };
  await announceCreate(tx, run, pickingName(operation));
  return {
    end: 'good',
    packageIds: checked.flatMap(({ packageId }) => (packageId === null ? [] : [packageId])),
    sourceLocationId: checked[0]?.locationId ?? null,
  };
}

/** From here on something may be in Odoo, whatever becomes of the answer. */
async function announceCreate(tx: Tx, run: MoveRun, name: string): Promise<void> {
  await rememberOrigins(tx, run.operationId);
  await noteIn(tx, run, { step: 'creating', code: 'transfer_creating', data: { name }, outside: 'maybe' });
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
