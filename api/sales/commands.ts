import type { Actor } from '../../domain/access';
import { type CommandResult, fingerprintOf } from '../command';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import type { AcceptedSale, NewSale } from './schemas';

/**
 * SALE-01: sells a cart. What comes back is committed.
 * @throws NervioError insufficient_stock, register_closed, price_changed and the other refusals of batch.ts and domain/cart.ts;
 *   forbidden, command_in_progress, idempotency_key_reused as every command
 */
export async function makeSale(
  deps: Pick<ApiDeps, 'checkout'>,
  actor: Actor,
  input: NewSale,
  key: string,
): Promise<CommandResult<AcceptedSale>> {
  requirePermission(actor, 'sales.make');
  const fingerprint = fingerprintOf({ method: 'POST', path: '/api/v1/sales', body: input });
  const ids = {
    siteId: input.siteId.toLowerCase(),
    registerId: input.registerId.toLowerCase(),
    ...(input.ticketId != null && { ticketId: input.ticketId.toLowerCase() }),
  };
  return deps.checkout.sell({ actor, input: { ...input, ...ids }, key, fingerprint });
}
