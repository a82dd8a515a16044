export const productStates = ['on_sale', 'withdrawn', 'all'] as const;
export type ProductState = (typeof productStates)[number];

/** The filters of the product list as its address carries them. */
export interface ProductFilters {
  q: string | null;
  siteId: string | null;
  category: string | null;
  /** null = on sale. */
  state: Exclude<ProductState, 'on_sale'> | null;
}

export const noProductFilters: ProductFilters = { q: null, siteId: null, category: null, state: null };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads an address; what it does not understand is no filter. */
export function productFiltersOf(params: URLSearchParams): ProductFilters {
  const siteId = params.get('siteId')?.toLowerCase() ?? '';
  const state = params.get('state');
  return {
    q: params.get('q')?.trim().slice(0, 100) || null,
    siteId: uuid.test(siteId) ? siteId : null,
    category: params.get('category')?.trim().slice(0, 80) || null,
    state: state === 'withdrawn' || state === 'all' ? state : null,
  };
}

/** The address of these filters; without those that are not set. */
export function productSearchOf(filters: ProductFilters): string {
  const params = new URLSearchParams(productQueryOf(filters));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** What GET /products, or GET /prices, is asked for. */
export function productQueryOf({ q, siteId, category, state }: ProductFilters) {
  return {
    ...(q !== null && { q }),
    ...(siteId !== null && { siteId }),
    ...(category !== null && { category }),
    ...(state !== null && { state }),
  };
}

export const countProductFilters = (filters: ProductFilters): number =>
  Object.values(filters).filter((value) => value !== null).length;
