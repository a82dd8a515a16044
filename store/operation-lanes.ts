import type { OperationRow } from './operations';
import type { Tx } from './db';
import { palletLanes, readMove } from './pallet-moves';

/** What changes many products works one after the other: each finds what the one before it left. */
export const catalogueLanes = ['catalogue'];

/** The lanes that an operation joins when it begins anew; one that kept its own stays in them. */
export async function lanesOf(tx: Tx, operation: Pick<OperationRow, 'id' | 'kind'>): Promise<string[]> {
  switch (operation.kind) {
    case 'move_pallets': {
      const move = await readMove(tx, operation.id);
      if (!move) return [];
      return palletLanes(
        move.connectionId,
        move.lines.map((line) => line.code),
      );
    }
    // What they changed in stock was changed when they were accepted, in the order of the levels' locks.
    case 'sale':
    case 'void_sale':
    case 'return_sale':
      return [];
    case 'import_products':
    case 'undo_import':
    case 'sync_prices':
      return catalogueLanes;
  }
}
