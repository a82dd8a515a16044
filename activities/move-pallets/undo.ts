import { OdooError } from '../../connectors/odoo/errors';
import type { OdooStock } from '../../connectors/odoo/stock';
import type { OperationError } from '../../domain/operation';
import type { Database } from '../../store/db';
import { readLocations } from '../../store/locations';
import { wasUndone, type OperationRow } from '../../store/operations';
import type { MoveRow } from '../../store/pallet-moves';
import type { OdooClients } from '../odoo-clients';
import { drive } from './drive';
import { note, readOwn, type MoveRun } from './ownership';
import { isOurs, undoName } from './reference';
import { cancelTransfer } from './withdraw';

export type UndoEnd = { end: 'nothing' | 'undone' } | { end: 'blocked'; error: OperationError };

/**
 * The compensation of a move: looks for its transfer, cancels it when it is open, and brings the pallets back to where
 * they were when it is done. Idempotent: the way back is a transfer with a name of its own.
 */
export async function undoMove(db: Database, clients: OdooClients, by: MoveRun, signal: AbortSignal): Promise<UndoEnd> {
  const { run, operation, move } = await readOwn(db, by);
  if (operation.outside === 'none') {
    // Nothing was ever there, or this went through before and its answer was lost.
    const undone = await db.withTenant(run.tenantId, (tx) => wasUndone(tx, operation.id));
    return { end: undone ? 'undone' : 'nothing' };
  }
  const { odoo } = await clients.of(run.tenantId, move.connectionId);
  const end = await cancelTransfer(db, odoo, run, operation, move, signal);
  switch (end) {
    case 'nothing':
      return { end: 'nothing' };
    case 'withdrawn':
      return { end: 'undone' };
    case 'done':
      return moveBack(db, odoo, run, operation, move, signal);
  }
}

async function moveBack(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  operation: OperationRow,
  move: MoveRow,
  signal: AbortSignal,
): Promise<UndoEnd> {
  const name = undoName(operation);
  let id: number;
  const existing = await odoo.findPicking(name, signal);
  if (existing) {
    if (!isOurs(existing, operation.id)) return takenByOthers(name);
    id = existing.id;
  } else {
    const packages = await odoo.findPackages(
      move.lines.map((line) => line.code),
      signal,
    );
    const here = new Map(packages.map((found) => [found.id, found.locationId]));
    const gone = move.lines.filter((line) => here.get(line.packageId ?? 0) !== move.destinationExternalId);
    if (gone.length > 0) return blocked(gone.map((line) => line.code));
    const origins = await db.withTenant(run.tenantId, (tx) =>
      readLocations(
        tx,
        move.lines.flatMap((line) => (line.movedFromId ? [line.movedFromId] : [])),
      ),
    );
    const backTo = (line: MoveRow['lines'][number]) => origins.get(line.movedFromId ?? '')?.externalId;
    const lost = move.lines.filter((line) => backTo(line) === undefined || line.packageId === null);
    if (lost.length > 0) return blocked(lost.map((line) => line.code));
    try {
      id = await odoo.createPicking(
        {
          name,
          origin: operation.id,
          sourceLocationId: move.destinationExternalId,
          destinationLocationId: backTo(move.lines[0]!)!,
          packages: move.lines.map((line) => ({ packageId: line.packageId!, locationId: backTo(line)! })),
        },
        signal,
      );
    } catch (error) {
      if (!(error instanceof OdooError) || error.class !== 'refused') throw error;
      const taken = await odoo.findPicking(name, signal);
      if (!taken) return { end: 'blocked', error: { code: 'undo_failed', detail: error.message } };
      if (!isOurs(taken, operation.id)) return takenByOthers(name);
      id = taken.id;
    }
  }
  const driven = await drive(odoo, id, { signal });
  if (driven.end === 'cancelled') {
    // Someone cancelled it in Odoo. Its name is used up; a person decides whether to undo once more.
    await note(db, run, {
      step: 'cancelled_in_odoo',
      code: 'cancelled_in_odoo',
      data: { name },
      raiseUndoEffect: true,
    });
  }
  if (driven.end !== 'done') {
    return {
      end: 'blocked',
      error: { code: 'undo_failed', detail: driven.end === 'stuck' ? driven.problem.detail : driven.end },
    };
  }
  await note(db, run, { step: 'moved_back', code: 'moved_back', data: { name }, outside: 'none' });
  return { end: 'undone' };
}

function takenByOthers(name: string): UndoEnd {
  return { end: 'blocked', error: { code: 'reference_taken', detail: name } };
}

function blocked(codes: string[]): UndoEnd {
  return {
    end: 'blocked',
    error: { code: 'undo_blocked', lines: codes.map((code) => ({ code, problem: 'undo_blocked' })) },
  };
}
