import type { Client } from '@temporalio/client';
import type { Redis } from 'ioredis';
import { createCleanUpActivities, type CleanUpActivities } from '../activities/clean-up';
import { createCatalogueActivities, type CatalogueActivities } from '../activities/connections/catalogue';
import { createWatchActivities, type WatchActivities } from '../activities/connections/watch';
import { createMovePalletsActivities, type MovePalletsActivities } from '../activities/move-pallets/activities';
import type { MailClients } from '../activities/mail-clients';
import type { OdooClients } from '../activities/odoo-clients';
import { createProductActivities, type ProductActivities } from '../activities/products/activities';
import { createSalesProjections, type SalesProjections } from '../activities/settle-sales/projections';
import { createReceiptActivities, type ReceiptActivities } from '../activities/settle-sales/receipts';
import { createStockUpkeepActivities, type StockUpkeepActivities } from '../activities/stock-upkeep';
import { createSweepActivities, type SweepActivities } from '../activities/sweep';
import type { TaskQueue } from '../domain/kinds';
import type { Database } from '../store/db';
import type { OperationMetrics } from '../store/operation-metrics';
import { describeWorkflow } from './describe';
import { ensureWatchers } from './watchers';

export interface ActivityDeps {
  db: Database;
  redis: Redis;
  odoo: OdooClients;
  mail: MailClients;
  client: Client;
  metrics: OperationMetrics;
  /** Aborts when the worker is asked to end; what is under way gets its grace time. */
  stopping: AbortSignal;
}

/** A connection that nobody has probed for this long has lost its watcher. */
const unwatchedMs = 60_000;

/** Which activities a worker of a queue offers. */
export function activitiesOf(queue: TaskQueue, deps: ActivityDeps): object {
  switch (queue) {
    case 'pallets':
      return createMovePalletsActivities(deps) satisfies MovePalletsActivities;
    case 'system': {
      const watch: WatchActivities = createWatchActivities(deps);
      const catalogue: CatalogueActivities = createCatalogueActivities(deps);
      const sweep: SweepActivities = createSweepActivities({
        db: deps.db,
        describe: (workflowId, runId) => describeWorkflow(deps.client, workflowId, runId),
        ensureWatched: async () => ensureWatchers(deps.client, await deps.db.definer.findUnwatched(unwatchedMs)),
      });
      const tidy: CleanUpActivities = createCleanUpActivities({ db: deps.db });
      const stock: StockUpkeepActivities = createStockUpkeepActivities(deps);
      return { ...watch, ...catalogue, ...sweep, ...tidy, ...stock };
    }
    case 'sales':
      return {
        ...(createSalesProjections(deps.db) satisfies SalesProjections),
        ...(createReceiptActivities(deps) satisfies ReceiptActivities),
      };
    case 'stock':
      return createProductActivities(deps) satisfies ProductActivities;
    case 'channels':
    case 'legacy':
    case 'finance':
    case 'notify':
      return {};
  }
}
