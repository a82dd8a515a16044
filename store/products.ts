import type { CodeKind, ProductUnit } from '../domain/product';
import type { Tx } from './db';

/** A variant with its product, as lists show it. Amounts in minor units of the business's currency. */
export interface VariantRecord {
  id: string;
  productId: string;
  sku: string;
  name: string;
  size: string;
  colour: string;
  colourHex: string | null;
  category: string | null;
  unit: ProductUnit;
  taxRate: number;
  /** At the site that was asked for, else the business's. */
  price: number;
  businessPrice: number;
  /** The site's own; null = it follows the business. */
  sitePrice: number | null;
  retailPrice: number | null;
  cost: number;
  minStock: string | null;
  maxStock: string | null;
  barcodes: string[];
  imageId: string | null;
  active: boolean;
  version: number;
}

interface VariantRow {
  id: string;
  product_id: string;
  sku: string;
  name: string;
  size: string;
  colour: string;
  hex: string | null;
  category: string | null;
  unit: ProductUnit;
  tax_rate: number;
  price: bigint;
  site_price: bigint | null;
  retail_price: bigint | null;
  cost: bigint;
  min_stock: string | null;
  max_stock: string | null;
  barcodes: string[];
  image_id: string | null;
  active: boolean;
  version: number;
}

const amountOrNull = (value: bigint | null): number | null => (value === null ? null : Number(value));

const variantOf = (row: VariantRow): VariantRecord => ({
  id: row.id,
  productId: row.product_id,
  sku: row.sku,
  name: row.name,
  size: row.size,
  colour: row.colour,
  colourHex: row.hex,
  category: row.category,
  unit: row.unit,
  taxRate: row.tax_rate,
  price: Number(row.site_price ?? row.price),
  businessPrice: Number(row.price),
  sitePrice: amountOrNull(row.site_price),
  retailPrice: amountOrNull(row.retail_price),
  cost: Number(row.cost),
  minStock: row.min_stock,
  maxStock: row.max_stock,
  barcodes: row.barcodes,
  imageId: row.image_id,
  active: row.active,
  version: row.version,
});

/** Of `v` with its product, size and colour; `$2` is the site whose price counts, or null. */
const variantColumns = `v.id, v.product_id, v.sku, p.name, s.name AS size, c.name AS colour, c.hex, p.category, p.unit,
  p.tax_rate::float8 AS tax_rate, v.price, o.price AS site_price, v.retail_price, v.cost, v.min_stock::text, v.max_stock::text,
  ARRAY(SELECT k.code FROM variant_code k WHERE k.tenant_id = v.tenant_id AND k.variant_id = v.id AND k.kind = 'barcode' ORDER BY k.code) AS barcodes,
  (SELECT i.id FROM product_image i WHERE i.tenant_id = v.tenant_id AND i.product_id = v.product_id ORDER BY i.position LIMIT 1) AS image_id,
  v.active AND p.withdrawn_at IS NULL AS active, v.version`;

const variantJoins = `JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
  JOIN size s ON s.tenant_id = v.tenant_id AND s.id = v.size_id
  JOIN colour c ON c.tenant_id = v.tenant_id AND c.id = v.colour_id
  LEFT JOIN site_price o ON o.tenant_id = v.tenant_id AND o.variant_id = v.id AND o.site_id = $2::uuid`;

export interface VariantFilter {
  /** Words or their beginnings, in any order, accents or not; a SKU or a code. */
  q?: string;
  /** What the site carries, at its prices. */
  siteId?: string;
  category?: string;
  /** Left out = whether on sale or not. */
  onSale?: boolean;
  /** The last variant of the page before. */
  after?: string;
  limit: number;
}

