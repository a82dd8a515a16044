import type { Client } from 'pg';

/**
 * Fills the demo's tables up to `total` ended pallet moves, spread over the last year, each with its lines, eight lines of
 * timeline, audit and stored answer, all on the pallets that the benchmark moves: the worst case for what looks a pallet up.
 */
export async function fillStored(database: Client, total: number): Promise<void> {
  const { rows } = await database.query<{ count: string }>(
    `SELECT count(*) FROM operation WHERE workflow_id LIKE 'stored-%'`,
  );
  const missing = total - Number(rows[0]!.count);
  if (missing <= 0) return;
  await database.query('BEGIN');
  await database.query(
    `CREATE TEMP TABLE fresh ON COMMIT DROP AS
     SELECT t.id AS tenant_id, gen_random_uuid() AS id, c.id AS connection_id, u.id AS user_id, l.id AS destination_id,
       now() - random() * interval '365 days' AS at, 'PACK000' || (1234 + n % 360) AS code
     FROM generate_series(1, $1::int) n, tenant t
     JOIN connection c ON c.tenant_id = t.id JOIN app_user u ON u.tenant_id = t.id AND u.email = 'bodega@demo.test'
     JOIN location l ON l.tenant_id = t.id AND l.barcode = 'CAM-01'
     WHERE t.slug = 'demo'`,
    [missing],
  );
  await database.query(
    `INSERT INTO operation (tenant_id, id, kind, state, step, version, outside, connection_id, queue, created_by, created_at, updated_at, ended_at, workflow_id, run_id)
     SELECT tenant_id, id, 'move_pallets', 'synced', 'settled', 9, 'present', connection_id, 'pallets', user_id, at, at + interval '1 second', at + interval '1 second',
       'stored-' || id, gen_random_uuid()::text FROM fresh`,
  );
  await database.query(
    `INSERT INTO pallet_move (tenant_id, operation_id, connection_id, destination_id, scanned_at)
     SELECT tenant_id, id, connection_id, destination_id, at FROM fresh`,
  );
  await database.query(
    `INSERT INTO pallet_move_line (tenant_id, operation_id, code, position, check_from, found_id, moved_from_id, package_id, weight_kg)
     SELECT tenant_id, id, code, 0, true, destination_id, destination_id, 1, 400 FROM fresh`,
  );
  await database.query(
    `INSERT INTO operation_event (tenant_id, operation_id, at, attempt, step, state, version, code)
     SELECT tenant_id, id, at, 1, line, 'synced', 1, line FROM fresh, unnest(ARRAY['accepted', 'taken', 'checked', 'transfer_creating',
       'transfer_created', 'transfer_reserved', 'validated', 'synced']) AS lines (line)`,
  );
  await database.query(
    `INSERT INTO audit (tenant_id, id, at, actor_id, actor, action, entity_type, entity_id, location_to, operation_id)
     SELECT tenant_id, gen_random_uuid(), at, user_id, 'bench', 'pallet.move', 'pallet', code, destination_id, id FROM fresh`,
  );
  await database.query(
    `INSERT INTO idempotency_key (tenant_id, key, fingerprint, operation_id, status, response, response_expires_at)
     SELECT tenant_id, id::text, decode(md5(id::text), 'hex'), id, 202, '{}', at + interval '90 days' FROM fresh`,
  );
  await database.query('COMMIT');
  await database.query('ANALYZE');
}
