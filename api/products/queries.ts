import { type Actor, seesCost } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { money } from '../../domain/money';
import type { ListedVariant, ScannedVariant, VariantView } from '../../domain/product';
import type { Tx } from '../../store/db';
import { imagesOfProduct } from '../../store/product-images';
import {
  availableAt,
  codesOfProduct,
  findByCode,
  findProduct,
  findVariants,
  listCategories as readCategories,
  readCurrency,
  sitesOfProduct,
  stockAt,
  type VariantRecord,
  variantsOfProduct,
} from '../../store/products';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { visibleSite } from '../sites/queries';
import type { ProductDetail } from './schemas';

export interface ProductQuery {
  q?: string;
  siteId?: string;
  category?: string;
  state?: 'on_sale' | 'withdrawn' | 'all';
  cursor?: string;
  limit?: number;
}

export interface VariantPage {
  items: ListedVariant[];
  nextCursor: string | null;
}

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const imageUrl = (id: string): string => `/api/v1/images/${id}`;

export const viewOf = (record: VariantRecord, currency: string): VariantView => ({
  id: record.id,
  productId: record.productId,
  sku: record.sku,
  name: record.name,
  size: record.size,
  colour: record.colour,
  colourHex: record.colourHex,
  category: record.category,
  unit: record.unit,
  taxRate: record.taxRate,
  price: money(record.price, currency),
  retailPrice: record.retailPrice === null ? null : money(record.retailPrice, currency),
  barcodes: record.barcodes,
  imageUrl: record.imageId === null ? null : imageUrl(record.imageId),
  active: record.active,
  version: record.version,
});

/** A page of variants as the store has them, for whoever makes a view of their own of them. @throws NervioError not_found */
export async function pageOfVariants(
  tx: Tx,
  actor: Actor,
  query: ProductQuery,
): Promise<{ items: VariantRecord[]; nextCursor: string | null }> {
  const { q, siteId, category, state = 'on_sale', cursor, limit = 50 } = query;
  const [after] = cursor === undefined ? [] : readCursor(cursor, [uuid]);
  if (siteId !== undefined) await visibleSite(tx, actor, siteId);
  const words = q?.trim() ?? '';
  const variants = await findVariants(tx, {
    ...(words !== '' && { q: words }),
    ...(siteId !== undefined && { siteId }),
    ...(category !== undefined && { category }),
    ...(state !== 'all' && { onSale: state === 'on_sale' }),
    ...(after !== undefined && { after }),
    limit: limit + 1,
  });
  return pageOf(variants, limit, (last) => writeCursor(last.id));
}

/** Sellable variants by name, at a site with what it can sell of them. `q`: words or their beginnings, a SKU, a code; accents do not matter. @throws NervioError not_found */
export async function listProducts(deps: ApiDeps, actor: Actor, query: ProductQuery): Promise<VariantPage> {
  requirePermission(actor, 'products.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const page = await pageOfVariants(tx, actor, query);
    const currency = await readCurrency(tx);
    const ids = page.items.map(({ id }) => id);
    const available = query.siteId === undefined ? new Map<string, string>() : await availableAt(tx, query.siteId, ids);
    const items = page.items.map((one) => ({ ...viewOf(one, currency), available: available.get(one.id) ?? null }));
    return { items, nextCursor: page.nextCursor };
  });
}

export async function listCategories(
  deps: ApiDeps,
  actor: Actor,
): Promise<{ items: { name: string }[]; nextCursor: null }> {
  requirePermission(actor, 'products.read');
  const names = await deps.db.withTenant(actor.tenantId, readCategories);
  return { items: names.map((name) => ({ name })), nextCursor: null };
}

/** CAT-03: a scanned barcode, supplier code or SKU. @throws NervioError unknown_code, not_found */
export async function scanProduct(
  deps: ApiDeps,
  actor: Actor,
  code: string,
  query: { siteId?: string },
): Promise<ScannedVariant> {
  requirePermission(actor, 'products.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const siteId = query.siteId ?? null;
    if (siteId !== null) await visibleSite(tx, actor, siteId);
    const found = await findByCode(tx, code, siteId);
    if (found === null) throw new NervioError('unknown_code', { scanned: code });
    const nothing = siteId === null ? null : '0.000';
    const stock = siteId === null ? null : await stockAt(tx, siteId, found.id);
    return {
      ...viewOf(found, await readCurrency(tx)),
      onHand: stock?.onHand ?? nothing,
      available: stock?.available ?? nothing,
      stale: false,
    };
  });
}

/** @throws NervioError not_found */
export async function getProduct(deps: ApiDeps, actor: Actor, id: string): Promise<ProductDetail> {
  requirePermission(actor, 'products.read');
  return deps.db.withTenant(actor.tenantId, (tx) => productDetail(tx, actor, id));
}

/** @throws NervioError not_found */
export async function productDetail(tx: Tx, actor: Actor, id: string): Promise<ProductDetail> {
  const product = await findProduct(tx, id);
  if (product === null) throw new NervioError('not_found');
  const variants = await variantsOfProduct(tx, id);
  const codes = await codesOfProduct(tx, id);
  const sites = await sitesOfProduct(tx, id, actor.siteIds);
  const images = await imagesOfProduct(tx, id);
  const currency = await readCurrency(tx);
  const amount = (value: number | null) => (value === null ? null : money(value, currency));
  return {
    id,
    name: product.name,
    category: product.category,
    description: product.description,
    unit: product.unit,
    taxRate: product.taxRate,
    withdrawnAt: product.withdrawnAt?.toISOString() ?? null,
    version: product.version,
    createdAt: product.createdAt.toISOString(),
    updatedAt: product.updatedAt.toISOString(),
    images: images.map((image) => ({
      id: image.id,
      url: imageUrl(image.id),
      contentType: image.contentType,
      bytes: image.bytes,
    })),
    variants: variants.map((variant) => ({
      ...viewOf(variant, currency),
      cost: seesCost(actor) ? money(variant.cost, currency) : null,
      minStock: variant.minStock,
      maxStock: variant.maxStock,
      codes: codes
        .filter(({ variantId }) => variantId === variant.id)
        .map(({ code, kind, supplier }) => ({ code, kind, supplier })),
      sites: sites
        .filter(({ variantId }) => variantId === variant.id)
        .map((site) => ({
          siteId: site.siteId,
          siteName: site.siteName,
          price: amount(site.price),
          onHand: site.onHand,
          available: site.available,
          minStock: site.minStock,
          maxStock: site.maxStock,
        })),
    })),
  };
}
