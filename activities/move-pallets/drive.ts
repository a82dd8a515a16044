import { OdooError } from '../../connectors/odoo/errors';
import type { OdooPicking } from '../../connectors/odoo/pickings';
import type { OdooStock } from '../../connectors/odoo/stock';
import type { ErrorCode } from '../../domain/errors';

/** Why a picking cannot be driven further; it is left in the state that was read. */
export interface DriveProblem {
  code: Extract<ErrorCode, 'reserved_elsewhere' | 'odoo_refused'>;
  detail?: string;
}

export type DriveEnd = { end: 'done' | 'cancelled' | 'stopped' } | { end: 'stuck'; problem: DriveProblem };

export interface DriveHooks {
  /** Created a moment ago: known to be a draft without reading it. */
  fresh?: boolean;
  /** Called after each new state was read; false stops the drive (a cancel was asked for). */
  onState?: (picking: OdooPicking) => Promise<boolean>;
  signal?: AbortSignal;
}

/** A picking passes four states at most; more rounds mean that someone works against us. */
const mostRounds = 8;

/**
 * Brings a picking from whatever state it is in to `done`. Each call is a transaction of its own in Odoo and its answer
 * means nothing, so after each the state is read again; a refusal counts only if the state did not change.
 */
export async function drive(odoo: OdooStock, id: number, hooks: DriveHooks = {}): Promise<DriveEnd> {
  const { signal, onState, fresh } = hooks;
  let refusal: string | undefined;
  let before = '';
  if (fresh) {
    // Should it not be a draft any more, this changes nothing, and what is read next decides.
    await odoo.confirm(id, signal).catch((error: unknown) => {
      if (!(error instanceof OdooError) || error.class !== 'refused') throw error;
    });
  }
  for (let round = 0; round < mostRounds; round++) {
    const picking = await odoo.readPicking(id, signal);
    if (!picking) return { end: 'cancelled' };
    const seen = `${picking.state} ${picking.packageLevels.map((level) => level.state).join()}`;
    if (seen === before && refusal !== undefined) return stuck(picking, refusal);
    if (seen === before && picking.state !== 'draft' && picking.state !== 'assigned') return stuck(picking);
    if (onState && !(await onState(picking))) return { end: 'stopped' };
    before = seen;
    refusal = undefined;
    try {
      switch (picking.state) {
        case 'done':
          return { end: 'done' };
        case 'cancel':
          return { end: 'cancelled' };
        case 'draft':
          await odoo.confirm(id, signal);
          break;
        case 'waiting':
        case 'confirmed':
          await odoo.assign(id, signal);
          break;
        case 'assigned':
          if (picking.packageLevels.some((level) => level.state !== 'assigned')) return stuck(picking);
          await odoo.markLevelsDone(id, signal);
          await odoo.validate(id, signal);
          break;
      }
    } catch (error) {
      if (!(error instanceof OdooError) || error.class !== 'refused') throw error;
      refusal = error.message;
    }
  }
  return { end: 'stuck', problem: { code: 'odoo_refused', detail: 'The transfer keeps changing its state' } };
}

function stuck(picking: OdooPicking, refusal?: string): DriveEnd {
  const reserved =
    picking.packageLevels.length > 0 && picking.packageLevels.every((level) => level.state === 'assigned');
  return {
    end: 'stuck',
    problem: {
      code: reserved ? 'odoo_refused' : 'reserved_elsewhere',
      ...(refusal !== undefined && { detail: refusal }),
    },
  };
}
