import type { WorkerOptions } from '@temporalio/worker';
import type { LiveQueue } from '../domain/kinds';

type QueueOptions = Pick<
  WorkerOptions,
  | 'maxConcurrentActivityTaskExecutions'
  | 'maxConcurrentWorkflowTaskExecutions'
  | 'maxConcurrentLocalActivityExecutions'
  | 'maxCachedWorkflows'
  | 'shutdownGraceTime'
  | 'maxHeartbeatThrottleInterval'
>;

/**
 * What a worker of each queue takes at once. Pallets: every Odoo gets at most four at a time (counted in PostgreSQL at
 * hand-over), so this bounds tenants, not load on one Odoo. System: watchers hold one activity per connection all the
 * time.
 */
export const queueOptions: Readonly<Record<LiveQueue, QueueOptions>> = {
  pallets: {
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: 50,
    maxCachedWorkflows: 500,
    // With a heartbeat a worker hears that a workflow was terminated, or that its step was given to another worker.
    maxHeartbeatThrottleInterval: '3s',
  },
  // Under load a workflow has hundreds of sales: few at a time are enough, and each takes a connection of the pool.
  sales: {
    maxConcurrentActivityTaskExecutions: 20,
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentLocalActivityExecutions: 4,
    maxCachedWorkflows: 200,
  },
  // Imports and price syncs: long, and each business has one at a time.
  stock: {
    maxConcurrentActivityTaskExecutions: 4,
    maxConcurrentWorkflowTaskExecutions: 10,
    maxConcurrentLocalActivityExecutions: 10,
    maxCachedWorkflows: 100,
    // A cancel or a termination is heard with a heartbeat.
    maxHeartbeatThrottleInterval: '3s',
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
