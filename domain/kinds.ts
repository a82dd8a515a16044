import type { OperationKind } from './operation';

/** Task queues are bulkheads: a dead outside system fills its own queue and no other. `system` carries our own upkeep. */
export const taskQueues = ['pallets', 'sales', 'channels', 'stock', 'legacy', 'finance', 'notify', 'system'] as const;
export type TaskQueue = (typeof taskQueues)[number];

/** How a kind of operation runs: on which queue, by which workflow. */
export const kindSpecs: Readonly<Record<OperationKind, { queue: TaskQueue; workflow: string }>> = {
  move_pallets: { queue: 'pallets', workflow: 'movePallets' },
};

/** What every operation's workflow is started with. Ids only: rows stay in PostgreSQL. */
export interface OperationRef {
  tenantId: string;
  operationId: string;
  attempt: number;
}

export function workflowIdOf(kind: OperationKind, operationId: string, attempt: number): string {
  return `${kind}-${operationId}-${attempt}`;
}
