import { defineSignal } from '@temporalio/workflow';

/** «Look again»: it says nothing; the rows in PostgreSQL are the truth. */
export const look = defineSignal('look');
