import { proxyActivities } from '@temporalio/workflow';
import type { SweepActivities } from '../activities/sweep';

/** Brings back what fell between PostgreSQL and Temporal. Scheduled; one round each time. */
export async function sweepOperations(input: { quietMs: number }): Promise<number> {
  const { sweep } = proxyActivities<SweepActivities>({
    startToCloseTimeout: 2 * 60_000,
    retry: { initialInterval: 1_000, maximumAttempts: 3 },
  });
  return sweep(input);
}
