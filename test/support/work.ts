import { v7 as uuidv7 } from 'uuid';
import { createSecretBox } from '../../store/secrets';
import type { TestBusiness } from './business';
import { createCatalogue, type TestCatalogue } from './catalogue';
import type { TestDatabase } from './database';
import { testSecret } from './environment';
import { addVariants } from './stock';
import { createShop } from './shop';

/** Something of everything that has an id: a connection, two places, a pallet, and a move at rest at the second site. */
export interface TestWork {
  connectionId: string;
  locations: [string, string];
  barcodes: [string, string];
  palletCode: string;
  operationId: string;
  catalogue: TestCatalogue;
  stock: TestStockWork;
  /** At the second site: an open register with a sale and a parked ticket. */
  till: { registerId: string; sessionId: string; saleId: string; ticketId: string };
}

/** Of an article at the second site. */
export interface TestStockWork {
  sku: string;
  /** What brought it. */
  entryId: string;
  /** Open. */
  countId: string;
}

let lastExternal = 100;

export async function createWork(database: TestDatabase, business: TestBusiness): Promise<TestWork> {
  const { tenantId, slug, sites, users } = business;
  const connectionId = uuidv7();
  const secret = createSecretBox(testSecret).seal('key', { tenantId, connectionId });
  await database.query(
    `INSERT INTO connection (tenant_id, id, kind, name, settings, secret, state) VALUES ($1, $2, 'odoo', 'Odoo', $3, $4, 'down')`,
    [tenantId, connectionId, { url: 'http://127.0.0.1:9', database: slug, login: 'x' }, secret],
  );
  const place = async (name: string): Promise<string> => {
    const id = uuidv7();
    await database.query(
      `INSERT INTO location (tenant_id, id, connection_id, external_id, name, short_name, barcode, usage)
       VALUES ($1, $2, $3, $4, $5, $5, $6, 'internal')`,
      [tenantId, id, connectionId, lastExternal++, name, `${slug}-${name}`],
    );
    return id;
  };
  const locations: [string, string] = [await place('C1'), await place('C2')];
  const palletCode = `PACK-${slug.toUpperCase()}`;
  await database.query(
    `INSERT INTO pallet (tenant_id, connection_id, code, weight_kg, location_id) VALUES ($1, $2, $3, 10, $4)`,
    [tenantId, connectionId, palletCode, locations[0]],
  );
  const operationId = uuidv7();
  await database.query(
    `INSERT INTO operation (tenant_id, id, kind, state, queue, site_id, connection_id, created_by, error)
     VALUES ($1, $2, 'move_pallets', 'needs_attention', 'pallets', $3, $4, $5, '{"code": "empty_pallet"}')`,
    [tenantId, operationId, sites[1].id, connectionId, users.warehouse.id],
  );
  await database.query(
    `INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code)
     VALUES ($1, $2, 1, 'accepted', 'pending', 1, 'accepted')`,
    [tenantId, operationId],
  );
  await database.query(
    `INSERT INTO pallet_move (tenant_id, operation_id, connection_id, destination_id, scanned_at) VALUES ($1, $2, $3, $4, now())`,
    [tenantId, operationId, connectionId, locations[1]],
  );
  await database.query(
    `INSERT INTO pallet_move_line (tenant_id, operation_id, code, position, check_from) VALUES ($1, $2, $3, 1, false)`,
    [tenantId, operationId, palletCode],
  );
  await database.query(
    `INSERT INTO audit (tenant_id, id, actor_id, actor, action, entity_type, entity_id, location_from, location_to, operation_id)
     VALUES ($1, $2, $3, 'warehouse', 'pallet.moved', 'pallet', $4, $5, $6, $7)`,
    [tenantId, uuidv7(), users.warehouse.id, palletCode, locations[0], locations[1], operationId],
  );
  const shop = await createShop(database, business);
  const [sale] = await shop.sell(1);
  const ticketId = uuidv7();
  await database.query(
    `INSERT INTO parked_ticket (tenant_id, id, site_id, register_id, name, lines, created_by, expires_at)
     VALUES ($1, $2, $3, $4, 'Señora del abrigo', '[]', $5, now() + interval '1 hour')`,
    [tenantId, ticketId, shop.siteId, shop.registerId, users.cashier.id],
  );
  return {
    connectionId,
    locations,
    barcodes: [`${slug}-C1`, `${slug}-C2`],
    palletCode,
    operationId,
    catalogue: await createCatalogue(database, business),
    stock: await createStockWork(database, business),
    till: { registerId: shop.registerId, sessionId: shop.sessionId, saleId: sale!.saleId, ticketId },
  };
}

/** An article, the entry that brought it and an open count, all at the second site. */
async function createStockWork(database: TestDatabase, business: TestBusiness): Promise<TestStockWork> {
  const { tenantId, slug, sites, users } = business;
  const sku = `STOCK-${slug.toUpperCase()}`;
  const [variant] = await addVariants(database, business, [sku]);
  const [entryId, countId] = [uuidv7(), uuidv7()];
  await database.query(`INSERT INTO stock_entry (tenant_id, id, site_id, created_by) VALUES ($1, $2, $3, $4)`, [
    tenantId,
    entryId,
    sites[1].id,
    users.warehouse.id,
  ]);
  await database.query(
    `INSERT INTO stock_level (tenant_id, site_id, variant_id, size_id, colour_id, location_id, on_hand, version)
     SELECT v.tenant_id, u.site_id, v.id, v.size_id, v.colour_id, u.location_id, 10, 1
     FROM variant v JOIN site_setup u ON u.tenant_id = v.tenant_id AND u.site_id = $2 WHERE v.tenant_id = $1 AND v.id = $3`,
    [tenantId, sites[1].id, variant!.id],
  );
  await database.query(
    `INSERT INTO stock_movement (tenant_id, id, site_id, variant_id, location_id, version, kind, quantity, balance, unit_cost, document_id, user_id)
     SELECT tenant_id, $3, site_id, variant_id, location_id, 1, 'entry', 10, 10, 500, $4, $5 FROM stock_level
     WHERE tenant_id = $1 AND variant_id = $2`,
    [tenantId, variant!.id, uuidv7(), entryId, users.warehouse.id],
  );
  await database.query(`INSERT INTO stock_count (tenant_id, id, site_id, created_by) VALUES ($1, $2, $3, $4)`, [
    tenantId,
    countId,
    sites[1].id,
    users.warehouse.id,
  ]);
  return { sku, entryId, countId };
}
