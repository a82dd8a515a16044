import type { WorkerOptions } from '@temporalio/worker';
import type { TaskQueue } from '../domain/kinds';

type QueueOptions = Pick<
  WorkerOptions,
  | 'maxConcurrentActivityTaskExecutions'
  | 'maxConcurrentWorkflowTaskExecutions'
  | 'maxConcurrentLocalActivityExecutions'
  | 'maxCachedWorkflows'
  | 'shutdownGraceTime'
>;

/**
 * What a worker of each queue takes at once. Pallets: every Odoo gets at most four at a time (counted in PostgreSQL at
 * hand-over), so this bounds tenants, not load on one Odoo. System: watchers hold one activity per connection all the
 * time. The other queues get theirs with their first workflow.
 */
export const queueOptions: Partial<Record<TaskQueue, QueueOptions>> = {
  pallets: {
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: 50,
    maxCachedWorkflows: 500,
  },
  system: {
    maxConcurrentActivityTaskExecutions: 500,
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentLocalActivityExecutions: 20,
    maxCachedWorkflows: 200,
    // A watcher never ends by itself; it is resumed elsewhere.
    shutdownGraceTime: 0,
  },
};

/** The queues that have workflows. */
export const liveQueues = Object.keys(queueOptions) as TaskQueue[];
