import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Database } from '../../store/db';
import { createRegistry } from '../../store/process-metrics';

/** The meters of the API's process (OPS-02, OPS-03, BI-04). No tenant in any label. */
export interface ApiMetrics {
  /** Others add theirs, e.g. `cache_hit_ratio`. */
  readonly registry: Registry;
  request(seen: { method: string; route: string; status: number; seconds: number }): void;
  /** Whether another process told its numbers. */
  peer(process: string, answered: boolean): void;
  /** Reads the sums from the database again; rejects when it does not answer. */
  refresh(db: Database): Promise<void>;
}

const hourSeconds = 3600;

export function createApiMetrics(): ApiMetrics {
  const registry = createRegistry();
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name, help, labelNames, registers });

  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const latency = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From a request until its answer was sent',
    labelNames: ['method', 'route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const outboxRows = gauge('nervio_outbox_rows', 'Outbox rows that wait to be handed over');
  const outboxOldest = gauge('nervio_outbox_oldest_seconds', 'Age of the oldest of them');
  const operations = gauge('nervio_operations', 'Operations that are not final', ['kind', 'state']);
  const queued = gauge('offline_queue_size', 'Pallet moves that have not reached Odoo: pending and waiting');
  const up = gauge('nervio_connection_up', 'Share of the outside systems of a kind that answer', ['kind']);
  const odooLatency = gauge('nervio_connection_latency_seconds', 'Of the slowest that answers', ['kind']);
  const moved = gauge('nervio_pallets_moved_last_hour', 'Pallets whose move was synced');
  const mean = gauge('nervio_operation_seconds_mean_last_hour', 'From acceptance to synced');
  const errors = gauge(
    'nervio_operation_error_ratio_last_hour',
    'Operations that need attention among those at an end',
  );
  const users = gauge('nervio_active_users', 'Users who did something in the last hour');

  const peers = gauge('nervio_metrics_peer_up', 'Whether the metrics of another process could be read', ['peer']);

  return {
    registry,
    request({ method, route, status, seconds }) {
      requests.inc({ method, route, status });
      latency.observe({ method, route }, seconds);
    },
    peer: (process, answered) => peers.set({ peer: process }, answered ? 1 : 0),
    async refresh({ definer }) {
      const [outbox, open, outside, business] = await Promise.all([
        definer.outboxStats(),
        definer.operationStats(),
        definer.connectionStats(),
        definer.businessStats(hourSeconds),
      ]);
      outboxRows.set(outbox.rows);
      outboxOldest.set(outbox.oldestSeconds);
      operations.reset();
      for (const { kind, state, rows } of open) operations.set({ kind, state }, rows);
      const waits = open.filter(
        ({ kind, state }) => kind === 'move_pallets' && (state === 'pending' || state === 'waiting'),
      );
      queued.set(waits.reduce((sum, { rows }) => sum + rows, 0));
      up.reset();
      odooLatency.reset();
      for (const { kind, total, up: answering, latencyMs } of outside) {
        up.set({ kind }, answering / total);
        if (latencyMs !== null) odooLatency.set({ kind }, latencyMs / 1000);
      }
      moved.set(business.palletsMoved);
      mean.set(business.meanSeconds);
      const ended = business.synced + business.failed;
      errors.set(ended === 0 ? 0 : business.failed / ended);
      users.set(business.activeUsers);
    },
  };
}
