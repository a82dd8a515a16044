import type { Tx } from '../../store/db';
import { levelsOfSales, reviewLowStock } from '../../store/low-stock';
import { openReceipts } from '../../store/receipts';

/**
 * One thing that follows a sale. Does, in the transaction that settles, what our own database can do, for all sales at once;
 * returns the operations that stay open until something was sent outside. It may be repeated.
 */
export type SettleStep = (tx: Tx, operationIds: readonly string[]) => Promise<string[]>;

const lowStock: SettleStep = async (tx, operationIds) => {
  await reviewLowStock(tx, await levelsOfSales(tx, operationIds));
  return [];
};

const receipts: SettleStep = async (tx, operationIds) => [
  ...new Set((await openReceipts(tx, operationIds)).map((mail) => mail.operationId)),
];

/**
 * What follows each sale, void and return. A marketplace channel is one more step: sales whose variants are mapped stay open
 * until the channel has the level (design.md §4.7).
 */
export const settleSteps: readonly SettleStep[] = [lowStock, receipts];
