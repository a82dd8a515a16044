import { Type } from 'typebox';
import { operationKinds, operationStates, retryChoices } from '../../domain/operation';
import { Id, Input, Instant, Nullable, PageQuery } from '../schemas';

export const State = Type.Enum([...operationStates]);
export const Kind = Type.Enum([...operationKinds]);

const Named = Type.Object({ id: Id(), name: Type.String() });

const OperationErrorSchema = Type.Object({
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  lines: Type.Optional(
    Type.Array(
      Type.Object({
        code: Type.String(),
        problem: Type.String(),
        foundLocation: Type.Optional(Nullable(Type.String())),
      }),
    ),
  ),
});

const summary = {
  id: Id(),
  number: Type.Integer({ description: 'The number that people see: NV-<number>' }),
  kind: Kind,
  state: State,
  step: Type.String(),
  attempt: Type.Integer(),
  version: Type.Integer({ description: 'Rises with every change' }),
  site: Nullable(Named),
  createdBy: Nullable(Named),
  createdAt: Instant,
  updatedAt: Instant,
  error: Nullable(OperationErrorSchema),
  pallets: Type.Object({ count: Type.Integer(), codes: Type.Array(Type.String()) }),
  destination: Nullable(Type.Object({ id: Id(), name: Type.String(), barcode: Nullable(Type.String()) })),
  subject: Nullable(
    Type.Object(
      {
        id: Id(),
        label: Type.String({ description: 'A sale: its till and number; an import: its file; prices: from → to' }),
        document: Nullable(
          Type.Object(
            { register: Type.String(), number: Type.Integer() },
            { description: 'Of a sale, a void or a return' },
          ),
        ),
        count: Type.Integer({ description: 'Lines of a sale, rows of a file, prices' }),
        total: Nullable(Type.Object({ amount: Type.Integer(), currency: Type.String() })),
      },
      { description: 'What it is about when it moves no pallets' },
    ),
  ),
  cancelRequested: Type.Boolean(),
};

export const OperationSummarySchema = Type.Object(summary);

export const OperationDetailSchema = Type.Object({
  ...summary,
  workflowId: Nullable(Type.String()),
  runId: Nullable(Type.String()),
  temporalUrl: Nullable(Type.String()),
  endedAt: Nullable(Instant),
  lanesAhead: Type.Integer({ description: 'In how many lanes somebody stands ahead' }),
  choices: Type.Array(Type.Enum([...retryChoices, 'cancel'])),
  replacedBy: Nullable(Id()),
  reference: Nullable(Type.String({ description: 'Name of the transfer in Odoo' })),
  scannedAt: Nullable(Instant),
  lines: Type.Array(
    Type.Object({
      code: Type.String(),
      weightKg: Nullable(Type.Number()),
      from: Nullable(Named),
      found: Nullable(Named),
      problem: Nullable(Type.String()),
    }),
  ),
  timeline: Type.Array(
    Type.Object({
      id: Type.String(),
      at: Instant,
      attempt: Type.Integer(),
      step: Type.String(),
      state: State,
      code: Type.String(),
      data: Nullable(Type.Record(Type.String(), Type.Unknown())),
      actor: Nullable(Type.String()),
    }),
  ),
});

export const OperationListQuery = Type.Object({
  ...PageQuery,
  kind: Type.Optional(Kind),
  state: Type.Optional(State),
  siteId: Type.Optional(Id()),
  userId: Type.Optional(Id('Who made it')),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  q: Type.Optional(
    Type.String({
      maxLength: 64,
      pattern: '^[^\\u0000]*$',
      description: "A pallet's code or its beginning, or the number of an operation or a sale",
    }),
  ),
});

export const RetryBody = Input({ choice: Type.Optional(Type.Enum([...retryChoices])) });
export const OperationAnswerSchema = Type.Object({ operationId: Id(), state: State });
