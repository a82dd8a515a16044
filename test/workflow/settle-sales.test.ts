import { randomUUID } from 'node:crypto';
import { createSweepActivities } from '../../activities/sweep';
import { describeWorkflow } from '../../temporal/describe';
import { unitsOf } from '../../temporal/dispatch';
import { searchAttributes } from '../../temporal/search-attributes';
import { readOutbox } from '../../store/outbox';
import { eventually } from '../support/eventually';
import { startFlow, type Flow } from '../support/flow';
import { createShop, type TestSale, type TestShop } from '../support/shop';

/** Accepted sales until they are settled, on a real PostgreSQL and a real Temporal. */
let flow: Flow;
let shop: TestShop;
beforeAll(async () => {
  flow = await startFlow({ without: ['workers', 'dispatcher'] });
  shop = await createShop(flow.database, flow.business);
  await flow.startWorker('sales');
});
afterAll(() => flow.close());

interface Settled {
  state: string;
  attempt: number;
  workflow_id: string | null;
  codes: string[];
}

const idsOf = (sales: TestSale[]) => sales.map(({ operationId }) => operationId);

async function settled(sales: TestSale[]): Promise<Settled[]> {
  return flow.database.query<Settled & Record<string, unknown>>(
    `SELECT o.state, o.attempt, o.workflow_id, (SELECT array_agg(e.code ORDER BY e.id) FROM operation_event e WHERE e.operation_id = o.id) AS codes
     FROM operation o WHERE o.id = ANY ($1::uuid[]) ORDER BY o.id`,
    [idsOf(sales)],
  );
}

const untilSynced = (sales: TestSale[]) =>
  eventually(
    () => settled(sales),
    (rows) => rows.every((row) => row.state === 'synced'),
    (rows) => `${rows.filter((row) => row.state !== 'synced').length} of ${rows.length} not synced`,
  );

/** One round of a dispatcher of its own, so that no round waits for the pause after another's. */
const round = () => flow.newDispatcher().round();

const batchesOf = (rows: Settled[]) => [...new Set(rows.map((row) => row.workflow_id))];

