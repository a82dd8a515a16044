import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { WorkflowState } from '../activities/sweep';

/** What Temporal knows of a workflow's run, for the sweep. Throws when Temporal does not answer: then nothing is swept. */
export async function describeWorkflow(
  client: Client,
  workflowId: string,
  runId: string | null,
): Promise<WorkflowState> {
  try {
    const { status } = await client.workflow.getHandle(workflowId, runId ?? undefined).describe();
    switch (status.name) {
      case 'RUNNING':
      case 'CONTINUED_AS_NEW':
        return 'running';
      case 'TERMINATED':
        return 'terminated';
      default:
        return 'closed';
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
}
