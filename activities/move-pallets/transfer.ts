import { OdooError } from '../../connectors/odoo/errors';
import type { OdooPicking } from '../../connectors/odoo/pickings';
import type { OdooStock } from '../../connectors/odoo/stock';
import type { OperationError } from '../../domain/operation';
import type { Database } from '../../store/db';
import { readLocations } from '../../store/locations';
import type { OperationRow } from '../../store/operations';
import { rememberOrigins, type MoveRow } from '../../store/pallet-moves';
import type { OdooClients } from '../odoo-clients';
import { isRetried, toNervioError } from '../failures';
import { drive } from './drive';
import { note, readOwn, type MoveRun } from './ownership';
import { isOurs, pickingName } from './reference';

export type TransferEnd = { end: 'done' | 'cancel' } | { end: 'problem'; error: OperationError };

const states = { draft: 'created', confirmed: 'confirmed', waiting: 'confirmed', assigned: 'reserved' } as const;

/**
 * The resumable step function: finds or creates the transfer by its name, then confirms, assigns and validates it from
 * whatever state is found, and verifies that the pallets are where they should be. Repeating it is always safe.
 */
export async function transferMove(
  db: Database,
  clients: OdooClients,
  run: MoveRun,
  signal: AbortSignal,
): Promise<TransferEnd> {
  const { operation, move } = await readOwn(db, run);
  if (operation.cancelRequested) return { end: 'cancel' };
  const { odoo } = await clients.of(run.tenantId, move.connectionId);

  const found = await findOrCreate(db, odoo, run, operation, move, signal);
  if ('error' in found) return { end: 'problem', error: found.error };
  let told = '';
  const end = await drive(odoo, found.id, {
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
      return verify(db, odoo, run, found.name, move, signal);
    case 'stopped':
      return { end: 'cancel' };
    case 'stuck':
      return { end: 'problem', error: await explain(odoo, end.problem, move, found.id, signal) };
    case 'cancelled':
      // Someone cancelled it in Odoo. Its name is used up; a person decides whether the move is still wanted.
      await note(db, run, { step: 'cancelled_in_odoo', code: 'cancelled_in_odoo', raiseEffect: true, outside: 'none' });
      return {
        end: 'problem',
        error: { code: 'odoo_refused', detail: `Transfer ${found.name} was cancelled in Odoo` },
      };
  }
}

async function findOrCreate(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  operation: OperationRow,
  move: MoveRow,
  signal: AbortSignal,
): Promise<{ name: string; id: number } | { error: OperationError }> {
  const name = pickingName(operation);
  const resume = (picking: OdooPicking) =>
    isOurs(picking, operation.id) ? { name, id: picking.id } : { error: { code: 'reference_taken', detail: name } };

  const existing = operation.outside === 'none' ? null : await odoo.findPicking(name, signal);
  if (existing) return resume(existing);

  const sources = await db.withTenant(run.tenantId, async (tx) => {
    await rememberOrigins(tx, operation.id);
    return readLocations(
      tx,
      move.lines.flatMap((line) => (line.foundId ? [line.foundId] : [])),
    );
  });
  const source = move.lines[0]?.foundId ? sources.get(move.lines[0].foundId) : undefined;
  // From here on something may be in Odoo, whatever becomes of the answer.
  await note(db, run, { step: 'creating', code: 'transfer_creating', data: { name }, outside: 'maybe' });
  try {
    const id = await odoo.createPicking(
      {
        name,
        origin: operation.id,
        sourceLocationId: source?.externalId ?? move.destinationExternalId,
        destinationLocationId: move.destinationExternalId,
        packages: move.lines.flatMap((line) =>
          line.packageId === null ? [] : [{ packageId: line.packageId, locationId: move.destinationExternalId }],
        ),
      },
      signal,
    );
    await note(db, run, { step: 'created', code: 'transfer_created', data: { name }, outside: 'present' });
    return { name, id };
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
    if (taken) return resume(taken);
    await note(db, run, { step: 'refused', code: 'transfer_refused', outside: 'none' });
    return { error: { code: 'odoo_refused', detail: error.message } };
  }
}

/** Done is what Odoo says of the transfer; a pallet that was taken elsewhere since is told, not undone. */
async function verify(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  name: string,
  move: MoveRow,
  signal: AbortSignal,
): Promise<TransferEnd> {
  const packages = await odoo.findPackages(
    move.lines.map((line) => line.code),
    signal,
  );
  const elsewhere = packages
    .filter((found) => found.locationId !== move.destinationExternalId)
    .map((found) => found.name);
  await note(db, run, {
    step: 'validated',
    code: 'validated',
    outside: 'present',
    data: { name, ...(elsewhere.length > 0 && { elsewhere }) },
  });
  return { end: 'done' };
}

/** Names the pallets that someone else holds. */
async function explain(
  odoo: OdooStock,
  problem: { code: string; detail?: string },
  move: MoveRow,
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
