import { OdooError } from '../../connectors/odoo/errors';
import type { OdooPicking } from '../../connectors/odoo/pickings';
import type { OdooStock } from '../../connectors/odoo/stock';
import type { OperationError } from '../../domain/operation';
import { readConnection, type ConnectionRow } from '../../store/connections';
import type { Database, Tx } from '../../store/db';
import { NervioError } from '../../domain/errors';
import { lockLanes } from '../../store/lanes';
import { readLocations, type LocationRow } from '../../store/locations';
import type { OperationRow } from '../../store/operations';
import type { OdooClients } from '../odoo-clients';
import { asRead, isRetried, toNervioError } from '../failures';
import { checkMove } from './check';
import { drive } from './drive';
import { settleInTurn, type Next } from './endings';
import { note, noteIn, readOwnIn, type MoveRun, type OwnMove } from './ownership';
import { saveProblem } from '../../store/pallet-moves';
import { isOurs, pickingName } from './reference';
import { withdrawUndo } from './withdraw';

/**
 * `bad`: nothing was created, because of the pallets. `problem`: something of ours may be left open in Odoo.
 * `settled`: the transfer is done and the operation is at its end, unless a cancel came before (`next`).
 */
export type TransferEnd =
  { end: 'cancel' } | { end: 'bad' | 'problem'; error: OperationError } | { end: 'settled'; next: Next };

/** `went_on`: settled, and its place and run have gone on to the next operation in line, which is open already. */
export type MoveEnd = TransferEnd | { end: 'went_on'; to: OpenMove };

/** The operation that the run has at hand, with what is to be known of it before Odoo is asked. */
export interface OpenMove extends OwnMove {
  connection: ConnectionRow;
  /** The places where the pallets were scanned, by id. */
  expected: Map<string, LocationRow>;
}

interface Transfer {
  id: number;
  name: string;
  /** It was created just now: a draft, which nobody has touched. */
  fresh: boolean;
}

const states = { draft: 'created', confirmed: 'confirmed', waiting: 'confirmed', assigned: 'reserved' } as const;

/**
 * @param taken its row, when this transaction took it
 * @throws Fenced when the run has nothing at hand that may be moved; NervioError no_connection
 */
export async function openMove(tx: Tx, run: MoveRun, taken?: OperationRow): Promise<OpenMove> {
  const own = await readOwnIn(tx, run, taken);
  const connection = await readConnection(tx, own.move.connectionId);
  if (!connection) throw new NervioError('no_connection');
  const scannedIn = own.move.lines.flatMap(({ fromId, foundId }) => [fromId, foundId].filter((id) => id !== null));
  return { ...own, connection, expected: await readLocations(tx, scannedIn) };
}

/**
 * The resumable step function: checks the pallets unless something of ours may be in Odoo already (then its state
 * decides), finds or creates the transfer by its name, confirms, assigns and validates it from whatever state is found, and
 * verifies that the pallets are where they should be. Repeating it is always safe. One activity: each more of them costs a
 * move 10–50 ms.
 * @param mayGoOn whether, once this one is settled, its place goes on to the next in line
 */
export async function transferMove(
  deps: { db: Database; odoo: OdooClients },
  own: OpenMove,
  signal: AbortSignal,
  mayGoOn: () => boolean,
): Promise<MoveEnd> {
  const { db } = deps;
  const { run, expected } = own;
  // This step went through before and its answer was lost: a cancel had come before the end.
  if (own.operation.state === 'compensating') return { end: 'settled', next: 'undo' };
  if (own.operation.cancelRequested) return { end: 'cancel' };
  const odoo = deps.odoo.for(run.tenantId, own.connection);

  const existing = own.operation.outside === 'none' ? null : await odoo.findPicking(pickingName(own.operation), signal);
  if (existing && own.operation.attempt > 1 && (await withdrawUndo(db, odoo, run, own, signal)) === 'done') {
    return { end: 'cancel' };
  }
  const transfer = existing ? resume(existing, own) : await checkAndCreate(db, odoo, run, own, expected, signal);
  if ('end' in transfer) return transfer;

  const { id, name, fresh } = transfer;
  let told = '';
  const end = await drive(odoo, id, {
    ...(fresh && { onFresh: () => noteCreated(db, run, name) }),
    signal,
    onState: async (picking) => {
      const step = picking.state === 'done' || picking.state === 'cancel' ? null : states[picking.state];
      if (step === null || step === told || step === 'created') return true;
      told = step;
      const row = await note(db, run, { step, code: `transfer_${step}`, data: { name: picking.name } });
      return !row.cancelRequested;
    },
  });
  switch (end.end) {
    case 'done':
      return verify(db, odoo, name, own, signal, mayGoOn);
    case 'stopped':
      return { end: 'cancel' };
    case 'stuck':
      return { end: 'problem', error: await explain(db, odoo, run, end.problem, own, id, signal) };
    case 'cancelled':
      // Someone cancelled it in Odoo. Its name is used up; a person decides whether the move is still wanted.
      await note(db, run, { step: 'cancelled_in_odoo', code: 'cancelled_in_odoo', raiseEffect: true, outside: 'none' });
      return { end: 'problem', error: { code: 'odoo_refused', detail: `Transfer ${name} was cancelled in Odoo` } };
  }
}

