import type { OdooConnection, OdooOptions } from './config';
import { OdooError } from './errors';
import { listLocations } from './locations';
import type { OdooLocation } from './locations';
import { findPackages, listPackages } from './packages';
import type { OdooPackage, PackageDetail } from './packages';
import { readInternalPickingType } from './picking-type';
import type { OdooPickingType } from './picking-type';
import { findPicking, newPickingValues, readLevels, readPicking } from './pickings';
import type { NewOdooPicking, OdooPicking } from './pickings';
import { flag, integer } from './records';
import { Remembered } from './remembered';
import { openPickingsOfPackages } from './reservations';
import type { OdooReservation } from './reservations';
import { OdooRpcTransport } from './rpc-transport';
import type { OdooTransport } from './transport';
import { detectVersion } from './version';
import type { OdooVersion } from './version';

/**
 * Odoo's stock as the pallet flow needs it. Every method may throw OdooError. Each call is a transaction of its own in Odoo;
 * what commands answer means nothing: read the state again after each, whether it answered, failed or was lost.
 */
export interface OdooStock {
  /** Proves with two cheap calls that the server, the database and the credentials work. `latencyMs` is that of the second. */
  probe(signal?: AbortSignal): Promise<{ serverVersion: string; latencyMs: number }>;
  version(signal?: AbortSignal): Promise<OdooVersion>;

  listLocations(signal?: AbortSignal): Promise<OdooLocation[]>;
  findPackages(names: readonly string[], signal?: AbortSignal, detail?: PackageDetail): Promise<OdooPackage[]>;
  listPackages(page: { afterId: number; limit: number }, signal?: AbortSignal): Promise<OdooPackage[]>;
  internalPickingType(signal?: AbortSignal): Promise<OdooPickingType>;
  findPicking(name: string, signal?: AbortSignal): Promise<OdooPicking | null>;
  readPicking(id: number, signal?: AbortSignal): Promise<OdooPicking | null>;
  openPickingsOfPackages(packageIds: readonly number[], signal?: AbortSignal): Promise<OdooReservation[]>;

  /** @returns the new picking's id. `refused` when the name is taken: find it by name. */
  createPicking(picking: NewOdooPicking, signal?: AbortSignal): Promise<number>;
  confirm(id: number, signal?: AbortSignal): Promise<void>;
  /** `refused` when there is nothing to reserve (no moves, done or cancelled). Succeeds also when nothing could be reserved. */
  assign(id: number, signal?: AbortSignal): Promise<void>;
  /** 16 only; nothing on 17 and 18. `refused` without sending anything unless every level is reserved. */
  markLevelsDone(id: number, signal?: AbortSignal): Promise<void>;
  /** `refused` without sending anything unless every level is reserved; `refused` when Odoo wants to make a backorder of it. */
  validate(id: number, signal?: AbortSignal): Promise<void>;
  /** `refused` when it is done. */
  cancel(id: number, signal?: AbortSignal): Promise<void>;
  /** Removes reservations that nobody holds. False where this version of Odoo offers no way (16 and 17). */
  repairReservations(signal?: AbortSignal): Promise<boolean>;

  close(): void;
}

/** Versions change by upgrading the server, operation types by reconfiguring it. */
const rememberMs = 10 * 60_000;

