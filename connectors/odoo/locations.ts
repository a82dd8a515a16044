import { flag, integer, optionalReference, optionalText, records, text } from './records';
import type { OdooTransport } from './transport';

export interface OdooLocation {
  id: number;
  /** Full path, e.g. `WH/Stock/Cámara 1`. */
  name: string;
  /** Last part of the path. */
  shortName: string;
  barcode: string | null;
  /** supplier, view, internal, customer, inventory, production or transit; only internal ones can hold a pallet. */
  usage: string;
  active: boolean;
  parentId: number | null;
}

const pageSize = 500;

/** Every location, archived ones too. Pages by id, so that changes meanwhile neither skip nor repeat one. */
export async function listLocations(transport: OdooTransport, signal?: AbortSignal): Promise<OdooLocation[]> {
  const all: OdooLocation[] = [];
  for (let afterId = 0; ;) {
    const page = records(
      await transport.call(
        'read',
        'stock.location',
        'search_read',
        [[['id', '>', afterId]]],
        {
          fields: ['name', 'complete_name', 'barcode', 'usage', 'active', 'location_id'],
          order: 'id',
          limit: pageSize,
          context: { active_test: false },
        },
        signal,
      ),
      'stock.location',
    );
    for (const row of page) {
      afterId = integer(row, 'id');
      all.push({
        id: afterId,
        name: text(row, 'complete_name'),
        shortName: text(row, 'name'),
        barcode: optionalText(row, 'barcode'),
        usage: text(row, 'usage'),
        active: flag(row, 'active'),
        parentId: optionalReference(row, 'location_id')?.id ?? null,
      });
    }
    if (page.length < pageSize) return all;
  }
}
