import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import type { OperationState } from '../../domain/operation';
import { audit, type AuditEntry } from '../../store/audit';
import { findOdooConnection } from '../../store/connections';
import type { Tx } from '../../store/db';
import { findPlaces, isLegalDestination, type LocationRow } from '../../store/locations';
import { acceptOperation, type OperationRow } from '../../store/operations';
import { insertMove, palletLanes } from '../../store/pallet-moves';
import { palletFreshMs, placeOf, readOutlooks, readPallets } from '../../store/pallets';
import { runCommand, type CommandResult } from '../command';
import type { ApiDeps } from '../deps';

/** As scanned: `from` is the place shown at the scan; null or left out = no source check. */
export interface ScannedPallet {
  code: string;
  from: string | null;
}

export interface PalletMoveInput {
  /** Barcode or id of a chamber. */
  destination: string;
  pallets: (string | { code: string; from?: string | null })[];
  scannedAt: string;
  siteId?: string | null;
}

export interface AcceptedMove {
  operationId: string;
  number: number;
  state: OperationState;
}

const mostPallets = 500;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * PICK-03: accepts a move in one transaction, without looking outside. What is known to be wrong is refused at once;
 * what only Odoo knows is found by the workflow before it creates anything.
 * @throws NervioError no_pallets, too_many_pallets, duplicate_pallet, unknown_location, unknown_pallet, same_location, unknown_site
 */
export async function acceptPalletMove(
  deps: ApiDeps,
  actor: Actor,
  input: PalletMoveInput,
  key: string,
): Promise<CommandResult<AcceptedMove>> {
  const command = {
    actor,
    permission: 'pallets.move',
    key,
    method: 'POST',
    path: '/api/v1/pallet-moves',
    body: input,
  } as const;
  return runCommand(deps, command, async (tx) => {
    const pallets = scanned(input.pallets);
    // Held first: its places are read as they are for as long as it goes to this Odoo.
    const connection = await findOdooConnection(tx, 'hold');
    if (!connection) throw new NervioError('no_connection');
    const destination = await placesOf(tx, connection.id, input.destination.trim(), pallets);
    const siteId = await siteOf(tx, actor, input.siteId ?? null);
    const operation = await acceptMove(tx, actor, {
      connectionId: connection.id,
      siteId,
      destination,
      pallets,
      scannedAt: notLater(input.scannedAt),
    });
    const body = { operationId: operation.id, number: operation.number, state: operation.state };
    return { status: 202, body, operationId: operation.id };
  });
}

/** The rows of an accepted move; also used by «mover los demás». */
export async function acceptMove(
  tx: Tx,
  actor: Actor,
  move: {
    connectionId: string;
    siteId: string | null;
    destination: LocationRow;
    pallets: ScannedPallet[];
    scannedAt: Date;
  },
): Promise<OperationRow> {
  const codes = move.pallets.map((pallet) => pallet.code);
  const known = await readPallets(tx, move.connectionId, codes);
  const open = await readOutlooks(tx, move.connectionId, codes);
  refuseKnownProblems(move.pallets, move.destination, known, open);

  const id = uuidv7();
  const operation = await acceptOperation(tx, {
    id,
    kind: 'move_pallets',
    siteId: move.siteId,
    connectionId: move.connectionId,
    createdBy: actor.userId,
    lanes: palletLanes(move.connectionId, codes),
    data: { pallets: codes.length, destination: move.destination.shortName },
  });
  await insertMove(tx, {
    operationId: id,
    connectionId: move.connectionId,
    destinationId: move.destination.id,
    scannedAt: move.scannedAt,
    lines: move.pallets.map((pallet) => ({
      code: pallet.code,
      checkFrom: pallet.from !== null,
      fromId: pallet.from,
      weightKg: known.get(pallet.code)?.weightKg ?? null,
    })),
  });
  // PICK-08: one line per pallet, with where from and where to.
  await audit(
    tx,
    actor,
    ...move.pallets.map((pallet): AuditEntry => ({
      action: 'pallet.move',
      entityType: 'pallet',
      entityId: pallet.code,
      locationFrom: pallet.from ?? placeOf(known.get(pallet.code), open.get(pallet.code)),
      locationTo: move.destination.id,
      operationId: id,
    })),
  );
  return operation;
}

