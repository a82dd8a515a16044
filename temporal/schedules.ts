import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptionsAction,
} from '@temporalio/client';

interface DeclaredSchedule {
  scheduleId: string;
  everyMs: number;
  workflow: string;
  args: unknown[];
  /** How late a round may still begin after Temporal was away; without one that late is left to the next. */
  catchup?: '1 minute' | '1 hour';
}

/** How long nothing may happen to an open operation before the sweep asks Temporal about its workflow. */
export const sweepQuietMs = 30_000;

/** Every timer of Nervio, in one list. Created or updated when a worker starts. */
export const schedules: DeclaredSchedule[] = [
  { scheduleId: 'sweep-operations', everyMs: 20_000, workflow: 'sweepOperations', args: [{ quietMs: sweepQuietMs }] },
  { scheduleId: 'sync-catalogues', everyMs: 30 * 60_000, workflow: 'syncCatalogues', args: [] },
  { scheduleId: 'expire-stock', everyMs: 60_000, workflow: 'expireStock', args: [] },
  { scheduleId: 'reconcile-stock', everyMs: 30 * 60_000, workflow: 'reconcileStock', args: [], catchup: '1 hour' },
  { scheduleId: 'clean-up', everyMs: 60 * 60_000, workflow: 'cleanUp', args: [] },
];

export async function ensureSchedules(client: Client): Promise<void> {
  for (const declared of schedules) {
    const action: ScheduleOptionsAction = {
      type: 'startWorkflow',
      workflowType: declared.workflow,
      taskQueue: 'system',
      args: declared.args,
      // One that hangs must not keep the next rounds from beginning.
      workflowExecutionTimeout: '30 minutes',
    };
    const spec = { intervals: [{ every: declared.everyMs }] };
    const policies = {
      // A round that is still at work makes the next one needless.
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: declared.catchup ?? ('1 minute' as const),
      // Upkeep goes on after a failed round: the next one may do better.
      pauseOnFailure: false,
    };
    try {
      await client.schedule.create({ scheduleId: declared.scheduleId, spec, action, policies });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await client.schedule.getHandle(declared.scheduleId).update((previous) => ({
        ...previous,
        spec,
        action: { ...action, workflowId: declared.scheduleId },
        policies,
      }));
    }
  }
}
