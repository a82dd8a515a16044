/**
 * The one idea: every business operation is one of these, whatever its kind (docs/architecture.md).
 * States and their moves are data; `operation.test.ts` proves that every state is reachable and every end is an end.
 */
export const operationStates = [
  'pending',
  'syncing',
  'waiting',
  'needs_attention',
  'compensating',
  'synced',
  'compensated',
  'cancelled',
] as const;

export type OperationState = (typeof operationStates)[number];

/** From → to. `pending → waiting` is parking while the connection is down: docs/decisions/003-parked-operations.md. */
export const operationMoves: Readonly<Record<OperationState, readonly OperationState[]>> = {
  pending: ['syncing', 'waiting', 'needs_attention', 'cancelled'],
  syncing: ['synced', 'waiting', 'needs_attention', 'compensating', 'pending'],
  waiting: ['syncing', 'compensating', 'pending', 'needs_attention', 'cancelled'],
  needs_attention: ['pending', 'compensating', 'cancelled'],
  compensating: ['compensated', 'cancelled', 'needs_attention', 'pending'],
  synced: [],
  compensated: [],
  cancelled: [],
};

export const finalStates: readonly OperationState[] = ['synced', 'compensated', 'cancelled'];

export function canMove(from: OperationState, to: OperationState): boolean {
  return operationMoves[from].includes(to);
}

/** The states from which `to` can be entered. */
export function sourcesOf(to: OperationState): OperationState[] {
  return operationStates.filter((from) => canMove(from, to));
}

/** What may be left in the outside system: nothing; perhaps something (a create was sent, its outcome is unknown); something. */
export type Outside = 'none' | 'maybe' | 'present';

export const operationKinds = [
  'move_pallets',
  'sale',
  'void_sale',
  'return_sale',
  'import_products',
  'undo_import',
  'sync_prices',
] as const;
export type OperationKind = (typeof operationKinds)[number];

/** What a person may do with an operation that asks for attention. */
export const retryChoices = ['again', 'from_current', 'others', 'as_is'] as const;
export type RetryChoice = (typeof retryChoices)[number];
/**
 * `again` = retry; `from_current` = «mover desde donde está ahora»; `others` = «mover los demás»; `as_is` = «dejar como está»:
 * the cancel is taken back, and the move stands.
 */
export type OperationChoice = RetryChoice | 'cancel';

/** The error that an operation shows: a code of domain/errors.ts, its parameters, and the pallets that it is about. */
export interface OperationError {
  code: string;
  /** Technical text for ops, never for the worker's first line. */
  detail?: string;
  lines?: { code: string; problem: string; foundLocation?: string | null }[];
}

export interface OperationSummary {
  id: string;
  number: number;
  kind: OperationKind;
  state: OperationState;
  step: string;
  attempt: number;
  version: number;
  site: { id: string; name: string } | null;
  createdBy: { id: string; name: string } | null;
  createdAt: string;
  updatedAt: string;
  error: OperationError | null;
  /** For a move: how many pallets, the first codes, and the destination. */
  pallets: { count: number; codes: string[] };
  destination: { id: string; name: string; barcode: string | null } | null;
  /** What it is about when it moves no pallets. */
  subject: OperationSubject | null;
  cancelRequested: boolean;
}

/**
 * A sale by its till and number («Caja 1 · N° 123»), an import by its file, a price synchronisation by its sites
 * («Providencia → Maipú»). `id` is the document's own; `count` its lines, rows or prices.
 */
export interface OperationSubject {
  id: string;
  label: string;
  /** Of a sale, a void or a return. */
  document: { register: string; number: number } | null;
  count: number;
  total: { amount: number; currency: string } | null;
}

export interface TimelineEntry {
  id: string;
  at: string;
  attempt: number;
  step: string;
  state: OperationState;
  /** Code of the business sentence (i18n key `timeline.<code>`), with its parameters in `data`. */
  code: string;
  data: Record<string, unknown> | null;
  actor: string | null;
}

export interface OperationDetail extends OperationSummary {
  workflowId: string | null;
  runId: string | null;
  temporalUrl: string | null;
  endedAt: string | null;
  lanesAhead: number;
  choices: OperationChoice[];
  replacedBy: string | null;
  /** The name of the transfer in Odoo, once there may be one. */
  reference: string | null;
  scannedAt: string | null;
  lines: {
    code: string;
    weightKg: number | null;
    from: { id: string; name: string } | null;
    found: { id: string; name: string } | null;
    problem: string | null;
  }[];
  timeline: TimelineEntry[];
}

/** What the live feed says of a change; may repeat, `version` orders them. */
export interface OperationChange {
  operationId: string;
  number: number;
  kind: OperationKind;
  state: OperationState;
  step: string;
  attempt: number;
  version: number;
  siteId: string | null;
  at: string;
  code: string;
}
