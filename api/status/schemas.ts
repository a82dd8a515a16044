import { Type, type Static, type TInteger } from 'typebox';
import { operationStates, type OperationState } from '../../domain/operation';
import { OutboxSchema, OverallState, PartSchema, QueueSchema } from '../health/schemas';
import { Id, Instant, Nullable } from '../schemas';

/** Everything that is not final, and what became final within the last 24 h, at the sites that the actor sees. */
export const OperationCounts = Type.Object(
  Object.fromEntries(operationStates.map((state) => [state, Type.Integer()])) as Record<OperationState, TInteger>,
);

const ConnectionHealth = Type.Object({
  id: Id(),
  kind: Type.String(),
  name: Type.String(),
  state: Type.Enum(['unknown', 'up', 'down', 'credentials', 'incompatible']),
  since: Instant,
  latencyMs: Nullable(Type.Integer()),
  serverVersion: Nullable(Type.String()),
  probedAt: Nullable(Instant),
  catalogueSyncedAt: Nullable(Instant),
  waiting: Type.Integer({ description: 'Operations that wait for it' }),
});

const Process = Type.Object({ role: Type.String(), running: Type.Integer(), since: Instant });

export const SystemStatus = Type.Object({
  status: OverallState,
  at: Instant,
  parts: Type.Array(PartSchema),
  processes: Type.Array(Process),
  queues: Type.Array(QueueSchema),
  outbox: OutboxSchema,
  connections: Type.Array(ConnectionHealth),
  operations: OperationCounts,
  lastHour: Type.Object({
    palletsMoved: Type.Integer(),
    meanSeconds: Nullable(Type.Number()),
    synced: Type.Integer(),
    failed: Type.Integer(),
    activeUsers: Type.Integer(),
  }),
  movedByHour: Type.Array(Type.Object({ from: Instant, pallets: Type.Integer() })),
});
export type SystemStatus = Static<typeof SystemStatus>;