/** @param transport another way to the server than XML-RPC and JSON-RPC at `connection` */
export function createOdooStock(
  connection: OdooConnection,
  options: OdooOptions = {},
  transport: OdooTransport = new OdooRpcTransport(connection, options),
): OdooStock {
  const version = new Remembered(() => detectVersion(transport), rememberMs);
  const pickingType = new Remembered(() => readInternalPickingType(transport), rememberMs);

  let probedVersion: string | null = null;
  // An upgrade under a running worker, seen by the probe that waits for the server to come back.
  const forgetWhatTheServerWas = (): void => {
    version.forget();
    pickingType.forget();
  };

  /** Sends a command of the picking; a lost None means that it was carried out. */
  const command = async (method: string, id: number, signal?: AbortSignal): Promise<unknown> => {
    try {
      return await transport.call('write', 'stock.picking', method, [[id]], {}, signal);
    } catch (error) {
      if (error instanceof OdooError && error.class === 'no_return_value') return null;
      throw error;
    }
  };

  return {
    version: (signal) => version.get(signal),
    internalPickingType: (signal) => pickingType.get(signal),
    listLocations: (signal) => listLocations(transport, signal),
    findPackages: (names, signal, detail) => findPackages(transport, names, signal, detail),
    listPackages: (page, signal) => listPackages(transport, page, signal),
    findPicking: (name, signal) => findPicking(transport, name, signal),
    readPicking: (id, signal) => readPicking(transport, id, signal),
    openPickingsOfPackages: (packageIds, signal) => openPickingsOfPackages(transport, packageIds, signal),
    close: () => transport.close(),

    async probe(signal) {
      const server = await transport.version(signal);
      if (server.serverVersion !== probedVersion) forgetWhatTheServerWas();
      probedVersion = server.serverVersion;
      const uid = await transport.userId(signal);
      const start = performance.now();
      await transport.call('probe', 'res.users', 'search_count', [[['id', '=', uid]]], {}, signal);
      return { serverVersion: server.serverVersion, latencyMs: Math.round(performance.now() - start) };
    },

    async createPicking(picking, signal) {
      const type = await pickingType.get(signal);
      const id = await transport.call(
        'write',
        'stock.picking',
        'create',
        [newPickingValues(picking, type)],
        {},
        signal,
      );
      if (typeof id !== 'number') {
        throw new OdooError('unknown_outcome', 'Odoo did not answer with the id of the new transfer', {
          applied: 'maybe',
        });
      }
      return id;
    },

    async confirm(id, signal) {
      await command('action_confirm', id, signal);
    },

    async assign(id, signal) {
      await command('action_assign', id, signal);
    },

    async markLevelsDone(id, signal) {
      const { adapter } = await version.get(signal);
      if (!adapter.marksLevelsDone) return;
      const levels = await readLevels(transport, id, ['is_done'], signal);
      requireReserved(id, levels);
      const open = levels.filter((level) => !flag(level, 'is_done')).map((level) => integer(level, 'id'));
      if (open.length > 0)
        await transport.call('write', 'stock.package_level', 'write', [open, { is_done: true }], {}, signal);
    },

    async validate(id, signal) {
      // A type set to "always" or "never create a backorder" would take part of the pallets without asking.
      requireReserved(id, await readLevels(transport, id, [], signal));
      const answer = await command('button_validate', id, signal);
      const wizard = unansweredWizard(answer);
      if (wizard)
        throw new OdooError('refused', `Odoo did not validate the transfer: it asks by ${wizard}`, { applied: 'no' });
    },

    async cancel(id, signal) {
      await command('action_cancel', id, signal);
    },

    async repairReservations(signal) {
      const { adapter } = await version.get(signal);
      if (!adapter.repairReservations) return false;
      await adapter.repairReservations(transport, signal);
      return true;
    },
  };
}

/** Marking or validating a level that is not reserved moves the pallet from wherever it is (recordings stale-09…13). */
function requireReserved(id: number, levels: readonly Readonly<Record<string, unknown>>[]): void {
  const missing = levels.filter((level) => level.state !== 'assigned').length;
  if (levels.length === 0 || missing > 0) {
    throw new OdooError(
      'refused',
      `Transfer ${id} is not sent: ${missing} of ${levels.length} packages are not reserved for it`,
      {
        applied: 'no',
      },
    );
  }
}

/** The question that Odoo asks instead of validating; other answers (printing, reception report) come after it is done. */
function unansweredWizard(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('res_model' in answer)) return null;
  const model = answer.res_model;
  return model === 'stock.backorder.confirmation' || model === 'stock.immediate.transfer' ? model : null;
}
