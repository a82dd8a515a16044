import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../store/db';
import type { TestBusiness } from './business';
import type { TestDatabase } from './database';
import { addVariants, bringIn, type TestVariant } from './stock';

/** An open register in the business's store, and things to sell in it. */
export interface TestTill {
  siteId: string;
  registerId: string;
  sessionId: string;
  /** In the order of the SKUs. */
  variants: TestVariant[];
}

let last = 0;

/** @param options `stock` in whole units of each; 0 = the site does not carry them */
export async function createTill(
  database: TestDatabase,
  db: Database,
  business: TestBusiness,
  options: {
    skus?: readonly string[];
    stock?: number;
    price?: number;
    cost?: number;
    unit?: string;
    siteId?: string;
    float?: number;
  } = {},
): Promise<TestTill> {
  const { skus = [`T${++last}-A`, `T${last}-B`], stock = 100, siteId = business.sites[1].id } = options;
  const { price = 1190, cost = 500, unit = 'unit', float = 50_000 } = options;
  const variants = await addVariants(database, business, skus, { price, cost, unit });
  if (stock > 0) {
    const lines = variants.map(({ id }) => ({ variantId: id, quantity: stock * 1000 }));
    await bringIn(db, business, siteId, lines);
  }
  return { siteId, variants, ...(await addRegister(database, business, siteId, float)) };
}

/** One more open register at a site. */
export async function addRegister(
  database: TestDatabase,
  business: TestBusiness,
  siteId: string,
  float = 0,
): Promise<{ registerId: string; sessionId: string }> {
  const [registerId, sessionId] = [uuidv7(), uuidv7()];
  await database.query('INSERT INTO register (tenant_id, id, site_id, name) VALUES ($1, $2, $3, $4)', [
    business.tenantId,
    registerId,
    siteId,
    `Caja ${registerId}`,
  ]);
  await database.query(
    'INSERT INTO register_session (tenant_id, id, register_id, opening_float, opened_by) VALUES ($1, $2, $3, $4, $5)',
    [business.tenantId, sessionId, registerId, float, business.users.cashier.id],
  );
  return { registerId, sessionId };
}
