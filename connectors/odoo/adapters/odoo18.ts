import type { OdooAdapter } from './adapter';

export const odoo18: OdooAdapter = {
  major: 18,
  doneQuantityField: 'quantity',
  marksLevelsDone: false,
  // Opening the stock report runs `_quant_tasks`, which in 18 cleans reservations too (recordings ghost-01…07).
  repairReservations: async (transport, signal) => {
    await transport.call('write', 'stock.quant', 'action_view_quants', [], {}, signal);
  },
};
