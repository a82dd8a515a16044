import type { OperationRef } from '../domain/kinds';
import { runOnProducts } from './products';
import { defaultTiming, type Timing } from './profiles';

/** Applies a file of products that a person has looked through; a cancel takes back the rows that are in. */
export const importProducts = (ref: OperationRef, timing: Timing = defaultTiming): Promise<void> =>
  runOnProducts(ref, timing, 'applyImport', 'takeBackImport');

/** Takes an applied file back: what it changed is as before, but for what somebody has changed since. */
export const undoImport = (ref: OperationRef, timing: Timing = defaultTiming): Promise<void> =>
  runOnProducts(ref, timing, 'takeBackImport', null);
