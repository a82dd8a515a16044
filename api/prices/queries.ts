import type { Actor } from '../../domain/access';
import { type Money, money } from '../../domain/money';
import { readCurrency } from '../../store/products';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { pageOfVariants, type ProductQuery } from '../products/queries';

export interface PriceView {
  variantId: string;
  sku: string;
  name: string;
  size: string;
  colour: string;
  category: string | null;
  /** What it costs there. */
  price: Money;
  businessPrice: Money;
  /** null = it follows the business. */
  sitePrice: Money | null;
}

/** Prices of the business, or of what a site carries. @throws NervioError not_found */
export async function listPrices(
  deps: ApiDeps,
  actor: Actor,
  query: Omit<ProductQuery, 'state'>,
): Promise<{ items: PriceView[]; nextCursor: string | null }> {
  requirePermission(actor, 'products.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const page = await pageOfVariants(tx, actor, query);
    const currency = await readCurrency(tx);
    const items = page.items.map((one) => ({
      variantId: one.id,
      sku: one.sku,
      name: one.name,
      size: one.size,
      colour: one.colour,
      category: one.category,
      price: money(one.price, currency),
      businessPrice: money(one.businessPrice, currency),
      sitePrice: one.sitePrice === null ? null : money(one.sitePrice, currency),
    }));
    return { items, nextCursor: page.nextCursor };
  });
}
