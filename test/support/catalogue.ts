import { v7 as uuidv7 } from 'uuid';
import type { TestBusiness } from './business';
import type { TestDatabase } from './database';

/** One red pixel. */
export const tinyPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

/** A product of one variant with a barcode and a picture, and a file of products that waits to be applied. */
export interface TestCatalogue {
  productId: string;
  variantId: string;
  sku: string;
  code: string;
  imageId: string;
  importId: string;
}

export async function createCatalogue(database: TestDatabase, business: TestBusiness): Promise<TestCatalogue> {
  const { tenantId, slug, users } = business;
  const [productId, variantId, imageId, importId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const sku = `SKU-${slug.toUpperCase()}`;
  const code = `COD-${slug}`;
  await database.query(`INSERT INTO product (tenant_id, id, name, category) VALUES ($1, $2, $3, 'Pruebas')`, [
    tenantId,
    productId,
    `Producto de ${slug}`,
  ]);
  await database.query(
    `INSERT INTO variant (tenant_id, id, product_id, sku, size_id, colour_id, price)
     SELECT $1, $2, $3, $4, (SELECT id FROM size WHERE tenant_id = $1 LIMIT 1), (SELECT id FROM colour WHERE tenant_id = $1 LIMIT 1), 1990`,
    [tenantId, variantId, productId, sku],
  );
  await database.query(`INSERT INTO variant_code (tenant_id, code, variant_id) VALUES ($1, $2, $3)`, [
    tenantId,
    code,
    variantId,
  ]);
  await database.query(
    `INSERT INTO product_image (tenant_id, id, product_id, key, content_type, bytes, position) VALUES ($1, $2, $3, $4, 'image/png', 1, 1)`,
    [tenantId, imageId, productId, `${tenantId}/images/${imageId}`],
  );
  await database.query(
    `INSERT INTO product_import (tenant_id, id, file_name, file_key, row_count, bad_count, created_by)
     VALUES ($1, $2, $3, $4, 0, 0, $5)`,
    [tenantId, importId, `${slug}.csv`, `${tenantId}/imports/${importId}`, users.manager.id],
  );
  return { productId, variantId, sku, code, imageId, importId };
}
