import { CancellationScope, log, proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { ReceiptActivities } from '../activities/settle-sales/receipts';
import type { SalesProjections, SalesRun } from '../activities/settle-sales/projections';
import type { OperationBatch, OperationRef } from '../domain/kinds';
import { defaultTiming, mail, projection, type Timing } from './profiles';

const project = proxyLocalActivities<SalesProjections>(projection);

const batchOf = (input: OperationRef | OperationBatch): OperationBatch =>
  'members' in input ? input : { tenantId: input.tenantId, members: [[input.operationId, input.attempt]] };

/**
 * What follows sales, voids and returns: warnings of low stock, then the receipts by mail. One sale in a quiet shop, some
 * hundreds of one tenant under load. Those with nothing to send are synced at once; a mail that cannot go now holds up
 * nobody: its sale waits with a new attempt of its own for the mail server to come back.
 */
export async function settleSales(input: OperationRef | OperationBatch, timing: Timing = defaultTiming): Promise<void> {
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const run: SalesRun = { ...batchOf(input), workflowId, runId };
  const { sendReceipts } = proxyActivities<ReceiptActivities>(mail(timing));

  // Cancelling from the Temporal UI must not leave sales half-settled; terminating is for ops.
  await CancellationScope.nonCancellable(async () => {
    const taken = await project.takeSales(run);
    if (taken === 0) return;
    const open = await project.settleSales(run);
    if (open > 0) await sendReceipts({ run, wakeMs: timing.wakeMs });
    log.info('Sales settled', { taken, open });
  });
}
