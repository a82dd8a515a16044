import { proxyActivities } from '@temporalio/workflow';
import type { CatalogueActivities, ConnectionRef } from '../activities/connections/catalogue';

const { listConnections, readCatalogue } = proxyActivities<CatalogueActivities>({
  startToCloseTimeout: 5 * 60_000,
  heartbeatTimeout: 30_000,
  retry: { initialInterval: 1_000, maximumInterval: 30_000, maximumAttempts: 10 },
});

/** PICK-07: the places of a connection, on demand. */
export async function syncCatalogue(input: ConnectionRef): Promise<void> {
  await readCatalogue(input);
}

/** The same for every connection, on a schedule. One whose Odoo does not answer is left to the next round. */
export async function syncCatalogues(): Promise<{ read: number; failed: number }> {
  const connections = await listConnections();
  const ends = await Promise.allSettled(connections.map((connection) => readCatalogue(connection)));
  const failed = ends.filter((end) => end.status === 'rejected').length;
  return { read: ends.length - failed, failed };
}
