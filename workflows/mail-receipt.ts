import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { ReceiptActivities } from '../activities/settle-sales/receipts';
import { defaultTiming, lateMail, type Timing } from './profiles';

/** A receipt that a customer asked for after the sale: tried until it has an end, or the customer has given up. */
export async function mailReceipt(
  input: { tenantId: string; mailId: string },
  timing: Timing = defaultTiming,
): Promise<void> {
  const { sendOneReceipt } = proxyActivities<ReceiptActivities>(lateMail(timing));
  await CancellationScope.nonCancellable(() => sendOneReceipt(input));
}
