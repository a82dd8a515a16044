import type { OperationBatch } from '../domain/kinds';
import { createBusiness, type TestBusiness } from '../test/support/business';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { createDatabase, type Database } from './db';
import { syncOperations, takeOperations } from './operation-batch';

let database: TestDatabase;
let business: TestBusiness;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  business = await createBusiness(database, 'demo');
  db = createDatabase({ url: database.appUrl, poolMax: 1 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** So many sales that were accepted; `state` of their operations. */
const accept = (count: number, state: 'pending' | 'synced') =>
  database.query<{ id: string }>(
    `WITH made AS (
       INSERT INTO operation (tenant_id, id, kind, queue, site_id, created_by, state, ended_at)
       SELECT $1, gen_random_uuid(), 'sale', 'sales', $2, $3, $4, CASE WHEN $4 = 'synced' THEN now() END FROM generate_series(1, $5::int)
       RETURNING id
     ), boxed AS (
       INSERT INTO outbox (tenant_id, id, action, queue, workflow_type, workflow_id, args, operation_id, attempt)
       SELECT $1, gen_random_uuid(), 'start', 'sales', 'settleSales', 'sale-' || id, '[]', id, 1 FROM made
     ) SELECT id FROM made`,
    [business.tenantId, business.sites[0].id, business.users.cashier.id, state, count],
  );

/** Rows of these tables that were looked at so far. */
async function looked(): Promise<number> {
  const [row] = await database.query<{ rows: string }>(
    `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS rows FROM pg_stat_user_tables WHERE relname IN ('operation', 'outbox', 'operation_event')`,
  );
  return Number(row!.rows);
}

it('finds its operations by their ids, whatever the statistics say of an outbox that was empty when they were made', async () => {
  for (const table of ['operation', 'outbox'])
    await database.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
  await accept(20_000, 'synced');
  await database.query('DELETE FROM outbox');
  await database.query('VACUUM ANALYZE operation, outbox');
  const ids = (await accept(20_000, 'pending')).map(({ id }) => id);
  const run = { workflowId: 'settle', runId: 'run' };
  const settle = (from: number) =>
    db.withTenant(business.tenantId, async (tx) => {
      // As it is planned for good, after some times.
      await tx.query('SET LOCAL plan_cache_mode = force_generic_plan');
      const members = ids.slice(from, from + 500).map((id) => [id, 1] as const);
      const taken = await takeOperations(tx, { members } as unknown as OperationBatch, run);
      const synced = await syncOperations(tx, taken, run);
      await tx.query('SELECT pg_stat_force_next_flush()::text');
      return [taken.length, synced];
    });
  for (let round = 0; round < 3; round++) {
    const before = await looked();
    expect(await settle(round * 500)).toEqual([500, 500]);
    // Each is found, changed and told of twice, and has a row in the outbox; 20,000 are open.
    expect((await looked()) - before).toBeLessThan(500 * 10);
  }
});

it('of what waits for a connection that is down, sales that wait for none are not asked', async () => {
  await database.query(
    `INSERT INTO connection (tenant_id, id, kind, name, settings, secret, state)
     SELECT $1, gen_random_uuid(), 'odoo', 'C' || n, '{}', '\\x00', 'up' FROM generate_series(1, 3) n`,
    [business.tenantId],
  );
  await accept(5_000, 'pending');
  await database.query('ANALYZE connection');
  const before = await looked();
  const parkable = await db.withTenant(business.tenantId, async (tx) => {
    const rows = await tx.query('SELECT tenant_id, operation_id FROM definer.find_parkable(200)');
    await tx.query('SELECT pg_stat_force_next_flush()::text');
    return rows;
  });
  expect([parkable, (await looked()) - before]).toEqual([[], 0]);
});
