import { randomUUID } from 'node:crypto';
import { buildTestApp, type TestApp } from '../support/app';
import { createShop, type TestSale, type TestShop } from '../support/shop';

/** Operations that move no pallets, over HTTP. */
let t: TestApp;
let shop: TestShop;
let manager: { authorization: string };
beforeAll(async () => {
  t = await buildTestApp();
  shop = await createShop(t.database, t.demo);
  manager = await t.as(t.demo.users.manager);
});
afterAll(() => t.close());

const act = (id: string, what: 'retry' | 'cancel', payload: object = {}) =>
  t.app.inject({
    method: 'POST',
    url: `/api/v1/operations/${id}/${what}`,
    headers: { ...manager, 'idempotency-key': randomUUID() },
    payload,
  });

async function soldOne(state = 'pending'): Promise<TestSale> {
  const [sale] = await shop.sell(1);
  await t.database.query('UPDATE operation SET state = $2 WHERE id = $1', [sale!.operationId, state]);
  return sale!;
}

it('a sale is shown by its till and number', async () => {
  const sale = await soldOne();
  const answer = await t.app.inject({ url: `/api/v1/operations/${sale.operationId}`, headers: manager });
  expect(answer.json()).toMatchObject({
    kind: 'sale',
    subject: { id: sale.saleId, label: expect.stringMatching(/^Caja 1 · N° \d+$/) as string, total: { amount: 1990 } },
    choices: [],
    lines: [],
  });
});

it.each(['pending', 'synced', 'needs_attention'])('a sale that is %s is voided, not cancelled', async (state) => {
  const sale = await soldOne(state);
  const answer = await act(sale.operationId, 'cancel');
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([422, 'use_void']);
});

it('a sale at rest begins anew, and only so', async () => {
  const sale = await soldOne('needs_attention');
  const other = await act(sale.operationId, 'retry', { choice: 'from_current' });
  expect([other.statusCode, other.json<{ code: string }>().code]).toEqual([422, 'choice_not_offered']);
  const again = await act(sale.operationId, 'retry');
  expect(again.statusCode).toBe(202);
  const [row] = await t.database.query('SELECT state, attempt FROM operation WHERE id = $1', [sale.operationId]);
  expect(row).toEqual({ state: 'pending', attempt: 2 });
  const box = await t.database.query('SELECT attempt, workflow_type FROM outbox WHERE operation_id = $1', [
    sale.operationId,
  ]);
  expect(box).toEqual([{ attempt: 2, workflow_type: 'settleSales' }]);
});

it('the undo of an import is cancelled before it began, and not after', async () => {
  const ids = [randomUUID(), randomUUID()];
  for (const [index, id] of ids.entries()) {
    await t.database.query(
      `INSERT INTO operation (tenant_id, id, kind, state, queue, run_id) VALUES ($1, $2, 'undo_import', $3, 'stock', $4)`,
      [t.demo.tenantId, id, index === 0 ? 'pending' : 'syncing', index === 0 ? null : 'run'],
    );
  }
  const [fresh, begun] = [await act(ids[0]!, 'cancel'), await act(ids[1]!, 'cancel')];
  expect([fresh.statusCode, fresh.json<{ state: string }>().state]).toEqual([202, 'cancelled']);
  expect([begun.statusCode, begun.json<{ code: string }>().code]).toEqual([422, 'choice_not_offered']);
});
