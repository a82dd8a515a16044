import type { OperationChoice, OperationState, Outside } from './operation';

/** What a person may do now. The screen offers these and the commands accept no other. */
export function choicesOf(operation: {
  state: OperationState;
  outside: Outside;
  cancelRequested: boolean;
  /** Problems of its pallets, null = good. */
  problems: (string | null)[];
}): OperationChoice[] {
  switch (operation.state) {
    case 'pending':
    case 'syncing':
    case 'waiting':
      return operation.cancelRequested ? [] : ['cancel'];
    case 'needs_attention': {
      const bad = operation.problems.filter((problem) => problem !== null);
      const moved =
        bad.length > 0 && bad.every((problem) => problem === 'moved_since_scan' || problem === 'superseded_scan');
      const some = bad.length > 0 && bad.length < operation.problems.length && operation.outside === 'none';
      return ['again', ...(moved ? (['from_current'] as const) : []), ...(some ? (['others'] as const) : []), 'cancel'];
    }
    case 'compensating':
    case 'synced':
    case 'compensated':
    case 'cancelled':
      return [];
  }
}
