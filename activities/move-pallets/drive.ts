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
  /** Created a moment ago: known to be a draft without reading it. Called while it is being confirmed, as `onState`. */
  onFresh?: () => Promise<boolean>;
  /**
   * Called after each new state was read, while the next call is made, but never while a picking is validated; false stops the
   * drive (a cancel was asked for).
   */
  onState?: (picking: OdooPicking) => Promise<boolean>;
  signal?: AbortSignal;
}

/** A picking passes four states at most; more rounds mean that someone works against us. */
const mostRounds = 8;

/**
 * Brings a picking from whatever state it is in to `done`. Each call is a transaction of its own in Odoo and its answer
 * means nothing, so after each the state is read again; a refusal counts only if the state did not change. What is written
 * down of a state costs no time of its own: the call that follows can be taken back, until it is to be validated.
 */
export async function drive(odoo: OdooStock, id: number, hooks: DriveHooks = {}): Promise<DriveEnd> {
  const { signal, onState, onFresh } = hooks;
  let refusal: string | undefined;
  let before = '';
  if (onFresh) {
    // Should it not be a draft any more, this changes nothing, and what is read next decides.
    const { goesOn } = await beside(onFresh(), odoo.confirm(id, signal));
    if (!goesOn) return { end: 'stopped' };
  }
  for (let round = 0; round < mostRounds; round++) {
    const picking = await odoo.readPicking(id, signal);
    if (!picking) return { end: 'cancelled' };
    const seen = `${picking.state} ${picking.packageLevels.map((level) => level.state).join()}`;
    if (seen === before && refusal !== undefined) return stuck(picking, refusal);
    if (seen === before && picking.state !== 'draft' && picking.state !== 'assigned') return stuck(picking);
    before = seen;
    const told = onState?.(picking) ?? Promise.resolve(true);
    const end = endOf(picking);
    const call = end ? Promise.resolve() : nextCall(odoo, picking, signal);
    const next = await beside(told, call);
    if (!next.goesOn) return { end: 'stopped' };
    if (end) return end;
    refusal = next.refusal;
    if (picking.state === 'assigned' && refusal === undefined) {
      refusal = (await beside(Promise.resolve(true), odoo.validate(id, signal))).refusal;
    }
  }
  return { end: 'stuck', problem: { code: 'odoo_refused', detail: 'The transfer keeps changing its state' } };
}

/** Where a picking cannot or need not be driven from; null = it goes on. */
function endOf(picking: OdooPicking): DriveEnd | null {
  switch (picking.state) {
    case 'done':
      return { end: 'done' };
    case 'cancel':
      return { end: 'cancelled' };
    case 'assigned':
      return picking.packageLevels.some((level) => level.state !== 'assigned') ? stuck(picking) : null;
    case 'draft':
    case 'waiting':
    case 'confirmed':
      return null;
  }
}

/** What brings it on, but for the validation, after which there is no way back. */
function nextCall(odoo: OdooStock, { id, state }: OdooPicking, signal: AbortSignal | undefined): Promise<void> {
  switch (state) {
    case 'draft':
      return odoo.confirm(id, signal);
    case 'waiting':
    case 'confirmed':
      return odoo.assign(id, signal);
    case 'assigned':
      return odoo.markLevelsDone(id, signal);
    case 'done':
    case 'cancel':
      return Promise.resolve();
  }
}

/** Waits for both, so that nothing goes on behind our back. What cannot be written down counts more than what was answered. */
async function beside(
  told: Promise<boolean>,
  call: Promise<unknown>,
): Promise<{ goesOn: boolean; refusal: string | undefined }> {
  const [written, answered] = await Promise.allSettled([told, call]);
  if (written.status === 'rejected') throw written.reason;
  if (answered.status === 'fulfilled' || !written.value) return { goesOn: written.value, refusal: undefined };
  const error: unknown = answered.reason;
  if (!(error instanceof OdooError) || error.class !== 'refused') throw error;
  return { goesOn: true, refusal: error.message };
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
