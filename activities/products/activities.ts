import { NervioError } from '../../domain/errors';
import type { Database, Tx } from '../../store/db';
import { applyRows } from '../../store/import-apply';
import { takeBackRows } from '../../store/import-undo';
import { findImportOf, type ImportRecord } from '../../store/imports';
import { applyPrices, readPriceSync, restorePrices } from '../../store/price-syncs';
import { type ProductProjections, createProductProjections } from './projections';
import { type ProductRun, type StepEnd, workThrough } from './run';

/** Rows of a part: some hundred are written in about a tenth of a second, and a cancel is heard after as long. */
const rowsOfPart = 200;
const pricesOfPart = 500;

/** Steps on the catalogue: resumable, part by part. */
export interface ProductActivities extends ProductProjections {
  applyImport(run: ProductRun): Promise<StepEnd>;
  /** Of an import that was cancelled under way, and of the operation that undoes one. */
  takeBackImport(run: ProductRun): Promise<StepEnd>;
  syncPrices(run: ProductRun): Promise<StepEnd>;
  restorePrices(run: ProductRun): Promise<StepEnd>;
}

export function createProductActivities(deps: { db: Database }): ProductActivities {
  const { db } = deps;
  return {
    ...createProductProjections(db),

    applyImport: (run) =>
      workThrough(db, run, 'progress', async (tx, operation) => {
        const { id } = await importOf(tx, run);
        const count = await applyRows(tx, id, operation.createdBy, rowsOfPart);
        const { doneCount, toApply } = await importOf(tx, run);
        return { count, done: doneCount, total: toApply };
      }),

    takeBackImport: (run) =>
      workThrough(db, run, 'taken_back', async (tx, operation) => {
        const { id } = await importOf(tx, run);
        const count = await takeBackRows(tx, id, operation.createdBy, rowsOfPart);
        const { doneCount, toApply } = await importOf(tx, run);
        return { count, done: doneCount, total: toApply };
      }),

    syncPrices: (run) =>
      workThrough(db, run, 'progress', async (tx, operation) => {
        const sync = await syncOf(tx, run);
        const fromBusiness = sync.fromSiteId === null;
        const count = await applyPrices(tx, run.operationId, fromBusiness, operation.createdBy, pricesOfPart);
        return { count, done: sync.doneCount + count, total: sync.priceCount };
      }),

    restorePrices: (run) =>
      workThrough(db, run, 'taken_back', async (tx, operation) => {
        const sync = await syncOf(tx, run);
        const fromBusiness = sync.fromSiteId === null;
        const count = await restorePrices(tx, run.operationId, fromBusiness, operation.createdBy, pricesOfPart);
        return { count, done: sync.doneCount - count, total: sync.priceCount };
      }),
  };
}

async function importOf(tx: Tx, run: ProductRun): Promise<ImportRecord> {
  const file = await findImportOf(tx, run.operationId);
  if (file === null) throw new NervioError('internal', {}, { detail: `Operation ${run.operationId} has no file` });
  return file;
}

async function syncOf(tx: Tx, run: ProductRun) {
  const sync = await readPriceSync(tx, run.operationId);
  if (sync === null) throw new NervioError('internal', {}, { detail: `Operation ${run.operationId} has no prices` });
  return sync;
}
