import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { messageIdOf } from '../../activities/settle-sales/send-receipt';
import { createSweepActivities } from '../../activities/sweep';
import { addReceiptMail } from '../../store/receipts';
import { describeWorkflow } from '../../temporal/describe';
import { setConnectionState } from '../../store/connections';
import { eventually } from '../support/eventually';
import { quickTiming, startFlow, type Flow } from '../support/flow';
import { createShop, type TestSale, type TestShop } from '../support/shop';

/** Receipts by mail, on a real PostgreSQL, a real Temporal and a server that speaks SMTP. */
let flow: Flow;
let shop: TestShop;
beforeAll(async () => {
  flow = await startFlow({ mail: true });
  shop = await createShop(flow.database, flow.business);
  await flow.watch();
});
beforeEach(async () => {
  flow.mail!.control({ mode: 'ok', reset: true });
  await flow.watch();
});
afterAll(() => flow.close());

const inbox = () => flow.mail!.state().messages;
const rowOf = async ({ mailId }: TestSale) => {
  const [row] = await flow.database.query<{ sent: boolean; refused: string | null; tries: number }>(
    'SELECT sent_at IS NOT NULL AS sent, refused, tries FROM receipt_mail WHERE id = $1',
    [mailId],
  );
  return row!;
};
const codesOf = async ({ operationId }: TestSale) => (await flow.read(operationId)).timeline.map(({ code }) => code);
const ask = async ({ saleId }: TestSale, to: string): Promise<string> =>
  (await flow.db.withTenant(flow.business.tenantId, (tx) => addReceiptMail(tx, saleId, to))).id;
const pending = async (handle: WorkflowHandle) => (await handle.describe()).raw.pendingActivities?.[0];
const sellOne = async (mailTo: string): Promise<TestSale> => {
  const [sale] = await shop.sell(1, { mailTo });
  return sale!;
};

it('goes to the customer, once, and the sale says so without giving the address away', async () => {
  const sale = await sellOne('ana@cliente.test');
  await flow.until(sale.operationId, 'synced');
  expect(inbox()).toMatchObject([
    { messageId: messageIdOf(sale.mailId!), to: ['ana@cliente.test'], from: 'tienda@demo.test', times: 1 },
  ]);
  expect(inbox()[0]?.text).toContain('Total: $1.990');
  expect(await rowOf(sale)).toEqual({ sent: true, refused: null, tries: 1 });
  const { timeline } = await flow.read(sale.operationId);
  expect(timeline.find(({ code }) => code === 'receipt_sent')?.data).toEqual({ to: 'an…@cliente.test' });
  await flow.record('settle-sales-mailed', sale.operationId);
});

it('an address that does not exist is said once, and the sale is done', async () => {
  const sale = await sellOne('noexiste@cliente.test');
  await flow.until(sale.operationId, 'synced');
  expect(await rowOf(sale)).toMatchObject({
    sent: false,
    refused: expect.stringContaining('No such mailbox') as string,
  });
  expect(await codesOf(sale)).toContain('receipt_refused');
  await flow.record('settle-sales-mail-refused', sale.operationId);
  expect(inbox()).toEqual([]);
});

