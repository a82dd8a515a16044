import { Counter, Histogram, type Registry } from 'prom-client';
import type { EndedOperation } from './db';

/** OPS-02: what became of operations, in whichever process they ended. No tenant in any label. */
export interface OperationMetrics {
  /** It came to its end or to rest, and that is committed. */
  ended(operation: EndedOperation): void;
  /** It met trouble that it waits out. */
  waits(code: string): void;
}

export function createOperationMetrics(registry: Registry): OperationMetrics {
  const registers = [registry];
  const operations = new Counter({
    name: 'picking_operations_total',
    help: 'Pallet moves that ended or came to rest, by state',
    labelNames: ['state'],
    registers,
  });
  const duration = new Histogram({
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
    ended({ kind, state, seconds, errorCode }) {
      if (kind !== 'move_pallets') return;
      operations.inc({ state });
      if (state === 'synced') duration.observe(seconds);
      if (state === 'needs_attention') failures.inc({ code: errorCode ?? 'internal' });
    },
    waits: (code) => failures.inc({ code }),
  };
}
