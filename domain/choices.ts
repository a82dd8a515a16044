import { kindSpecs } from './kinds';
import type { OperationChoice, OperationKind, OperationState, Outside } from './operation';

export interface Choosable {
  kind: OperationKind;
  state: OperationState;
  outside: Outside;
  cancelRequested: boolean;
  attempt: number;
  runId: string | null;
  /** Problems of its pallets, null = good; none for what moves no pallets. */
  problems: (string | null)[];
}

/** What a person may do now. The screen offers these and the commands accept no other. */
export function choicesOf(operation: Choosable): OperationChoice[] {
  switch (kindSpecs[operation.kind].cancel) {
    case 'undo':
      return choicesOfMove(operation);
    case 'before_start':
      if (operation.state === 'needs_attention') return ['again'];
      return isUnstarted(operation) ? ['cancel'] : [];
    case 'void':
      return operation.state === 'needs_attention' ? ['again'] : [];
  }
}

/** No workflow of it has ever begun. */
function isUnstarted({ state, attempt, runId }: Choosable): boolean {
  return (state === 'pending' || state === 'waiting') && attempt === 1 && runId === null;
}

function choicesOfMove(operation: Choosable): OperationChoice[] {
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
      // An undo that came to rest: the lanes are kept until it is done, or somebody says that the move stands.
      const stands = operation.cancelRequested && operation.outside === 'present';
      return [
        'again',
        ...(moved ? (['from_current'] as const) : []),
        ...(some ? (['others'] as const) : []),
        ...(stands ? (['as_is'] as const) : []),
        'cancel',
      ];
    }
    case 'compensating':
    case 'synced':
    case 'compensated':
    case 'cancelled':
      return [];
  }
}