/** By name, then in the order of sizes and colours. The search is an index's, also with a hundred thousand variants (migration 0011). */
export async function findVariants(tx: Tx, filter: VariantFilter): Promise<VariantRecord[]> {
  const rows = await tx.query<VariantRow>(
    `SELECT ${variantColumns}
     FROM definer.search_variants($3, $2::uuid, $4, $5::boolean, $6::uuid, $7::int) f
     JOIN variant_search x ON x.tenant_id = f.tenant_id AND x.variant_id = f.variant_id
     JOIN variant v ON v.tenant_id = f.tenant_id AND v.id = f.variant_id
     ${variantJoins}
     WHERE f.tenant_id = $1::uuid ORDER BY x.sort, v.id`,
    [
      tx.tenantId,
      filter.siteId ?? null,
      filter.q ?? null,
      filter.category ?? null,
      filter.onSale ?? null,
      filter.after ?? null,
      filter.limit,
    ],
  );
  return rows.map(variantOf);
}

/** By one of its codes, or by its SKU. */
export async function findByCode(tx: Tx, code: string, siteId: string | null): Promise<VariantRecord | null> {
  const rows = await tx.query<VariantRow & { rank: number }>(
    `SELECT ${variantColumns}, f.rank FROM (
       SELECT variant_id AS id, 1 AS rank FROM variant_code WHERE tenant_id = $1::uuid AND code = $3
       UNION ALL SELECT id, 2 FROM variant WHERE tenant_id = $1::uuid AND sku = ANY ($4::text[])
     ) f JOIN variant v ON v.tenant_id = $1::uuid AND v.id = f.id ${variantJoins} ORDER BY f.rank LIMIT 1`,
    [tx.tenantId, siteId, code, [...new Set([code, code.toUpperCase()])]],
  );
  return rows[0] === undefined ? null : variantOf(rows[0]);
}

/** Of a product, in the order of sizes and colours, whether on sale or not. */
export async function variantsOfProduct(tx: Tx, productId: string): Promise<VariantRecord[]> {
  const rows = await tx.query<VariantRow>(
    `SELECT ${variantColumns} FROM variant v ${variantJoins}
     WHERE v.tenant_id = $1::uuid AND v.product_id = $3::uuid ORDER BY s.position, s.name, c.position, c.name`,
    [tx.tenantId, null, productId],
  );
  return rows.map(variantOf);
}

export async function listCategories(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ category: string }>(
    `WITH RECURSIVE found AS (
       (SELECT category FROM product WHERE tenant_id = $1::uuid AND category IS NOT NULL ORDER BY category LIMIT 1)
       UNION ALL
       SELECT (SELECT p.category FROM product p WHERE p.tenant_id = $1::uuid AND p.category > f.category ORDER BY p.category LIMIT 1)
       FROM found f WHERE f.category IS NOT NULL
     ) SELECT category FROM found WHERE category IS NOT NULL`,
    [tx.tenantId],
  );
  return rows.map(({ category }) => category);
}

export async function readCurrency(tx: Tx): Promise<string> {
  const [row] = await tx.query<{ currency: string }>('SELECT currency FROM tenant WHERE id = $1::uuid', [tx.tenantId]);
  if (row === undefined) throw new Error(`No tenant ${tx.tenantId}`);
  return row.currency;
}

