import type { OdooAdapter } from './adapter';

export const odoo16: OdooAdapter = { major: 16, doneQuantityField: 'qty_done', marksLevelsDone: true };