it('a mail server that is down holds up nobody else, and the rest goes by itself when it is back', async () => {
  flow.mail!.control({ mode: 'down' });
  await flow.dispatcher.stop();
  const without = await shop.sell(3);
  const mailed = await shop.sell(3, { mailTo: 'ana@cliente.test' });
  const dispatcher = flow.newDispatcher();
  dispatcher.start();
  for (const sale of without) await flow.until(sale.operationId, 'synced');
  for (const sale of mailed) {
    const { error, workflowId } = await flow.until(sale.operationId, 'waiting');
    expect(error?.code).toBe('mail_unreachable');
    expect(workflowId).toBeNull();
  }
  // The run that found the server down: it left its sales to the next attempts.
  const [batch] = await flow.database.query<{ id: string }>(`SELECT workflow_id AS id FROM operation WHERE id = $1`, [
    without[0]!.operationId,
  ]);
  await flow.record('settle-sales-mail-waits', { workflowId: batch!.id });
  const [connection] = await flow.database.query('SELECT state FROM connection WHERE id = $1', [flow.mailConnectionId]);
  expect(connection).toEqual({ state: 'down' });
  const { connections } = flow.mail!.state().calls;
  flow.mail!.control({ mode: 'ok' });
  expect(flow.mail!.state().calls.connections).toBe(connections);
  await flow.watch();
  for (const sale of mailed) await flow.until(sale.operationId, 'synced');
  expect(inbox().map(({ times }) => times)).toEqual([1, 1, 1]);
  await flow.record('settle-sales-mail-back', mailed[0]!.operationId);
});

it('taken and the answer lost: it is sent again under its number, and the sale says why', async () => {
  flow.mail!.control({ mode: 'apply_then_drop', times: 1 });
  const sale = await sellOne('ana@cliente.test');
  await flow.until(sale.operationId, 'synced');
  expect(inbox()).toMatchObject([{ messageId: messageIdOf(sale.mailId!), times: 2 }]);
  await flow.record('settle-sales-mail-unsure', sale.operationId);
  const codes = await codesOf(sale);
  expect(codes.filter((code) => code === 'receipt_sent')).toHaveLength(1);
  expect(codes).toEqual(expect.arrayContaining(['waiting', 'receipt_unsure', 'receipt_sent', 'synced']));
});

it('a full mailbox is tried again later, and the others of the batch are not', async () => {
  const dispatcher = flow.newDispatcher();
  const [full] = await shop.sell(1, { mailTo: 'llena@cliente.test' });
  dispatcher.hint();
  const { error } = await flow.until(full!.operationId, 'waiting');
  expect(error?.code).toBe('mail_busy');
  await eventually(
    () => rowOf(full!),
    ({ tries }) => tries >= 2,
  );
  await flow.database.query(`UPDATE receipt_mail SET created_at = now() - interval '4 days' WHERE id = $1`, [
    full!.mailId,
  ]);
  await flow.until(full!.operationId, 'synced');
  expect(await codesOf(full!)).toContain('receipt_given_up');
  await flow.record('settle-sales-mail-given-up', full!.operationId);
  expect(await rowOf(full!)).toMatchObject({ sent: false, refused: 'given_up' });
});

it('a worker that dies after the mail was sent sends no second one while nobody knows', async () => {
  flow.beforeAnswer('sendReceipts', () => Promise.reject(new Error('the worker is gone')));
  const sale = await sellOne('ana@cliente.test');
  await flow.until(sale.operationId, 'synced');
  expect(inbox().map(({ times }) => times)).toEqual([1]);
  await flow.record('settle-sales-worker-died', sale.operationId);
});

it('a wrong key is told on the connection, and nothing is sent until it is mended', async () => {
  await flow.db.withTenant(flow.business.tenantId, (tx) =>
    setConnectionState(tx, flow.mailConnectionId, { state: 'credentials', error: 'x' }),
  );
  const sale = await sellOne('ana@cliente.test');
  expect((await flow.until(sale.operationId, 'waiting')).error?.code).toBe('mail_credentials');
  await flow.watch();
  await flow.until(sale.operationId, 'synced');
  expect(inbox()).toHaveLength(1);
});

it('one that is asked for after the sale has a workflow of its own', async () => {
  const [sale] = await shop.sell(1);
  await flow.until(sale!.operationId, 'synced');
  const mailId = await ask(sale!, 'despues@cliente.test');
  await eventually(inbox, (mails) => mails.length === 1);
  expect(inbox()).toMatchObject([{ to: ['despues@cliente.test'], messageId: messageIdOf(mailId) }]);
  await flow.temporal.client.workflow.getHandle(`receipt-${mailId}`).result();
  expect(await rowOf({ ...sale!, mailId })).toMatchObject({ sent: true });
  await flow.record('mail-receipt-sent', { workflowId: `receipt-${mailId}` });
});

