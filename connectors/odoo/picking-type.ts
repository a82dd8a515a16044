import { OdooError } from './errors';
import { integer, optionalReference, records } from './records';
import type { OdooRecord } from './records';
import type { OdooTransport } from './transport';

/** The operation type of moves inside a warehouse. */
export interface OdooPickingType {
  id: number;
  warehouseId: number;
  defaultSourceLocationId: number;
  companyId: number;
}

/**
 * The internal operation type. With multi-step routes, picking and packing have the code `internal` too; the one that moves
 * within the stock starts and ends at the same place by default.
 * @throws OdooError `incompatible` when the database has none
 */
export async function readInternalPickingType(
  transport: OdooTransport,
  signal?: AbortSignal,
): Promise<OdooPickingType> {
  const rows = records(
    await transport.call(
      'read',
      'stock.picking.type',
      'search_read',
      [[['code', '=', 'internal']]],
      { fields: ['warehouse_id', 'default_location_src_id', 'default_location_dest_id', 'company_id'], order: 'id' },
      signal,
    ),
    'stock.picking.type',
  );
  const chosen = rows.find(staysInPlace) ?? rows[0];
  const source = chosen && optionalReference(chosen, 'default_location_src_id');
  const warehouse = chosen && optionalReference(chosen, 'warehouse_id');
  const company = chosen && optionalReference(chosen, 'company_id');
  if (!chosen || !source || !warehouse || !company) {
    throw new OdooError(
      'incompatible',
      'Odoo has no operation type for internal transfers with a warehouse and a default location',
      {
        applied: 'no',
      },
    );
  }
  return {
    id: integer(chosen, 'id'),
    warehouseId: warehouse.id,
    defaultSourceLocationId: source.id,
    companyId: company.id,
  };
}

function staysInPlace(type: OdooRecord): boolean {
  const source = optionalReference(type, 'default_location_src_id');
  return source !== null && source.id === optionalReference(type, 'default_location_dest_id')?.id;
}
