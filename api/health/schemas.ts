import { Type } from 'typebox';
import { taskQueues } from '../../domain/kinds';
import { Instant, Nullable } from '../schemas';

export const OverallState = Type.Enum(['up', 'degraded', 'down']);
const State = Type.Enum(['up', 'degraded', 'down', 'unknown']);
const Latency = Nullable(Type.Number({ description: 'ms' }));

export const PartSchema = Type.Object({
  name: Type.String(),
  state: State,
  latencyMs: Latency,
  detail: Nullable(Type.String()),
  since: Instant,
  probedAt: Nullable(Instant),
});

export const QueueSchema = Type.Object({
  name: Type.Enum([...taskQueues]),
  pollers: Type.Integer(),
  backlog: Type.Integer(),
});

export const OutboxSchema = Nullable(Type.Object({ rows: Type.Integer(), oldestSeconds: Type.Number() }));

const Outside = Type.Object({
  kind: Type.String(),
  state: State,
  total: Type.Integer(),
  up: Type.Integer(),
  down: Type.Integer(),
  toMend: Type.Integer({ description: 'They answer, but a person has to mend the connection' }),
  latencyMs: Latency,
  since: Instant,
  probedAt: Nullable(Instant),
});

export const HealthSchema = Type.Object({
  status: OverallState,
  at: Instant,
  parts: Type.Array(PartSchema),
  queues: Type.Array(QueueSchema),
  outbox: OutboxSchema,
  outside: Type.Array(Outside),
});
