import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { ProductActivities } from '../activities/products/activities';
import type { ProductNext, ProductProjections } from '../activities/products/projections';
import type { StepEnd } from '../activities/products/run';
import type { OperationRef } from '../domain/kinds';
import { bulk, projection, type Timing } from './profiles';

const project = proxyLocalActivities<ProductProjections>(projection);

type Step = Exclude<keyof ProductActivities, keyof ProductProjections>;

/**
 * One attempt of work on the catalogue: part by part to its end; a cancel takes back what is done by then. It works in our own
 * database alone, so trouble is repeated for a while and then asks for attention.
 * @param back null = it cannot be cancelled under way
 */
export async function runOnProducts(ref: OperationRef, timing: Timing, forth: Step, back: Step | null): Promise<void> {
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const run = { ...ref, workflowId, runId };
  const steps = proxyActivities<Pick<ProductActivities, Step>>(bulk(timing));

  const after = ({ end }: StepEnd, done: () => Promise<ProductNext>): Promise<ProductNext> | 'stop' => {
    switch (end) {
      case 'done':
        return done();
      case 'cancel':
        return project.beginProductsUndo(run);
      case 'fenced':
        return 'stop';
    }
  };

  async function step(next: 'work' | 'undo'): Promise<ProductNext> {
    try {
      if (next === 'work') return await after(await steps[forth](run), () => project.settleProducts(run));
      if (back === null) return await project.endProductsUndo(run);
      return await after(await steps[back](run), () => project.endProductsUndo(run));
    } catch (error) {
      const failure = applicationFailure(error);
      return project.restProducts(run, { code: failure.type ?? 'internal', detail: failure.message });
    }
  }

  // Terminating is for ops; cancelling from the Temporal UI must not leave an operation half-done, so we go on.
  await CancellationScope.nonCancellable(async () => {
    let next = await project.takeProducts(run);
    while (next !== 'stop') next = await step(next);
  });
}

/** The failure that an activity ended with. */
function applicationFailure(error: unknown): ApplicationFailure {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  if (error.cause instanceof ApplicationFailure) return error.cause;
  return ApplicationFailure.create({ type: 'internal', message: error.cause?.message ?? error.message });
}
