import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { WatchActivities } from '../activities/connections/watch';

export interface WatchInput {
  tenantId: string;
  connectionId: string;
  /** Pause between probes. */
  everyMs: number;
  /** One activity probes for this long: a row in the history for each probe would fill it in half a day. */
  forMs: number;
}

/**
 * The circuit of one connection: probes it every 10 s for as long as it exists, and says «look» to what waits when it is
 * back (store/connections.ts). Ends when the connection is gone.
 */
export async function watchConnection(input: WatchInput): Promise<void> {
  const { probeConnection } = proxyActivities<WatchActivities>({
    startToCloseTimeout: input.forMs + 60_000,
    heartbeatTimeout: 30_000,
    retry: { initialInterval: 1_000, maximumInterval: 10_000 },
  });
  for (let round = 0; round < 100 && !workflowInfo().continueAsNewSuggested; round++) {
    if ((await probeConnection(input)) === 'gone') return;
  }
  await continueAsNew<typeof watchConnection>(input);
}
