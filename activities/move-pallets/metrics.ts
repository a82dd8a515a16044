import { Counter, Histogram, type Registry } from 'prom-client';
import type { Tx } from '../../store/db';
import type { OperationRow } from '../../store/operations';

/** OPS-02. No tenant in any label. */
export interface MoveMetrics {
  ended(tx: Tx, operation: OperationRow): Promise<void>;
  error(code: string): void;
}

export function createMoveMetrics(registry: Registry): MoveMetrics {
  const registers = [registry];
  const operations = new Counter({
    name: 'picking_operations_total',
    help: 'Pallet moves that ended or came to rest, by state',
    labelNames: ['state'],
    registers,
  });
  const seconds = new Histogram({
    name: 'picking_operation_duration_seconds',
    help: 'From the acceptance of a pallet move until it was synced in Odoo',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200],
    registers,
  });
  const failures = new Counter({
    name: 'picking_errors_total',
    help: 'Failures of pallet moves, by code of the error catalogue',
    labelNames: ['code'],
    registers,
  });
  return {
    async ended(tx, operation) {
      operations.inc({ state: operation.state });
      if (operation.state !== 'synced') return;
      const [row] = await tx.query<{ seconds: number }>(
        `SELECT extract(epoch FROM clock_timestamp() - created_at)::float8 AS seconds FROM operation
         WHERE tenant_id = $1::uuid AND id = $2::uuid`,
        [tx.tenantId, operation.id],
      );
      if (row) seconds.observe(row.seconds);
    },
    error: (code) => failures.inc({ code }),
  };
}
