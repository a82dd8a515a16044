import { float, integer, optionalReference, optionalText, records, reference, text } from './records';
import type { OdooRecord } from './records';
import type { OdooTransport } from './transport';

/** What lies on a package. Its id changes with every move: never keep it. */
export interface OdooQuant {
  id: number;
  productId: number;
  productName: string;
  productCode: string | null;
  lot: string | null;
  /** In `uom`; Odoo rounds kg to two decimals, but sums carry noise in the last digits. */
  quantity: number;
  reservedQuantity: number;
  uom: string;
  locationId: number;
}

export interface OdooPackage {
  id: number;
  /** What the label says. Not unique in Odoo. */
  name: string;
  /** Null when it is empty, or spread over several places: look at the quants. */
  locationId: number | null;
  locationName: string | null;
  quants: OdooQuant[];
}

/**
 * How much of a package is read, each a call more than the one before: its place only (no quants), its contents (products
 * by what Odoo shows of them), the products' own names and codes too.
 */
export type PackageDetail = 'place' | 'contents' | 'products';

/** All packages with one of these names, in order of id. One to three calls, whatever the number of names. */
export async function findPackages(
  transport: OdooTransport,
  names: readonly string[],
  signal?: AbortSignal,
  detail: PackageDetail = 'products',
): Promise<OdooPackage[]> {
  if (names.length === 0) return [];
  return readPackages(transport, [['name', 'in', [...new Set(names)]]], { detail }, signal);
}

/** A page of packages with contents, for filling a cache: ids above `afterId`, at most `limit`. */
export async function listPackages(
  transport: OdooTransport,
  page: { afterId: number; limit: number },
  signal?: AbortSignal,
): Promise<OdooPackage[]> {
  // Odoo takes a limit of 0 as "no limit".
  const limit = Math.max(1, Math.floor(page.limit));
  return readPackages(transport, [['id', '>', page.afterId]], { limit, detail: 'products' }, signal);
}

async function readPackages(
  transport: OdooTransport,
  domain: readonly unknown[],
  options: { limit?: number; detail: PackageDetail },
  signal?: AbortSignal,
): Promise<OdooPackage[]> {
  const { detail, ...page } = options;
  const rows = records(
    await transport.call(
      'read',
      'stock.quant.package',
      'search_read',
      [domain],
      { fields: ['name', 'location_id'], order: 'id', ...page },
      signal,
    ),
    'stock.quant.package',
  );
  if (rows.length === 0) return [];
  const ids = rows.map((row) => integer(row, 'id'));
  const quants = detail === 'place' ? new Map<number, OdooQuant[]>() : await readQuants(transport, ids, detail, signal);
  return rows.map((row) => {
    const id = integer(row, 'id');
    const location = optionalReference(row, 'location_id');
    return {
      id,
      name: text(row, 'name'),
      locationId: location?.id ?? null,
      locationName: location?.name ?? null,
      quants: quants.get(id) ?? [],
    };
  });
}

async function readQuants(
  transport: OdooTransport,
  packageIds: number[],
  detail: PackageDetail,
  signal?: AbortSignal,
): Promise<Map<number, OdooQuant[]>> {
  const rows = records(
    await transport.call(
      'read',
      'stock.quant',
      'search_read',
      [[['package_id', 'in', packageIds]]],
      {
        fields: [
          'product_id',
          'quantity',
          'reserved_quantity',
          'location_id',
          'package_id',
          'lot_id',
          'product_uom_id',
        ],
        order: 'id',
      },
      signal,
    ),
    'stock.quant',
  ).filter((row) => float(row, 'quantity') !== 0 || float(row, 'reserved_quantity') !== 0); // Conflicts leave empty rows behind (ghost-01).
  const productIds = detail === 'products' ? [...new Set(rows.map((row) => reference(row, 'product_id').id))] : [];
  const products = await readProducts(transport, productIds, signal);

  const byPackage = new Map<number, OdooQuant[]>();
  for (const row of rows) {
    const packageId = reference(row, 'package_id').id;
    const quants = byPackage.get(packageId) ?? [];
    quants.push(toQuant(row, products));
    byPackage.set(packageId, quants);
  }
  return byPackage;
}

type Products = Map<number, { name: string; code: string | null }>;

async function readProducts(transport: OdooTransport, ids: number[], signal?: AbortSignal): Promise<Products> {
  if (ids.length === 0) return new Map();
  const rows = records(
    await transport.call('read', 'product.product', 'read', [ids, ['name', 'default_code']], {}, signal),
    'product.product',
  );
  return new Map(
    rows.map((row) => [integer(row, 'id'), { name: text(row, 'name'), code: optionalText(row, 'default_code') }]),
  );
}

function toQuant(row: OdooRecord, products: Products): OdooQuant {
  const product = reference(row, 'product_id');
  const known = products.get(product.id);
  return {
    id: integer(row, 'id'),
    productId: product.id,
    productName: known?.name ?? product.name,
    productCode: known?.code ?? null,
    lot: optionalReference(row, 'lot_id')?.name ?? null,
    quantity: float(row, 'quantity'),
    reservedQuantity: float(row, 'reserved_quantity'),
    uom: optionalReference(row, 'product_uom_id')?.name ?? '',
    locationId: reference(row, 'location_id').id,
  };
}
