import type { OdooAdapter } from './adapter';

export const odoo17: OdooAdapter = { major: 17, doneQuantityField: 'quantity', marksLevelsDone: false };
