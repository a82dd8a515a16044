import type { OdooTransport } from '../transport';

/** What differs between the versions in the flows that we use. Everything else is the same in 16, 17 and 18 (recorded). */
export interface OdooAdapter {
  readonly major: 16 | 17 | 18;
  /** The quantity done of a stock move line. */
  readonly doneQuantityField: 'qty_done' | 'quantity';
  /**
   * Before `button_validate`: whether each package level must be marked as done. 16 would otherwise ask by a wizard
   * (`stock.immediate.transfer`); 17 and 18 take everything when nothing was picked.
   */
  readonly marksLevelsDone: boolean;
  /** Removes reservations that no open move holds; absent where Odoo offers no way over RPC. */
  readonly repairReservations?: (transport: OdooTransport, signal?: AbortSignal) => Promise<void>;
}
