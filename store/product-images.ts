import type { Tx } from './db';

export interface ProductImage {
  id: string;
  productId: string;
  /** Of the object storage. */
  key: string;
  contentType: string;
  bytes: number;
}

interface ImageRow {
  id: string;
  product_id: string;
  key: string;
  content_type: string;
  bytes: number;
}

const imageOf = (row: ImageRow): ProductImage => ({
  id: row.id,
  productId: row.product_id,
  key: row.key,
  contentType: row.content_type,
  bytes: row.bytes,
});

const columns = 'id, product_id, key, content_type, bytes';

/** In their order: the first one is the one of lists. */
export async function imagesOfProduct(tx: Tx, productId: string): Promise<ProductImage[]> {
  const rows = await tx.query<ImageRow>(
    `SELECT ${columns} FROM product_image WHERE tenant_id = $1::uuid AND product_id = $2::uuid ORDER BY position, id`,
    [tx.tenantId, productId],
  );
  return rows.map(imageOf);
}

export async function findImage(tx: Tx, id: string): Promise<ProductImage | null> {
  const [row] = await tx.query<ImageRow>(
    `SELECT ${columns} FROM product_image WHERE tenant_id = $1::uuid AND id = $2::uuid`,
    [tx.tenantId, id],
  );
  return row === undefined ? null : imageOf(row);
}

/** Behind those that are there. The product's row is locked. */
export async function insertImage(tx: Tx, image: ProductImage): Promise<void> {
  await tx.query(
    `WITH made AS (
       INSERT INTO product_image (tenant_id, id, product_id, key, content_type, bytes, position)
       SELECT $1::uuid, $2::uuid, $3::uuid, $4, $5, $6::int, coalesce(max(position), 0) + 1 FROM product_image
       WHERE tenant_id = $1::uuid AND product_id = $3::uuid
     ) SELECT 1`,
    [tx.tenantId, image.id, image.productId, image.key, image.contentType, image.bytes],
  );
}

export async function deleteImage(tx: Tx, id: string): Promise<void> {
  await tx.query('DELETE FROM product_image WHERE tenant_id = $1::uuid AND id = $2::uuid', [tx.tenantId, id]);
}
