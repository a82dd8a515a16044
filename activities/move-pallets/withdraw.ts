import { OdooError } from '../../connectors/odoo/errors';
import type { OdooPicking } from '../../connectors/odoo/pickings';
import type { OdooStock } from '../../connectors/odoo/stock';
import type { Database } from '../../store/db';
import type { OperationRow } from '../../store/operations';
import type { MoveRow } from '../../store/pallet-moves';
import type { OdooClients } from '../odoo-clients';
import { note, readOwn, type MoveRun, type OwnMove } from './ownership';
import { isOurs, pickingName, undoName } from './reference';

/** `nothing`: there was none; `withdrawn`: it is cancelled now; `done`: too late, the pallets have moved. */
export type WithdrawEnd = 'nothing' | 'withdrawn' | 'done';

/** Before an operation rests, nothing of it is left open in Odoo. */
export async function withdrawMove(
  db: Database,
  clients: OdooClients,
  by: MoveRun,
  signal: AbortSignal,
): Promise<WithdrawEnd> {
  const { run, operation, move } = await readOwn(db, by);
  if (operation.outside === 'none') return 'nothing';
  const { odoo } = await clients.of(run.tenantId, move.connectionId);
  return cancelTransfer(db, odoo, run, operation, move, signal);
}

/**
 * Cancels our transfer of the current name, whatever state it is in, and believes only what is read back. That it is not
 * there is believed only once the name is ours: a create whose answer was lost may still be at work in Odoo, so we take
 * the name ourselves and cancel that.
 */
export async function cancelTransfer(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  operation: OperationRow,
  move: MoveRow,
  signal: AbortSignal,
): Promise<WithdrawEnd> {
  const name = pickingName(operation);
  let picking = await odoo.findPicking(name, signal);
  // An empty one is what an earlier try of this claimed.
  const wasThere = picking !== null && picking.packageLevels.length > 0;
  if (!picking) picking = await claimName(odoo, operation, move, name, signal);
  if (!picking || !isOurs(picking, operation.id)) {
    await note(db, run, { step: 'nothing_left', code: 'nothing_left', outside: 'none' });
    return 'nothing';
  }
  if ((await cancelPicking(odoo, picking, signal)) === 'done') return 'done';
  await note(db, run, {
    step: 'transfer_cancelled',
    code: wasThere ? 'transfer_cancelled' : 'nothing_left',
    data: { name },
    raiseEffect: true,
    outside: 'none',
  });
  return wasThere ? 'withdrawn' : 'nothing';
}

/**
 * A person decided that the move stands: its way back is taken back, should an earlier attempt have begun it. `done`: too
 * late, the pallets are where they were.
 */
export async function withdrawUndo(
  db: Database,
  odoo: OdooStock,
  run: MoveRun,
  { operation }: OwnMove,
  signal: AbortSignal,
): Promise<'gone' | 'done'> {
  const name = undoName(operation);
  const picking = await odoo.findPicking(name, signal);
  if (!picking || !isOurs(picking, operation.id)) return 'gone';
  if ((await cancelPicking(odoo, picking, signal)) === 'done') return 'done';
  await note(db, run, { step: 'undo_withdrawn', code: 'transfer_cancelled', data: { name }, raiseUndoEffect: true });
  return 'gone';
}

/** Cancels a transfer, whatever state it is in, and believes only what is read back. */
async function cancelPicking(odoo: OdooStock, found: OdooPicking, signal: AbortSignal): Promise<'cancelled' | 'done'> {
  let picking = found;
  if (picking.state !== 'done' && picking.state !== 'cancel') {
    try {
      await odoo.cancel(picking.id, signal);
    } catch (error) {
      // Refused when it became done meanwhile; the state decides.
      if (!(error instanceof OdooError) || error.class !== 'refused') throw error;
    }
    picking = (await odoo.readPicking(picking.id, signal)) ?? picking;
  }
  if (picking.state === 'done') return 'done';
  if (picking.state === 'cancel') return 'cancelled';
  throw new OdooError('busy', `Transfer ${picking.name} is still ${picking.state} after its cancellation`, {
    applied: 'maybe',
  });
}

/** An empty transfer under our name: after it no earlier create can succeed. Taken meanwhile: that one is returned. */
async function claimName(
  odoo: OdooStock,
  operation: OperationRow,
  move: MoveRow,
  name: string,
  signal: AbortSignal,
): Promise<OdooPicking | null> {
  try {
    await odoo.createPicking(
      {
        name,
        origin: operation.id,
        sourceLocationId: move.destinationExternalId,
        destinationLocationId: move.destinationExternalId,
        packages: [],
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof OdooError) || error.class !== 'refused') throw error;
  }
  return odoo.findPicking(name, signal);
}