/**
 * Checks before anything is created, also when a create whose answer was lost left nothing: meanwhile the pallets may have
 * been moved. That create may still be at work, though, so a bad pallet is then a problem with something left in Odoo.
 */
async function checkAndCreate(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  own: OwnMove,
  expected: Map<string, LocationRow>,
  signal: AbortSignal,
): Promise<Transfer | TransferEnd> {
  const check = await checkMove(db, odoo, run, own, expected, signal).catch((error: unknown) => {
    throw asRead(error);
  });
  if (check.end === 'bad' && own.operation.outside !== 'none') return { end: 'problem', error: check.error };
  if (check.end !== 'good') return check;
  return create(db, odoo, run, own, check, signal);
}

function resume(picking: OdooPicking, { operation }: OwnMove): Transfer | TransferEnd {
  const { id, name } = picking;
  if (isOurs(picking, operation.id)) return { id, name, fresh: false };
  return { end: 'problem', error: { code: 'reference_taken', detail: name } };
}

async function create(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  own: OwnMove,
  { packageIds, sourceLocationId }: { packageIds: number[]; sourceLocationId: number | null },
  signal: AbortSignal,
): Promise<Transfer | TransferEnd> {
  const { operation, move } = own;
  const destination = move.destinationExternalId;
  const name = pickingName(operation);
  try {
    const id = await odoo.createPicking(
      {
        name,
        origin: operation.id,
        sourceLocationId: sourceLocationId ?? destination,
        destinationLocationId: destination,
        packages: packageIds.map((packageId) => ({ packageId, locationId: destination })),
      },
      signal,
    );
    return { id, name, fresh: true };
  } catch (error) {
    if (!(error instanceof OdooError)) throw error;
    if (error.class !== 'refused') {
      // Not ours to create, and nothing was sent before: there is nothing to clean up, and no right to do it.
      if (error.applied === 'no' && operation.outside === 'none' && !isRetried(toNervioError(error))) {
        await note(db, run, { step: 'refused', code: 'transfer_refused', outside: 'none' });
      }
      throw error;
    }
    // Either the name is taken (an earlier create of ours went through), or Odoo refuses the transfer itself.
    const taken = await odoo.findPicking(name, signal);
    if (taken) return resume(taken, own);
    await note(db, run, { step: 'refused', code: 'transfer_refused', outside: 'none' });
    return { end: 'problem', error: { code: 'odoo_refused', detail: error.message } };
  }
}

async function noteCreated(db: Database, run: MoveRun, name: string): Promise<boolean> {
  const progress = { step: 'created', code: 'transfer_created', data: { name }, outside: 'present' } as const;
  return !(await note(db, run, progress)).cancelRequested;
}

/** Done is what Odoo says of the transfer; a pallet that was taken elsewhere since is told, not undone. */
async function verify(
  db: Database,
  odoo: OdooStock,
  name: string,
  own: OwnMove,
  signal: AbortSignal,
  mayGoOn: () => boolean,
): Promise<MoveEnd> {
  const { run, move } = own;
  const codes = move.lines.map((line) => line.code);
  const elsewhere = (await odoo.findPackages(codes, signal, 'place'))
    .filter((found) => found.locationId !== move.destinationExternalId)
    .map((found) => found.name);
  return db.withTenant<MoveEnd>(run.tenantId, async (tx) => {
    // Lanes before the operation's row: the one order of locks.
    await lockLanes(tx, run.operationId);
    await noteIn(tx, run, {
      step: 'validated',
      code: 'validated',
      outside: 'present',
      data: { name, ...(elsewhere.length > 0 && { elsewhere }) },
    });
    const next = await settleInTurn(tx, own, mayGoOn());
    if (typeof next === 'string') return { end: 'settled', next };
    const hand = { ...run, operationId: next.id, attempt: next.attempt };
    return { end: 'went_on', to: await openMove(tx, hand, next) };
  });
}

/** Names the pallets that someone else holds, also on their lines, so that a person can choose «mover los demás». */
async function explain(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  problem: { code: string; detail?: string },
  { move }: OwnMove,
  pickingId: number,
  signal: AbortSignal,
): Promise<OperationError> {
  if (problem.code !== 'reserved_elsewhere') return problem;
  const picking = await odoo.readPicking(pickingId, signal);
  const taken = (picking?.packageLevels ?? [])
    .filter((level) => level.state !== 'assigned')
    .map((level) => level.packageName);
  const codes = move.lines.map((line) => line.code).filter((code) => taken.includes(code));
  await db.withTenant(run.tenantId, async (tx) => {
    await readOwnIn(tx, run);
    await saveProblem(tx, run.operationId, codes, 'reserved_elsewhere');
  });
  return { ...problem, lines: codes.map((code) => ({ code, problem: 'reserved_elsewhere' })) };
}
