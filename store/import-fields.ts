import type { ImportData } from '../domain/product-import';
import type { Tx } from './db';
import { findProduct, type ProductRecord, type VariantState } from './products';

/** What of a variant and its product an import changes, and an undo restores. */
export type VariantFields = Pick<VariantState, 'price' | 'retailPrice' | 'cost' | 'minStock' | 'maxStock' | 'active'>;
export type ProductFields = Pick<ProductRecord, 'name' | 'category' | 'description' | 'unit' | 'taxRate'> & {
  withdrawn: boolean;
};

/** What a line did: `before` null = it made it. */
export interface ImportChange {
  productId: string;
  variant: { before: VariantFields | null; after: VariantFields };
  product: { before: ProductFields | null; after: ProductFields } | null;
  /** That it added. */
  codes: string[];
}

/** The fields that a line changes of what is there. What a person withdrew stays withdrawn. */
export function variantAfter(before: VariantFields, data: ImportData, back: boolean): VariantFields {
  return {
    price: data.price ?? before.price,
    retailPrice: data.retailPrice ?? before.retailPrice,
    cost: data.cost ?? before.cost,
    minStock: data.minStock ?? before.minStock,
    maxStock: data.maxStock ?? before.maxStock,
    active: before.active || back,
  };
}

export function productAfter(before: ProductFields, data: ImportData, back: boolean): ProductFields {
  return {
    name: data.name ?? before.name,
    category: data.category ?? before.category,
    description: data.description ?? before.description,
    unit: data.unit ?? before.unit,
    taxRate: data.taxRate ?? before.taxRate,
    withdrawn: before.withdrawn && !back,
  };
}

export const variantFields = ({
  price,
  retailPrice,
  cost,
  minStock,
  maxStock,
  active,
}: VariantFields): VariantFields => ({
  price,
  retailPrice,
  cost,
  minStock,
  maxStock,
  active,
});
export const productFields = ({
  name,
  category,
  description,
  unit,
  taxRate,
  withdrawn,
}: ProductFields): ProductFields => ({
  name,
  category,
  description,
  unit,
  taxRate,
  withdrawn,
});

export const fieldsOf = (product: ProductRecord): ProductFields =>
  productFields({ ...product, withdrawn: product.withdrawnAt !== null });

/** The product as these fields have it. */
export const withFields = (product: ProductRecord, { withdrawn, ...fields }: ProductFields): ProductRecord => ({
  ...product,
  ...fields,
  withdrawnAt: withdrawn ? (product.withdrawnAt ?? new Date()) : null,
});

export const same = <T extends object>(a: T, b: T): boolean =>
  (Object.keys(a) as (keyof T)[]).every((field) => a[field] === b[field]);

export const reversed = ({ minStock, maxStock }: VariantFields): boolean =>
  minStock !== null && maxStock !== null && Number(minStock) > Number(maxStock);

/** By id, so that two who lock several do it in one order. */
export async function lockProducts(tx: Tx, ids: string[]): Promise<Map<string, ProductRecord>> {
  const found = new Map<string, ProductRecord>();
  for (const id of [...new Set(ids)].sort()) {
    const product = await findProduct(tx, id, true);
    if (product !== null) found.set(id, product);
  }
  return found;
}

/** Which of them an import made that was taken back. */
export async function takenBack(tx: Tx, variantIds: string[]): Promise<Set<string>> {
  if (variantIds.length === 0) return new Set();
  const rows = await tx.query<{ variant_id: string }>(
    `SELECT DISTINCT variant_id FROM product_import_row
     WHERE tenant_id = $1::uuid AND variant_id = ANY ($2::uuid[]) AND action = 'create' AND NOT applied`,
    [tx.tenantId, variantIds],
  );
  return new Set(rows.map((row) => row.variant_id));
}

/** Names that differ in case alone are one name. */
export const nameKey = (name: string): string => name.trim().toLocaleLowerCase('es');
