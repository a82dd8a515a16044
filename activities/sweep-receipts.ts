import type { Database, Tx } from '../store/db';
import { endTry, mailWorkflowId, quietMails, readOpenReceipt, startMail } from '../store/receipts';
import type { WorkflowState } from './sweep';

/** Looked at in one round, of a business. */
const most = 50;

/**
 * Receipts whose workflow Temporal has lost begin anew; one that a person stopped is given up, and its sale says so.
 * @returns how many it brought back
 */
export async function sweepReceipts(
  db: Database,
  describe: (workflowId: string, runId: string | null) => Promise<WorkflowState>,
  quietMs: number,
): Promise<number> {
  let swept = 0;
  for (const tenantId of await db.definer.listTenants()) {
    for (const mailId of await db.withTenant(tenantId, (tx) => quietMails(tx, quietMs, most))) {
      const state = await describe(mailWorkflowId(mailId), null);
      if (state === 'running') continue;
      if (await db.withTenant(tenantId, (tx) => bringBack(tx, mailId, state))) swept++;
    }
  }
  return swept;
}

async function bringBack(tx: Tx, mailId: string, state: WorkflowState): Promise<boolean> {
  if ((await readOpenReceipt(tx, mailId)) === null) return false;
  if (state === 'terminated') await endTry(tx, mailId, { end: 'refused', reason: 'stopped_by_person' });
  else await startMail(tx, mailId);
  return true;
}
