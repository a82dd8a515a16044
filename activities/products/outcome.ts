import type { Tx } from '../../store/db';
import { endImport, findImportOf } from '../../store/imports';
import { readPriceSync } from '../../store/price-syncs';

/** What an operation on the catalogue came to. */
export interface Counts {
  done: number;
  /** Left because someone had changed it meanwhile. */
  kept: number;
  /** Rows that could not be applied. */
  bad: number;
}

export async function countsOf(tx: Tx, operationId: string): Promise<Counts> {
  const sync = await readPriceSync(tx, operationId);
  if (sync !== null) return { done: sync.doneCount - sync.keptCount, kept: sync.keptCount, bad: 0 };
  const file = await findImportOf(tx, operationId);
  return { done: file?.doneCount ?? 0, kept: file?.keptCount ?? 0, bad: file?.badCount ?? 0 };
}

/** Notes when the file of an import had its end. */
export async function ended(tx: Tx, operationId: string): Promise<void> {
  const file = await findImportOf(tx, operationId);
  if (file !== null) await endImport(tx, file.id);
}
