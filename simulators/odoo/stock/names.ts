import type { Env } from '../orm/env';

/** The next reference of an operation type, e.g. WH/INT/00012. */
export function nextPickingName(env: Env, pickingType: number): string {
  const type = env.must('stock.picking.type', pickingType);
  const warehouse = env.must('stock.warehouse', type['warehouse_id']);
  const number = env.db.next(`ir.sequence,${pickingType}`);
  return `${String(warehouse['code'])}/${String(type['sequence_code'])}/${String(number).padStart(5, '0')}`;
}