describe('handing sales over', () => {
  it('in a quiet shop each sale has a workflow of its own', async () => {
    for (const kind of ['sale', 'void_sale', 'return_sale'] as const) {
      const sales = await shop.sell(1, { kind });
      expect(await round()).toEqual({ claimed: 1, later: false });
      const [row] = await untilSynced(sales);
      expect(row).toEqual({
        state: 'synced',
        attempt: 1,
        workflow_id: `${kind}-${sales[0]!.operationId}-1`,
        codes: ['accepted', 'taken', 'synced'],
      });
      const { typedSearchAttributes } = await flow.temporal.client.workflow.getHandle(row!.workflow_id!).describe();
      expect(typedSearchAttributes.get(searchAttributes.operation)).toBe(sales[0]!.operationId);
    }
    const [first] = await shop.sell(1);
    await round();
    await untilSynced([first!]);
    await flow.record('settle-sales-one', first!.operationId);
  });

  it('a backlog goes as one workflow for up to 500, which names no members where ops search', async () => {
    const sales = [...(await shop.sell(600)), ...(await shop.sell(20, { kind: 'return_sale' }))];
    expect(await round()).toEqual({ claimed: 500, later: false });
    expect(await round()).toEqual({ claimed: 120, later: false });
    const rows = await untilSynced(sales);
    const batches = batchesOf(rows);
    expect(batches).toHaveLength(2);
    for (const workflowId of batches) {
      expect(workflowId).toMatch(/^settleSales-/);
      const { typedSearchAttributes } = await flow.temporal.client.workflow.getHandle(workflowId!).describe();
      expect(workflowId).toContain(typedSearchAttributes.get(searchAttributes.batch));
      expect(typedSearchAttributes.get(searchAttributes.tenant)).toBe(flow.business.tenantId);
      expect(typedSearchAttributes.get(searchAttributes.operation)).toBeUndefined();
    }
    expect(rows.every((row) => row.codes.join() === 'accepted,taken,synced')).toBe(true);
    expect(await flow.database.query('SELECT 1 FROM outbox')).toEqual([]);
    await flow.record('settle-sales-batch', sales[0]!.operationId);
  });

  it('killed between claim and start: they go with the next claim after the lease', async () => {
    const sales = await shop.sell(5);
    await flow.db.definer.claimOutbox(randomUUID(), { limit: 50, leaseMs: 60_000, batchLimit: 500 });
    expect((await round()).claimed).toBe(0);
    await flow.database.query('UPDATE outbox SET leased_until = now()');
    expect((await round()).claimed).toBe(5);
    await untilSynced(sales);
  });

  it('killed between start and drop: handed over twice, settled once', async () => {
    const sales = await shop.sell(5);
    const batchId = randomUUID();
    const { tenantId } = flow.business;
    const claimed = await flow.db.definer.claimOutbox(batchId, { limit: 50, leaseMs: 60_000, batchLimit: 500 });
    const rows = await flow.db.withTenant(tenantId, (tx) =>
      readOutbox(
        tx,
        batchId,
        claimed.map(({ outboxId }) => outboxId),
      ),
    );
    // The workflow takes the rows away; here they are as the dispatcher that died had left them.
    await flow.database.query('CREATE TABLE kept AS SELECT * FROM outbox');
    const [unit] = unitsOf(tenantId, batchId, rows);
    await flow.temporal.client.workflow.execute('settleSales', {
      taskQueue: 'sales',
      workflowId: unit!.workflowId,
      args: unit!.args,
    });
    await flow.database.query('INSERT INTO outbox SELECT * FROM kept');
    await flow.database.query('DROP TABLE kept');
    await flow.database.query('UPDATE outbox SET leased_until = now()');
    expect((await round()).claimed).toBe(5);
    const ends = await untilSynced(sales);
    expect(ends.every((row) => row.codes.join() === 'accepted,taken,synced')).toBe(true);
    expect(batchesOf(ends)).toEqual([unit!.workflowId]);
  });

  it('leaves out what another attempt or run has, and what is at rest', async () => {
    const sales = await shop.sell(4);
    const [rests, retried, taken, good] = idsOf(sales);
    await flow.database.query(`UPDATE operation SET state = 'needs_attention' WHERE id = $1`, [rests]);
    await flow.database.query('UPDATE operation SET attempt = 2 WHERE id = $1', [retried]);
    await flow.database.query(`UPDATE operation SET state = 'syncing', run_id = 'another' WHERE id = $1`, [taken]);
    await round();
    await flow.until(good!, 'synced');
    const rows = await settled(sales);
    expect(rows.map((row) => row.state)).toEqual(['needs_attention', 'pending', 'syncing', 'synced']);
  });
});

describe('a batch that is lost', () => {
  const sweep = () =>
    createSweepActivities({
      db: flow.db,
      describe: (workflowId, runId) => describeWorkflow(flow.temporal.client, workflowId, runId),
      ensureWatched: async () => undefined,
    }).sweep({ quietMs: 0 });

  it('is begun anew by the sweep, member by member, also when a person stopped the batch', async () => {
    await flow.database.query(`UPDATE operation SET state = 'cancelled' WHERE state <> 'synced'`);
    const sales = await shop.sell(6);
    // Taken by a workflow that nobody works for, and that is stopped.
    const handle = await flow.temporal.client.workflow.start('settleSales', {
      taskQueue: 'nobody',
      workflowId: `settleSales-${randomUUID()}`,
      args: [{ tenantId: flow.business.tenantId, members: idsOf(sales).map((id) => [id, 1]) }],
    });
    await flow.database.query(
      `UPDATE operation SET state = 'syncing', step = 'taken', workflow_id = $2, run_id = $3 WHERE id = ANY ($1::uuid[])`,
      [idsOf(sales), handle.workflowId, handle.firstExecutionRunId],
    );
    await flow.database.query('DELETE FROM outbox');
    expect(await sweep()).toBe(0);
    await handle.terminate();
    expect(await sweep()).toBe(6);
    expect((await settled(sales)).map((row) => [row.state, row.attempt])).toEqual(sales.map(() => ['pending', 2]));
    expect(await round()).toMatchObject({ claimed: 6 });
    const rows = await untilSynced(sales);
    expect(rows.every((row) => row.codes.join() === 'accepted,swept,taken,synced')).toBe(true);
  });

  it('a sale alone that a person stopped asks for attention', async () => {
    const [sale] = await shop.sell(1);
    const workflowId = `sale-${sale!.operationId}-1`;
    const handle = await flow.temporal.client.workflow.start('settleSales', {
      taskQueue: 'nobody',
      workflowId,
      args: [{ tenantId: flow.business.tenantId, operationId: sale!.operationId, attempt: 1 }],
    });
    await flow.database.query(`UPDATE operation SET state = 'syncing', workflow_id = $2, run_id = $3 WHERE id = $1`, [
      sale!.operationId,
      workflowId,
      handle.firstExecutionRunId,
    ]);
    await handle.terminate();
    await sweep();
    expect(await settled([sale!])).toMatchObject([{ state: 'needs_attention' }]);
  });
});

