import type { Tx } from './db';
import { lockVariants, type ProductRecord, updateProduct, updateVariants, type VariantState } from './products';
import { type ImportChange, variantFields, fieldsOf, withFields, same, lockProducts } from './import-fields';

/**
 * Takes the last `most` lines back, the last one first: what they changed is as before, what they made is withdrawn and its codes are
 * free. What somebody has changed or moved since is left, and told. Returns how many it has dealt with.
 */
export async function takeBackRows(tx: Tx, importId: string, userId: string | null, most: number): Promise<number> {
  const rows = await tx.query<{ row: number; variant_id: string; before: ImportChange }>(
    `SELECT row, variant_id, before FROM product_import_row
     WHERE tenant_id = $1::uuid AND import_id = $2::uuid AND applied AND NOT kept ORDER BY row DESC LIMIT $3::int`,
    [tx.tenantId, importId, most],
  );
  if (rows.length === 0) return 0;
  const variants = await lockVariants(
    tx,
    rows.map((row) => row.variant_id),
  );
  const products = await lockProducts(
    tx,
    rows.map(({ before }) => before.productId),
  );
  const moved = await movedAmong(tx, [...variants.keys()]);
  const kept = new Set<number>();
  const restored: VariantState[] = [];
  for (const { row, variant_id: variantId, before: change } of rows) {
    const variant = variants.get(variantId)!;
    const isAsLeft = same(change.variant.after, variantFields(variant));
    if (!isAsLeft || (change.variant.before === null && moved.has(variantId))) {
      kept.add(row);
      continue;
    }
    restored.push({ ...variant, ...(change.variant.before ?? { ...change.variant.after, active: false }) });
    await tx.query(
      `WITH gone AS (DELETE FROM variant_code WHERE tenant_id = $1::uuid AND variant_id = $2::uuid AND code = ANY ($3::text[])) SELECT 1`,
      [tx.tenantId, variantId, change.codes],
    );
    const product = products.get(change.productId);
    if (change.product?.before && product && same(change.product.after, fieldsOf(product))) {
      const next = withFields(product, change.product.before);
      await updateProduct(tx, next, userId);
      products.set(product.id, next);
    }
  }
  if (restored.length > 0) await updateVariants(tx, restored);
  await withdrawEmpty(
    tx,
    rows.flatMap(({ before: { product, productId } }) => (product?.before === null ? [productId] : [])),
    products,
    userId,
  );
  await tx.query(
    `WITH marked AS (
       UPDATE product_import_row SET kept = row = ANY ($4::int[]), applied = row = ANY ($4::int[])
       WHERE tenant_id = $1::uuid AND import_id = $2::uuid AND row = ANY ($3::int[])
     ), told AS (
       UPDATE product_import SET done_count = done_count - $5::int, kept_count = kept_count + $6::int
       WHERE tenant_id = $1::uuid AND id = $2::uuid
     ) SELECT 1`,
    [tx.tenantId, importId, rows.map(({ row }) => row), [...kept], rows.length, kept.size],
  );
  return rows.length;
}

/** Which of them have ever moved: goods that came or went are not withdrawn by an undo. */
async function movedAmong(tx: Tx, variantIds: string[]): Promise<Set<string>> {
  const rows = await tx.query<{ variant_id: string }>(
    'SELECT DISTINCT variant_id FROM stock_level WHERE tenant_id = $1::uuid AND variant_id = ANY ($2::uuid[]) AND version > 0',
    [tx.tenantId, variantIds],
  );
  return new Set(rows.map((row) => row.variant_id));
}

/** Products that the import made and of which nothing is left on sale. */
async function withdrawEmpty(
  tx: Tx,
  made: string[],
  products: Map<string, ProductRecord>,
  userId: string | null,
): Promise<void> {
  if (made.length === 0) return;
  const rows = await tx.query<{ id: string }>(
    `SELECT p.id FROM product p WHERE p.tenant_id = $1::uuid AND p.id = ANY ($2::uuid[]) AND p.withdrawn_at IS NULL
       AND NOT EXISTS (SELECT FROM variant v WHERE v.tenant_id = p.tenant_id AND v.product_id = p.id AND v.active)`,
    [tx.tenantId, made],
  );
  for (const { id } of rows) {
    const product = products.get(id);
    if (product) await updateProduct(tx, { ...product, withdrawnAt: new Date() }, userId);
  }
}
