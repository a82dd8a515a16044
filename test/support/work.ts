import { v7 as uuidv7 } from 'uuid';
import { createSecretBox } from '../../store/secrets';
import type { TestBusiness } from './business';
import type { TestDatabase } from './database';
import { testSecret } from './environment';

/** Something of everything that has an id: a connection, two places, a pallet, and a move at rest at the second site. */
export interface TestWork {
  connectionId: string;
  locations: [string, string];
  barcodes: [string, string];
  palletCode: string;
  operationId: string;
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
  return {
    connectionId,
    locations,
    barcodes: [`${slug}-C1`, `${slug}-C2`],
    palletCode,
    operationId,
  };
}