it('one that is asked for while the mail server is down goes when it is back', async () => {
  const [sale] = await shop.sell(1);
  await flow.until(sale!.operationId, 'synced');
  flow.mail!.control({ mode: 'down' });
  const mailId = await ask(sale!, 'despues@cliente.test');
  await eventually(
    () => rowOf({ ...sale!, mailId }),
    ({ tries }) => tries >= 1,
  );
  const handle = flow.temporal.client.workflow.getHandle(`receipt-${mailId}`);
  await eventually(
    async () => (await pending(handle))?.attempt ?? 0,
    (attempt) => attempt >= 2,
  );
  expect(await rowOf({ ...sale!, mailId })).toMatchObject({ sent: false, refused: null });
  flow.mail!.control({ mode: 'ok' });
  await flow.watch();
  await handle.result();
  expect(inbox()).toMatchObject([{ messageId: messageIdOf(mailId), times: 1 }]);
  await flow.record('mail-receipt-waited', { workflowId: handle.workflowId });
});

it('one that is asked for later for an address that does not exist is refused, and its workflow ends', async () => {
  const [sale] = await shop.sell(1);
  await flow.until(sale!.operationId, 'synced');
  const mailId = await ask(sale!, 'noexiste@cliente.test');
  const workflowId = `receipt-${mailId}`;
  await eventually(
    () => rowOf({ ...sale!, mailId }),
    ({ refused }) => refused !== null,
  );
  await flow.temporal.client.workflow.getHandle(workflowId).result();
  await flow.record('mail-receipt-refused', { workflowId });
});

it('one that nobody could deliver in three days is given up', async () => {
  const [sale] = await shop.sell(1);
  await flow.until(sale!.operationId, 'synced');
  const mailId = await ask(sale!, 'llena@cliente.test');
  const workflowId = `receipt-${mailId}`;
  await eventually(
    () => rowOf({ ...sale!, mailId }),
    ({ tries }) => tries >= 1,
  );
  await flow.database.query(`UPDATE receipt_mail SET created_at = now() - interval '4 days' WHERE id = $1`, [mailId]);
  await flow.temporal.client.workflow.getHandle(workflowId).result();
  expect(await rowOf({ ...sale!, mailId })).toMatchObject({ sent: false, refused: 'given_up' });
  await flow.record('mail-receipt-given-up', { workflowId });
});

it('a person who cancels it in Temporal does not lose the receipt half-way: it still goes', async () => {
  const [sale] = await shop.sell(1);
  await flow.until(sale!.operationId, 'synced');
  flow.mail!.control({ mode: 'slow', ms: 3_000, times: 1 });
  const mailId = await ask(sale!, 'despues@cliente.test');
  const handle = flow.temporal.client.workflow.getHandle(`receipt-${mailId}`);
  await eventually(inbox, (mails) => mails.length === 1);
  await handle.cancel();
  await handle.result();
  expect(await rowOf({ ...sale!, mailId })).toMatchObject({ sent: true, tries: 1 });
  await flow.record('mail-receipt-cancelled', { workflowId: handle.workflowId });
});

it('a person who cancels the settlement in Temporal does not leave the sale half-settled', async () => {
  flow.mail!.control({ mode: 'slow', ms: 3_000, times: 1 });
  const sale = await sellOne('ana@cliente.test');
  await eventually(inbox, (mails) => mails.length === 1);
  const { workflowId } = await flow.read(sale.operationId);
  await flow.temporal.client.workflow.getHandle(workflowId!).cancel();
  await flow.until(sale.operationId, 'synced');
  expect(inbox().map(({ times }) => times)).toEqual([1]);
  await flow.record('settle-sales-cancelled', sale.operationId);
});