/**
 * The destination, once it is certain that every place is one of this Odoo's. A pallet may have been scanned in a place
 * that is archived, or of any usage; put it may be only into a legal one.
 */
async function placesOf(tx: Tx, connectionId: string, named: string, pallets: ScannedPallet[]): Promise<LocationRow> {
  const from = [...new Set(pallets.flatMap((pallet) => pallet.from ?? []))];
  const byId = uuid.test(named) ? named.toLowerCase() : null;
  const places = await findPlaces(tx, connectionId, {
    ids: byId === null ? from : [byId, ...from],
    barcode: byId === null ? named : null,
  });
  const destination = places.find((place) => (byId === null ? place.barcode === named : place.id === byId));
  if (!destination || !isLegalDestination(destination))
    throw new NervioError('unknown_location', { destination: named });
  const known = new Set(places.map((place) => place.id));
  const unknown = from.filter((id) => !known.has(id));
  if (unknown.length > 0) throw new NervioError('unknown_location', { from: unknown });
  return destination;
}

function scanned(pallets: PalletMoveInput['pallets']): ScannedPallet[] {
  if (pallets.length === 0) throw new NervioError('no_pallets');
  if (pallets.length > mostPallets) throw new NervioError('too_many_pallets', { most: mostPallets });
  const seen = new Set<string>();
  const twice = new Set<string>();
  const list = pallets.map((pallet) => {
    const code = (typeof pallet === 'string' ? pallet : pallet.code).trim();
    if (code === '') throw new NervioError('no_pallets');
    if (seen.has(code)) twice.add(code);
    seen.add(code);
    return { code, from: typeof pallet === 'string' ? null : (pallet.from?.toLowerCase() ?? null) };
  });
  if (twice.size > 0) throw new NervioError('duplicate_pallet', { pallets: [...twice] });
  return list;
}

function refuseKnownProblems(
  pallets: ScannedPallet[],
  destination: LocationRow,
  known: Awaited<ReturnType<typeof readPallets>>,
  open: Awaited<ReturnType<typeof readOutlooks>>,
): void {
  const fresh = Date.now() - palletFreshMs;
  const row = (code: string) => {
    const found = known.get(code);
    return found && found.fetchedAt.getTime() >= fresh ? found : null;
  };
  const absent = pallets.filter(({ code }) => row(code)?.problem === 'unknown_pallet' && !open.has(code));
  if (absent.length > 0) throw new NervioError('unknown_pallet', { pallets: absent.map(({ code }) => code) });
  const there = pallets.filter(({ code, from }) => (from ?? placeOf(row(code), open.get(code))) === destination.id);
  if (there.length > 0) throw new NervioError('same_location', { pallets: there.map(({ code }) => code) });
}

/** A device whose clock runs ahead must not make its scans newer than everybody else's. */
function notLater(scannedAt: string): Date {
  return new Date(Math.min(Date.parse(scannedAt), Date.now()));
}

/** The site that was named, or the only one that the person has. */
async function siteOf(tx: Tx, actor: Actor, named: string | null): Promise<string | null> {
  if (named === null) return actor.siteIds?.length === 1 ? actor.siteIds[0]! : null;
  if (actor.siteIds !== null && !actor.siteIds.includes(named)) throw new NervioError('unknown_site');
  const [row] = await tx.query(`SELECT id FROM site WHERE tenant_id = $1::uuid AND id = $2::uuid`, [
    tx.tenantId,
    named,
  ]);
  if (!row) throw new NervioError('unknown_site');
  return named;
}
