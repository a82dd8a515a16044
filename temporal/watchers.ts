import type { Client } from '@temporalio/client';
import { searchAttributesOf } from './search-attributes';

/** OPS-01: every 10 s. One activity probes for ten minutes, so that the history stays short. */
export const watchTiming = { everyMs: 10_000, forMs: 10 * 60_000 };

/** Makes sure that each of these connections is watched; one that is watched already stays as it is. */
export async function ensureWatchers(
  client: Client,
  connections: { tenantId: string; connectionId: string }[],
  timing: { everyMs: number; forMs: number } = watchTiming,
): Promise<void> {
  for (const connection of connections) {
    await client.workflow.start('watchConnection', {
      workflowId: `watch-${connection.connectionId}`,
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: 'system',
      args: [{ ...connection, ...timing }],
      typedSearchAttributes: searchAttributesOf({ tenantId: connection.tenantId, kind: 'watch_connection' }),
    });
  }
}
