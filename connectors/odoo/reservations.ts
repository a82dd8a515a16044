import { integer, optionalReference, optionalText, records, reference } from './records';
import type { OdooTransport } from './transport';

/** An open transfer that reserves a package. */
export interface OdooReservation {
  packageId: number;
  pickingId: number;
  pickingName: string;
  origin: string | null;
}

/**
 * Which open transfers hold which of these packages. A package with a reserved quantity and no row here is held by something
 * without a transfer (manufacturing), or by nobody (a ghost reservation: see `repairReservations`).
 */
export async function openPickingsOfPackages(
  transport: OdooTransport,
  packageIds: readonly number[],
  signal?: AbortSignal,
): Promise<OdooReservation[]> {
  if (packageIds.length === 0) return [];
  const lines = records(
    await transport.call(
      'read',
      'stock.move.line',
      'search_read',
      [
        [
          ['package_id', 'in', [...new Set(packageIds)]],
          ['state', 'not in', ['done', 'cancel']],
        ],
      ],
      { fields: ['package_id', 'picking_id'], order: 'id' },
      signal,
    ),
    'stock.move.line',
  );
  const pairs = new Map<string, { packageId: number; pickingId: number }>();
  for (const line of lines) {
    const picking = optionalReference(line, 'picking_id');
    const pack = reference(line, 'package_id');
    if (picking) pairs.set(`${pack.id}/${picking.id}`, { packageId: pack.id, pickingId: picking.id });
  }
  if (pairs.size === 0) return [];
  const ids = [...new Set([...pairs.values()].map((pair) => pair.pickingId))];
  const pickings = records(
    await transport.call('read', 'stock.picking', 'read', [ids, ['name', 'origin']], {}, signal),
    'stock.picking',
  );
  const byId = new Map(pickings.map((row) => [integer(row, 'id'), row]));
  return [...pairs.values()].flatMap(({ packageId, pickingId }) => {
    const row = byId.get(pickingId);
    return row
      ? [{ packageId, pickingId, pickingName: optionalText(row, 'name') ?? '', origin: optionalText(row, 'origin') }]
      : [];
  });
}
