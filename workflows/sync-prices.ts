import type { OperationRef } from '../domain/kinds';
import { runOnProducts } from './products';
import { defaultTiming, type Timing } from './profiles';

/** INV-14: brings frozen prices to other sites; a cancel restores those that are there. */
export const syncPrices = (ref: OperationRef, timing: Timing = defaultTiming): Promise<void> =>
  runOnProducts(ref, timing, 'syncPrices', 'restorePrices');
