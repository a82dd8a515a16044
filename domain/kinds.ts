import type { OperationKind } from './operation';

/** Task queues are bulkheads: a dead outside system fills its own queue and no other. `system` carries our own upkeep. */
export const taskQueues = ['pallets', 'sales', 'channels', 'stock', 'legacy', 'finance', 'notify', 'system'] as const;
export type TaskQueue = (typeof taskQueues)[number];

/** Those on which workflows run so far: each has a worker, and is missed when nobody works there. */
export const liveQueues = ['pallets', 'sales', 'stock', 'system'] as const satisfies readonly TaskQueue[];
export type LiveQueue = (typeof liveQueues)[number];

/** Kinds that people speak of in the same words. */
export type KindFamily = 'move' | 'sale' | 'catalogue';

/**
 * What it means to cancel. `undo`: what was done outside is looked for and undone. `before_start`: only what no workflow has
 * taken yet; what was done by then is undone by an operation of its own. `void`: its rows were written when it was accepted,
 * so it is undone by a void or a return (422 `use_void`).
 */
export type CancelMeaning = 'undo' | 'before_start' | 'void';

export interface KindSpec {
  queue: TaskQueue;
  workflow: string;
  family: KindFamily;
  cancel: CancelMeaning;
  /** Many are handed over as one workflow when many wait (design.md §4.6); its queue carries nothing else. */
  batched?: true;
}

/** How a kind of operation runs: on which queue, by which workflow; and what a person may do with it. */
export const kindSpecs: Readonly<Record<OperationKind, KindSpec>> = {
  move_pallets: { queue: 'pallets', workflow: 'movePallets', family: 'move', cancel: 'undo' },
  sale: { queue: 'sales', workflow: 'settleSales', family: 'sale', cancel: 'void', batched: true },
  void_sale: { queue: 'sales', workflow: 'settleSales', family: 'sale', cancel: 'void', batched: true },
  return_sale: { queue: 'sales', workflow: 'settleSales', family: 'sale', cancel: 'void', batched: true },
  import_products: { queue: 'stock', workflow: 'importProducts', family: 'catalogue', cancel: 'undo' },
  undo_import: { queue: 'stock', workflow: 'undoImport', family: 'catalogue', cancel: 'before_start' },
  sync_prices: { queue: 'stock', workflow: 'syncPrices', family: 'catalogue', cancel: 'undo' },
};

/** What every operation's workflow is started with. Ids only: rows stay in PostgreSQL. */
export interface OperationRef {
  tenantId: string;
  operationId: string;
  attempt: number;
}

/** The queues whose work comes in batches. */
export const batchQueues: readonly TaskQueue[] = taskQueues.filter((queue) =>
  Object.values(kindSpecs).some((spec) => spec.batched && spec.queue === queue),
);

/** What the workflow of several operations of one tenant is started with. */
export interface OperationBatch {
  tenantId: string;
  /** Id and attempt of each. */
  members: [operationId: string, attempt: number][];
}

export function workflowIdOf(kind: OperationKind, operationId: string, attempt: number): string {
  return `${kind}-${operationId}-${attempt}`;
}