describe('a receipt that Temporal has lost', () => {
  const sweep = () =>
    createSweepActivities({
      db: flow.db,
      describe: (workflowId, runId) => describeWorkflow(flow.temporal.client, workflowId, runId),
      ensureWatched: async () => undefined,
    }).sweep({ quietMs: 0 });
  /** One that was handed over and is nowhere, as after a new, empty Temporal. */
  const lose = async (): Promise<TestSale & { mailId: string }> => {
    const [sale] = await shop.sell(1);
    await flow.until(sale!.operationId, 'synced');
    const mailId = randomUUID();
    await flow.database.query(
      `INSERT INTO receipt_mail (tenant_id, id, sale_id, recipient) VALUES ($1, $2, $3, 'ana@cliente.test')`,
      [flow.business.tenantId, mailId, sale!.saleId],
    );
    return { ...sale!, mailId };
  };

  it('is begun anew by the sweep', async () => {
    const sale = await lose();
    expect(await sweep()).toBe(1);
    await eventually(
      () => rowOf(sale),
      ({ sent }) => sent,
    );
    expect(inbox()).toMatchObject([{ messageId: messageIdOf(sale.mailId), times: 1 }]);
    expect(await sweep()).toBe(0);
  });

  it('or that a person stopped is given up, and the sale says so', async () => {
    const sale = await lose();
    const handle = await flow.temporal.client.workflow.start('mailReceipt', {
      taskQueue: 'nobody',
      workflowId: `receipt-${sale.mailId}`,
      args: [{ tenantId: flow.business.tenantId, mailId: sale.mailId }],
    });
    expect(await sweep()).toBe(0);
    await handle.terminate();
    expect(await sweep()).toBe(1);
    expect(await rowOf(sale)).toMatchObject({ sent: false, refused: 'stopped_by_person' });
  });
});

it('one whose sender died in the middle is left alone until nobody can be at it any more, and is sent then', async () => {
  const [sale] = await shop.sell(1);
  await flow.until(sale!.operationId, 'synced');
  const mailId = randomUUID();
  await flow.database.query(
    `INSERT INTO receipt_mail (tenant_id, id, sale_id, recipient, tries, tried_at) VALUES ($1, $2, $3, 'ana@cliente.test', 1, now())`,
    [flow.business.tenantId, mailId, sale!.saleId],
  );
  const handle = await flow.temporal.client.workflow.start('mailReceipt', {
    taskQueue: 'sales',
    workflowId: `receipt-${mailId}`,
    args: [{ tenantId: flow.business.tenantId, mailId }, quickTiming],
  });
  await eventually(
    async () => (await pending(handle))?.attempt ?? 0,
    (attempt) => attempt >= 2,
  );
  expect(inbox()).toEqual([]);
  await flow.database.query(`UPDATE receipt_mail SET tried_at = now() - interval '3 minutes' WHERE id = $1`, [mailId]);
  await handle.result();
  expect(inbox()).toMatchObject([{ messageId: messageIdOf(mailId), times: 1 }]);
});

it('a business without a mail server is told once, and its sales do not wait for one', async () => {
  await flow.database.query(`UPDATE connection SET kind = 'mail-off' WHERE id = $1`, [flow.mailConnectionId]);
  const sale = await sellOne('ana@cliente.test');
  await flow.until(sale.operationId, 'synced');
  expect(await codesOf(sale)).toContain('receipt_no_server');
  await flow.record('settle-sales-no-mail-server', sale.operationId);
  const mailId = await ask(sale, 'ana@cliente.test');
  const workflowId = `receipt-${mailId}`;
  await eventually(
    () => rowOf({ ...sale, mailId }),
    ({ refused }) => refused === 'no_mail_connection',
  );
  await flow.temporal.client.workflow.getHandle(workflowId).result();
  await flow.record('mail-receipt-no-mail-server', { workflowId });
  await flow.database.query(`UPDATE connection SET kind = 'mail' WHERE id = $1`, [flow.mailConnectionId]);
});
