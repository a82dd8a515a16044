import { v7 as uuidv7 } from 'uuid';
import type { TestBusiness } from './business';
import type { TestDatabase } from './database';
import { createShop } from './shop';

/** One of everything that the screens of a shop open: a sale with its session, an open count, an entry, an article. */
export interface TestShopWork {
  siteId: string;
  sessionId: string;
  saleId: string;
  countId: string;
  entryId: string;
  sku: string;
}

export async function createShopWork(database: TestDatabase, business: TestBusiness): Promise<TestShopWork> {
  const { tenantId, users } = business;
  const shop = await createShop(database, business, { name: `Caja ${uuidv7()}` });
  const [sale] = await shop.sell(1);
  const [countId, entryId] = [uuidv7(), uuidv7()];
  const by = [tenantId, shop.siteId, users.warehouse.id];
  await database.query('INSERT INTO stock_count (tenant_id, id, site_id, created_by) VALUES ($1, $4, $2, $3)', [
    ...by,
    countId,
  ]);
  await database.query('INSERT INTO stock_entry (tenant_id, id, site_id, created_by) VALUES ($1, $4, $2, $3)', [
    ...by,
    entryId,
  ]);
  const [variant] = await database.query<{ sku: string }>('SELECT sku FROM variant WHERE tenant_id = $1 AND id = $2', [
    tenantId,
    shop.variants[0],
  ]);
  return { siteId: shop.siteId, sessionId: shop.sessionId, saleId: sale!.saleId, countId, entryId, sku: variant!.sku };
}