describe('warnings of low stock', () => {
  const warnings = (variantId: string) =>
    flow.database.query<{ on_hand: string; open: boolean }>(
      'SELECT on_hand::text, ended_at IS NULL AS open FROM low_stock_event WHERE variant_id = $1 ORDER BY at, open',
      [variantId],
    );
  const sellAndSettle = async (of: TestShop, count: number, how: Parameters<TestShop['sell']>[1] = {}) => {
    const sales = await of.sell(count, how);
    await round();
    await untilSynced(sales);
  };

  it('one is opened for a level at its least, not a second one below, and it ends above', async () => {
    const small = await createShop(flow.database, flow.business, { name: 'Caja 2', onHand: 12, minStock: 5 });
    const [first, second] = small.variants as [string, string];
    await sellAndSettle(small, 6, { variant: 0 });
    expect(await warnings(first)).toEqual([]);
    await sellAndSettle(small, 1, { variant: 0 });
    expect(await warnings(first)).toEqual([{ on_hand: '5.000', open: true }]);
    await sellAndSettle(small, 2, { variant: 0 });
    expect(await warnings(first)).toEqual([{ on_hand: '5.000', open: true }]);
    await sellAndSettle(small, 3, { variant: 0, kind: 'return_sale' });
    expect(await warnings(first)).toEqual([{ on_hand: '5.000', open: false }]);
    await sellAndSettle(small, 1, { variant: 0 });
    expect(await warnings(first)).toEqual([
      { on_hand: '5.000', open: false },
      { on_hand: '5.000', open: true },
    ]);
    expect(await warnings(second)).toEqual([]);
  });

  it("the variant's least counts where the site has none of its own", async () => {
    const small = await createShop(flow.database, flow.business, { name: 'Caja 3', onHand: 3 });
    await flow.database.query('UPDATE variant SET min_stock = 2 WHERE id = $1', [small.variants[0]]);
    await sellAndSettle(small, 2, { variant: 0 });
    expect(await warnings(small.variants[0]!)).toEqual([{ on_hand: '1.000', open: true }]);
  });
});

it('one whose rows are at fault does not hold up those that came with it', async () => {
  const poor = await createShop(flow.database, flow.business, { name: 'Caja 4', onHand: 1, minStock: 5, variants: 2 });
  await flow.database.query(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END $$`,
  );
  await flow.database.query(
    `CREATE TRIGGER refuse BEFORE INSERT ON low_stock_event FOR EACH ROW WHEN (NEW.variant_id = '${poor.variants[0]}') EXECUTE FUNCTION refuse()`,
  );
  const [bad] = await poor.sell(1, { variant: 0 });
  const [good] = await poor.sell(1, { variant: 1 });
  await round();
  await flow.until(good!.operationId, 'synced');
  const detail = await flow.until(bad!.operationId, 'needs_attention');
  expect(detail.error?.code).toBe('internal');
  await flow.database.query('DROP TRIGGER refuse ON low_stock_event');
  await flow.retry(bad!.operationId);
  await round();
  await flow.until(bad!.operationId, 'synced');
});
