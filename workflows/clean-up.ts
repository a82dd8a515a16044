import { proxyActivities } from '@temporalio/workflow';
import type { CleanedUp, CleanUpActivities } from '../activities/clean-up';

/** Takes away what nobody will ask for again. Scheduled; what a round does not get done the next one does. */
export async function cleanUp(): Promise<CleanedUp> {
  const { cleanUp: run } = proxyActivities<CleanUpActivities>({
    startToCloseTimeout: 5 * 60_000,
    heartbeatTimeout: 30_000,
    retry: { initialInterval: 1_000, maximumAttempts: 3 },
  });
  return run();
}
