import { OdooError } from '../../connectors/odoo/errors';
import type { OdooPicking } from '../../connectors/odoo/pickings';
import type { OdooStock } from '../../connectors/odoo/stock';
import type { OperationError } from '../../domain/operation';
import { readConnection } from '../../store/connections';
import type { Database } from '../../store/db';
import { NervioError } from '../../domain/errors';
import { lockLanes } from '../../store/lanes';
import { readLocations } from '../../store/locations';
import type { OdooClients } from '../odoo-clients';
import { asRead, isRetried, toNervioError } from '../failures';
import { announceCreate, checkMove } from './check';
import { drive } from './drive';
import { settle, type Next } from './endings';
import type { MoveMetrics } from './metrics';
import { note, noteIn, readOwnIn, type MoveRun, type OwnMove } from './ownership';
import { isOurs, pickingName } from './reference';

/**
 * `bad`: nothing was created, because of the pallets. `problem`: something of ours may be left open in Odoo.
 * `settled`: the transfer is done and the operation is at its end, unless a cancel came before (`next`).
 */
export type TransferEnd =
  { end: 'cancel' } | { end: 'bad' | 'problem'; error: OperationError } | { end: 'settled'; next: Next };

interface Transfer {
  id: number;
  name: string;
  /** It was created just now: a draft, which nobody has touched. */
  fresh: boolean;
}

const states = { draft: 'created', confirmed: 'confirmed', waiting: 'confirmed', assigned: 'reserved' } as const;

/**
 * The resumable step function: checks the pallets unless something of ours may be in Odoo already (then its state
 * decides), finds or creates the transfer by its name, confirms, assigns and validates it from whatever state is found, and
 * verifies that the pallets are where they should be. Repeating it is always safe. One activity: each more of them costs a
 * move 10–50 ms.
 */
export async function transferMove(
  deps: { db: Database; odoo: OdooClients; metrics: MoveMetrics },
  run: MoveRun,
  signal: AbortSignal,
): Promise<TransferEnd> {
  const { db } = deps;
  const { own, connection, expected } = await db.withTenant(run.tenantId, async (tx) => {
    const read = await readOwnIn(tx, run);
    const scannedIn = read.move.lines.flatMap(({ fromId, foundId }) => [fromId, foundId].filter((id) => id !== null));
    return {
      own: read,
      connection: await readConnection(tx, read.move.connectionId),
      expected: await readLocations(tx, scannedIn),
    };
  });
  if (!connection) throw new NervioError('no_connection');
  // This step went through before and its answer was lost: a cancel had come before the end.
  if (own.operation.state === 'compensating') return { end: 'settled', next: 'undo' };
  if (own.operation.cancelRequested) return { end: 'cancel' };
  const odoo = deps.odoo.for(run.tenantId, connection);

  let transfer: Transfer | TransferEnd;
  if (own.operation.outside === 'none') {
    const check = await checkMove(db, odoo, run, own, expected, signal).catch((error: unknown) => {
      throw asRead(error);
    });
    if (check.end !== 'good') return check;
    transfer = await create(db, odoo, run, own, check, signal);
  } else {
    const [first] = own.move.lines;
    const source = first?.foundId ? expected.get(first.foundId) : undefined;
    transfer = await findOrCreate(db, odoo, run, own, source?.externalId ?? null, signal);
  }
  if ('end' in transfer) return transfer;

  const { id, name, fresh } = transfer;
  let told = '';
  const end = await drive(odoo, id, {
    fresh,
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
      return verify(deps, odoo, run, name, own, signal);
    case 'stopped':
      return { end: 'cancel' };
    case 'stuck':
      return { end: 'problem', error: await explain(odoo, end.problem, own, id, signal) };
    case 'cancelled':
      // Someone cancelled it in Odoo. Its name is used up; a person decides whether the move is still wanted.
      await note(db, run, { step: 'cancelled_in_odoo', code: 'cancelled_in_odoo', raiseEffect: true, outside: 'none' });
      return { end: 'problem', error: { code: 'odoo_refused', detail: `Transfer ${name} was cancelled in Odoo` } };
  }
}

/** Something of ours may be in Odoo; when it is not, the transfer is created anew under the same name. */
async function findOrCreate(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  own: OwnMove,
  sourceLocationId: number | null,
  signal: AbortSignal,
): Promise<Transfer | TransferEnd> {
  const name = pickingName(own.operation);
  const existing = await odoo.findPicking(name, signal);
  if (existing) return resume(existing, own);
  await db.withTenant(run.tenantId, (tx) => announceCreate(tx, run, name));
  const packageIds = own.move.lines.flatMap((line) => (line.packageId === null ? [] : [line.packageId]));
  return create(db, odoo, run, own, { packageIds, sourceLocationId }, signal);
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
    const row = await note(db, run, {
      step: 'created',
      code: 'transfer_created',
      data: { name },
      outside: 'present',
    });
    return row.cancelRequested ? { end: 'cancel' } : { id, name, fresh: true };
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

/** Done is what Odoo says of the transfer; a pallet that was taken elsewhere since is told, not undone. */
async function verify(
  { db, metrics }: { db: Database; metrics: MoveMetrics },
  odoo: OdooStock,
  run: MoveRun,
  name: string,
  { move }: OwnMove,
  signal: AbortSignal,
): Promise<TransferEnd> {
  const codes = move.lines.map((line) => line.code);
  const elsewhere = (await odoo.findPackages(codes, signal, 'place'))
    .filter((found) => found.locationId !== move.destinationExternalId)
    .map((found) => found.name);
  const next = await db.withTenant(run.tenantId, async (tx) => {
    // Lanes before the operation's row: the one order of locks.
    await lockLanes(tx, run.operationId);
    await noteIn(tx, run, {
      step: 'validated',
      code: 'validated',
      outside: 'present',
      data: { name, ...(elsewhere.length > 0 && { elsewhere }) },
    });
    return settle(tx, run, metrics);
  });
  return { end: 'settled', next };
}

/** Names the pallets that someone else holds. */
async function explain(
  odoo: OdooStock,
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
  return { ...problem, lines: codes.map((code) => ({ code, problem: 'reserved_elsewhere' })) };
}