export interface ProductRecord {
  id: string;
  name: string;
  category: string | null;
  description: string | null;
  unit: ProductUnit;
  taxRate: number;
  withdrawnAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

interface ProductRow {
  id: string;
  name: string;
  category: string | null;
  description: string | null;
  unit: ProductUnit;
  tax_rate: number;
  withdrawn_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** @param lock takes the row for the rest of the transaction */
export async function findProduct(tx: Tx, id: string, lock = false): Promise<ProductRecord | null> {
  const [row] = await tx.query<ProductRow>(
    `SELECT id, name, category, description, unit, tax_rate::float8 AS tax_rate, withdrawn_at, version, created_at, updated_at
     FROM product WHERE tenant_id = $1::uuid AND id = $2::uuid ${lock ? 'FOR NO KEY UPDATE' : ''}`,
    [tx.tenantId, id],
  );
  if (row === undefined) return null;
  return {
    id: row.id,
    name: row.name,
    category: row.category,
    description: row.description,
    unit: row.unit,
    taxRate: row.tax_rate,
    withdrawnAt: row.withdrawn_at,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export type NewProductRecord = Pick<ProductRecord, 'id' | 'name' | 'category' | 'description' | 'unit' | 'taxRate'>;

export async function insertProducts(
  tx: Tx,
  products: readonly NewProductRecord[],
  userId: string | null,
): Promise<void> {
  if (products.length === 0) return;
  await tx.query(
    `WITH made AS (
       INSERT INTO product (tenant_id, id, name, category, description, unit, tax_rate, updated_by)
       SELECT $1::uuid, r.id, r.name, r.category, r.description, r.unit, r.tax_rate, $3::uuid
       FROM jsonb_to_recordset($2::jsonb)
         AS r (id uuid, name text, category text, description text, unit text, tax_rate numeric)
     ) SELECT 1`,
    [
      tx.tenantId,
      JSON.stringify(
        products.map(({ id, name, category, description, unit, taxRate }) => ({
          id,
          name,
          category,
          description,
          unit,
          tax_rate: taxRate,
        })),
      ),
      userId,
    ],
  );
}

export const insertProduct = (tx: Tx, product: NewProductRecord, userId: string | null): Promise<void> =>
  insertProducts(tx, [product], userId);

/** What may change of a product; the version rises. The row is locked. */
export async function updateProduct(tx: Tx, product: ProductRecord, userId: string | null): Promise<void> {
  await tx.query(
    `WITH changed AS (
       UPDATE product SET name = $3, category = $4, description = $5, unit = $6, tax_rate = $7::numeric, withdrawn_at = $8::timestamptz,
         version = version + 1, updated_at = clock_timestamp(), updated_by = $9::uuid
       WHERE tenant_id = $1::uuid AND id = $2::uuid
     ) SELECT 1`,
    [
      tx.tenantId,
      product.id,
      product.name,
      product.category,
      product.description,
      product.unit,
      String(product.taxRate),
      product.withdrawnAt,
      userId,
    ],
  );
}

/** Whether any of its variants has ever moved. */
export async function hasMoved(tx: Tx, productId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT v.id FROM variant v JOIN stock_level l ON l.tenant_id = v.tenant_id AND l.variant_id = v.id AND l.version > 0
     WHERE v.tenant_id = $1::uuid AND v.product_id = $2::uuid LIMIT 1`,
    [tx.tenantId, productId],
  );
  return rows.length > 0;
}

export interface NewVariantRecord {
  id: string;
  productId: string;
  sku: string;
  sizeId: string;
  colourId: string;
  price: number;
  retailPrice: number | null;
  cost: number;
  minStock: string | null;
  maxStock: string | null;
}

/**
 * Of one or several products, in one statement. A SKU that is taken, or a size and colour that the product has, leaves the row out:
 * returns the ids of those that were made.
 */
export async function insertVariants(tx: Tx, variants: readonly NewVariantRecord[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `INSERT INTO variant (tenant_id, id, product_id, sku, size_id, colour_id, price, retail_price, cost, min_stock, max_stock)
     SELECT $1::uuid, r.id, r.product_id, r.sku, r.size_id, r.colour_id, r.price, r.retail_price, r.cost, r.min_stock, r.max_stock
     FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, product_id uuid, sku text, size_id uuid, colour_id uuid, price bigint,
       retail_price bigint, cost bigint, min_stock numeric, max_stock numeric)
     ORDER BY r.sku
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      tx.tenantId,
      JSON.stringify(
        variants.map((one) => ({
          id: one.id,
          product_id: one.productId,
          sku: one.sku,
          size_id: one.sizeId,
          colour_id: one.colourId,
          price: one.price,
          retail_price: one.retailPrice,
          cost: one.cost,
          min_stock: one.minStock,
          max_stock: one.maxStock,
        })),
      ),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Which of the SKUs are there, with the id of each. */
export async function knownSkus(tx: Tx, skus: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ sku: string; id: string }>(
    'SELECT sku, id FROM variant WHERE tenant_id = $1::uuid AND sku = ANY ($2::text[])',
    [tx.tenantId, [...skus]],
  );
  return new Map(rows.map(({ sku, id }) => [sku, id]));
}

/** What a person may change of a variant. */
export interface VariantState {
  id: string;
  productId: string;
  sku: string;
  price: number;
  retailPrice: number | null;
  cost: number;
  minStock: string | null;
  maxStock: string | null;
  active: boolean;
  version: number;
}

interface StateRow {
  id: string;
  product_id: string;
  sku: string;
  price: bigint;
  retail_price: bigint | null;
  cost: bigint;
  min_stock: string | null;
  max_stock: string | null;
  active: boolean;
  version: number;
}

/** Locked for the rest of the transaction, by id; rows that refer to them may still be written. */
export async function lockVariants(tx: Tx, ids: readonly string[]): Promise<Map<string, VariantState>> {
  const rows = await tx.query<StateRow>(
    `SELECT id, product_id, sku, price, retail_price, cost, min_stock::text, max_stock::text, active, version
     FROM variant WHERE tenant_id = $1::uuid AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    [tx.tenantId, [...ids]],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        productId: row.product_id,
        sku: row.sku,
        price: Number(row.price),
        retailPrice: amountOrNull(row.retail_price),
        cost: Number(row.cost),
        minStock: row.min_stock,
        maxStock: row.max_stock,
        active: row.active,
        version: row.version,
      },
    ]),
  );
}

/** Writes them as they are to be; the version of each rises. They are locked. */
export async function updateVariants(tx: Tx, variants: readonly VariantState[]): Promise<void> {
  await tx.query(
    `WITH changed AS (
       UPDATE variant v SET sku = r.sku, price = r.price, retail_price = r.retail_price, cost = r.cost, min_stock = r.min_stock,
         max_stock = r.max_stock, active = r.active, version = v.version + 1, updated_at = clock_timestamp()
       FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, sku text, price bigint, retail_price bigint, cost bigint, min_stock numeric,
         max_stock numeric, active boolean)
       WHERE v.tenant_id = $1::uuid AND v.id = r.id
     ) SELECT 1`,
    [
      tx.tenantId,
      JSON.stringify(
        variants.map((one) => ({
          id: one.id,
          sku: one.sku,
          price: one.price,
          retail_price: one.retailPrice,
          cost: one.cost,
          min_stock: one.minStock,
          max_stock: one.maxStock,
          active: one.active,
        })),
      ),
    ],
  );
}

export interface VariantCode {
  code: string;
  variantId: string;
  kind: CodeKind;
  supplier: string | null;
}

/** Returns the codes that are another variant's; those of the same one are taken as given. */
export async function insertCodes(tx: Tx, codes: readonly VariantCode[]): Promise<string[]> {
  if (codes.length === 0) return [];
  const rows = await tx.query<{ code: string }>(
    `WITH asked AS (
       SELECT r.code, r.variant_id, r.kind, r.supplier
       FROM jsonb_to_recordset($2::jsonb) AS r (code text, variant_id uuid, kind text, supplier text)
     ), made AS (
       INSERT INTO variant_code (tenant_id, code, variant_id, kind, supplier)
       SELECT $1::uuid, code, variant_id, kind, supplier FROM asked ORDER BY code
       ON CONFLICT (tenant_id, code) DO NOTHING RETURNING code
     )
     SELECT a.code FROM asked a WHERE NOT EXISTS (SELECT FROM made m WHERE m.code = a.code)
       AND NOT EXISTS (SELECT FROM variant_code k WHERE k.tenant_id = $1::uuid AND k.code = a.code AND k.variant_id = a.variant_id)`,
    [
      tx.tenantId,
      JSON.stringify(
        codes.map(({ code, variantId, kind, supplier }) => ({ code, variant_id: variantId, kind, supplier })),
      ),
    ],
  );
  return rows.map(({ code }) => code);
}

/** Returns false when the variant has no such code. */
export async function deleteCode(tx: Tx, variantId: string, code: string): Promise<boolean> {
  const rows = await tx.query(
    'DELETE FROM variant_code WHERE tenant_id = $1::uuid AND variant_id = $2::uuid AND code = $3 RETURNING code',
    [tx.tenantId, variantId, code],
  );
  return rows.length > 0;
}

/** Of a product's variants, by variant and code. */
export async function codesOfProduct(tx: Tx, productId: string): Promise<VariantCode[]> {
  const rows = await tx.query<{ code: string; variant_id: string; kind: CodeKind; supplier: string | null }>(
    `SELECT k.code, k.variant_id, k.kind, k.supplier FROM variant v
     JOIN variant_code k ON k.tenant_id = v.tenant_id AND k.variant_id = v.id
     WHERE v.tenant_id = $1::uuid AND v.product_id = $2::uuid ORDER BY k.variant_id, k.kind, k.code`,
    [tx.tenantId, productId],
  );
  return rows.map((row) => ({ code: row.code, variantId: row.variant_id, kind: row.kind, supplier: row.supplier }));
}

/** What sites have of a product's variants, and at what price of their own. */
export interface VariantAtSite {
  variantId: string;
  siteId: string;
  siteName: string;
  /** null = it follows the business. */
  price: number | null;
  onHand: string;
  available: string;
  minStock: string | null;
  maxStock: string | null;
}

/** By site and variant; only what the sites carry. `sites` null = all. */
export async function sitesOfProduct(tx: Tx, productId: string, sites: string[] | null): Promise<VariantAtSite[]> {
  const rows = await tx.query<{
    variant_id: string;
    site_id: string;
    site_name: string;
    price: bigint | null;
    on_hand: string;
    available: string;
    min_stock: string | null;
    max_stock: string | null;
  }>(
    `SELECT l.variant_id, l.site_id, s.name AS site_name, o.price, l.on_hand::text, (l.on_hand - l.held)::text AS available,
       l.min_stock::text, l.max_stock::text
     FROM variant v
     JOIN stock_level l ON l.tenant_id = v.tenant_id AND l.variant_id = v.id
     JOIN site s ON s.tenant_id = l.tenant_id AND s.id = l.site_id
     LEFT JOIN site_price o ON o.tenant_id = l.tenant_id AND o.site_id = l.site_id AND o.variant_id = l.variant_id
     WHERE v.tenant_id = $1::uuid AND v.product_id = $2::uuid AND ($3::uuid[] IS NULL OR l.site_id = ANY ($3::uuid[]))
     ORDER BY s.name, s.id, l.variant_id`,
    [tx.tenantId, productId, sites],
  );
  return rows.map((row) => ({
    variantId: row.variant_id,
    siteId: row.site_id,
    siteName: row.site_name,
    price: amountOrNull(row.price),
    onHand: row.on_hand,
    available: row.available,
    minStock: row.min_stock,
    maxStock: row.max_stock,
  }));
}

/** What a site has of a variant; null = it does not carry it. */
export async function stockAt(
  tx: Tx,
  siteId: string,
  variantId: string,
): Promise<{ onHand: string; available: string } | null> {
  const [row] = await tx.query<{ on_hand: string; available: string }>(
    `SELECT on_hand::text, (on_hand - held)::text AS available FROM stock_level
     WHERE tenant_id = $1::uuid AND site_id = $2::uuid AND variant_id = $3::uuid`,
    [tx.tenantId, siteId, variantId],
  );
  return row === undefined ? null : { onHand: row.on_hand, available: row.available };
}

/** What a site can sell of each variant that it carries. */
export async function availableAt(tx: Tx, siteId: string, variantIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ variant_id: string; available: string }>(
    `SELECT variant_id, (on_hand - held)::text AS available FROM stock_level
     WHERE tenant_id = $1::uuid AND site_id = $2::uuid AND variant_id = ANY ($3::uuid[])`,
    [tx.tenantId, siteId, variantIds],
  );
  return new Map(rows.map((row) => [row.variant_id, row.available]));
}
