import { OdooError } from './errors';
import { integer, optionalReference, optionalText, records, reference, text } from './records';
import type { OdooRecord } from './records';
import type { OdooTransport } from './transport';

const pickingStates = ['draft', 'waiting', 'confirmed', 'assigned', 'done', 'cancel'] as const;
export type OdooPickingState = (typeof pickingStates)[number];

export interface OdooPackageLevel {
  id: number;
  packageId: number;
  packageName: string;
  destinationLocationId: number;
  /** `assigned` = this pallet is reserved for this picking. The picking's own state can be `assigned` with only some reserved. */
  state: string;
}

export interface OdooPicking {
  id: number;
  name: string;
  origin: string | null;
  state: OdooPickingState;
  sourceLocationId: number;
  destinationLocationId: number;
  packageLevels: OdooPackageLevel[];
  /** UTC, cut to seconds. */
  writeDate: string;
}

export interface NewOdooPicking {
  /** Unique per company and ours to choose: the idempotency key. A second create with it is refused (fault 2). */
  name: string;
  origin: string;
  /** Only informative: Odoo takes each pallet from where it is. */
  sourceLocationId: number;
  destinationLocationId: number;
  packages: readonly { packageId: number; locationId: number }[];
}

const pickingFields = ['name', 'state', 'origin', 'location_id', 'location_dest_id', 'write_date'];

/** The picking with exactly this name, or null. */
export async function findPicking(
  transport: OdooTransport,
  name: string,
  signal?: AbortSignal,
): Promise<OdooPicking | null> {
  const found = await transport.call(
    'read',
    'stock.picking',
    'search_read',
    [[['name', '=', name]]],
    { fields: pickingFields, order: 'id', limit: 1 },
    signal,
  );
  return withLevels(transport, found, signal);
}

/** The picking with this id, or null when it was deleted. */
export async function readPicking(
  transport: OdooTransport,
  id: number,
  signal?: AbortSignal,
): Promise<OdooPicking | null> {
  const found = await transport.call('read', 'stock.picking', 'read', [[id], pickingFields], {}, signal);
  return withLevels(transport, found, signal);
}

/** Values of `stock.picking.create` for moving whole packages (recording move1-03, move2-01, with a name of ours). */
export function newPickingValues(
  picking: NewOdooPicking,
  type: { id: number; companyId: number },
): Record<string, unknown> {
  return {
    name: picking.name,
    picking_type_id: type.id,
    location_id: picking.sourceLocationId,
    location_dest_id: picking.destinationLocationId,
    origin: picking.origin,
    package_level_ids: picking.packages.map(({ packageId, locationId }) => [
      0,
      0,
      { package_id: packageId, location_dest_id: locationId, company_id: type.companyId },
    ]),
  };
}

export async function readLevels(
  transport: OdooTransport,
  pickingId: number,
  extraFields: readonly string[],
  signal?: AbortSignal,
): Promise<OdooRecord[]> {
  return records(
    await transport.call(
      'read',
      'stock.package_level',
      'search_read',
      [[['picking_id', '=', pickingId]]],
      { fields: ['state', 'package_id', 'location_dest_id', ...extraFields], order: 'id' },
      signal,
    ),
    'stock.package_level',
  );
}

async function withLevels(transport: OdooTransport, found: unknown, signal?: AbortSignal): Promise<OdooPicking | null> {
  const row = records(found, 'stock.picking')[0];
  if (!row) return null;
  const id = integer(row, 'id');
  const levels = await readLevels(transport, id, [], signal);
  return {
    id,
    name: text(row, 'name'),
    origin: optionalText(row, 'origin'),
    state: pickingState(text(row, 'state')),
    sourceLocationId: reference(row, 'location_id').id,
    destinationLocationId: reference(row, 'location_dest_id').id,
    packageLevels: levels.map((level) => {
      const pack = reference(level, 'package_id');
      return {
        id: integer(level, 'id'),
        packageId: pack.id,
        packageName: pack.name,
        destinationLocationId:
          optionalReference(level, 'location_dest_id')?.id ?? reference(row, 'location_dest_id').id,
        state: optionalText(level, 'state') ?? 'draft',
      };
    }),
    writeDate: text(row, 'write_date'),
  };
}

function pickingState(value: string): OdooPickingState {
  const state = pickingStates.find((known) => known === value);
  if (!state)
    throw new OdooError('incompatible', `Odoo has a transfer in the unknown state ${value}`, { applied: 'no' });
  return state;
}
