import type { Client } from '@temporalio/client';
import type { Registry } from 'prom-client';
import { createCatalogueActivities, type CatalogueActivities } from '../activities/connections/catalogue';
import { createWatchActivities, type WatchActivities } from '../activities/connections/watch';
import { createMovePalletsActivities, type MovePalletsActivities } from '../activities/move-pallets/activities';
import { createMoveMetrics } from '../activities/move-pallets/metrics';
import type { OdooClients } from '../activities/odoo-clients';
import { createSweepActivities, type SweepActivities } from '../activities/sweep';
import type { TaskQueue } from '../domain/kinds';
import type { Database } from '../store/db';
import { describeWorkflow } from './describe';
import { ensureWatchers } from './watchers';

export interface ActivityDeps {
  db: Database;
  odoo: OdooClients;
  client: Client;
  registry: Registry;
}

/** A connection that nobody has probed for this long has lost its watcher. */
const unwatchedMs = 60_000;

/** Which activities a worker of a queue offers. */
export function activitiesOf(queue: TaskQueue, deps: ActivityDeps): object {
  switch (queue) {
    case 'pallets':
      return createMovePalletsActivities({
        ...deps,
        metrics: createMoveMetrics(deps.registry),
      }) satisfies MovePalletsActivities;
    case 'system': {
      const watch: WatchActivities = createWatchActivities(deps);
      const catalogue: CatalogueActivities = createCatalogueActivities(deps);
      const sweep: SweepActivities = createSweepActivities({
        db: deps.db,
        describe: (workflowId, runId) => describeWorkflow(deps.client, workflowId, runId),
        ensureWatched: async () => ensureWatchers(deps.client, await deps.db.definer.findUnwatched(unwatchedMs)),
      });
      return { ...watch, ...catalogue, ...sweep };
    }
    case 'sales':
    case 'channels':
    case 'stock':
    case 'legacy':
    case 'finance':
    case 'notify':
      return {};
  }
}
