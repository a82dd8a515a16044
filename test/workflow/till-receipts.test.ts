import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { mailReceipt } from '../../api/receipts/commands';
import { createCheckout, type Checkout } from '../../api/sales/checkout';
import { makeSale } from '../../api/sales/commands';
import { getSale } from '../../api/sales/queries';
import type { Actor } from '../../domain/access';
import { createAdmission } from '../../store/admission';
import { createHotPath, type HotPath } from '../../store/hot-path';
import { requireEnv } from '../support/environment';
import { eventually } from '../support/eventually';
import { startFlow, type Flow } from '../support/flow';
import { readPdf } from '../support/pdf';
import { createTill, type TestTill } from '../support/till';

/** From «cobrar» with the customer's address to what the customer finds in the inbox. */
let flow: Flow;
let till: TestTill;
let hotPath: HotPath;
let checkout: Checkout;
let redis: Redis;
let cashier: Actor;
beforeAll(async () => {
  flow = await startFlow({ mail: true });
  till = await createTill(flow.database, flow.db, flow.business);
  hotPath = createHotPath({ url: flow.database.appUrl, onHint: () => flow.dispatcher.hint() });
  const quiet = { warn: () => undefined, error: () => undefined };
  redis = new Redis(requireEnv('NERVIO_TEST_REDIS_URL'));
  checkout = createCheckout({ hotPath, admission: createAdmission(redis), mode: 'memory', log: quiet });
  const { id: userId, email } = flow.business.users.cashier;
  cashier = { ...flow.actor, userId, email, role: 'cashier' };
  await flow.watch();
});
beforeEach(() => flow.mail!.control({ mode: 'ok', reset: true }));
afterAll(async () => {
  await checkout.idle();
  await hotPath.close();
  redis.disconnect();
  await flow.close();
});

const sell = async () => {
  const { siteId, registerId, variants } = till;
  const input = {
    siteId,
    registerId,
    lines: [{ sku: variants[0]!.sku, quantity: 2 }],
    payments: [{ method: 'cash' as const, amount: 3000 }],
    customer: { name: 'Señora Ñuñez', email: 'Ana@Cliente.test' },
  };
  return (await makeSale({ checkout }, cashier, input, randomUUID())).body;
};
const receiptsOf = async (saleId: string) =>
  (await getSale(flow.deps, cashier, saleId)).receipts.map(({ to, state, reason }) => ({ to, state, reason }));

it('what the customer sees is the receipt: subject, text, page and a file to keep', async () => {
  const { saleId, operationId, number } = await sell();
  await flow.until(operationId, 'synced');
  const [mail, ...others] = flow.mail!.state().messages;
  expect(others).toEqual([]);
  expect(mail).toMatchObject({
    from: 'tienda@demo.test',
    to: ['ana@cliente.test'],
    subject: `Boleta N° ${number} · demo · $2.380`,
    times: 1,
  });
  for (const part of ['Cliente: Señora Ñuñez', '2 × $1.190  $2.380', 'Total: $2.380', 'Vuelto: $620'])
    expect(mail!.text).toContain(part);
  expect(mail!.html).toContain('<strong>Boleta N° ');
  expect(mail!.attachments).toMatchObject([
    { name: expect.stringMatching(/^boleta-caja-.*\.pdf$/) as string, contentType: 'application/pdf' },
  ]);
  const file = await fetch(`${flow.mail!.url}/messages/${mail!.id}/0`);
  const { pages } = readPdf(Buffer.from(await file.arrayBuffer()));
  expect(pages[0]!.lines).toEqual(expect.arrayContaining([`Boleta N° ${number}`, 'Total $2.380']));
  expect(await receiptsOf(saleId)).toEqual([{ to: 'ana@cliente.test', state: 'sent', reason: null }]);
});

it('while the mail server is down the sale says that its receipt waits for it, and nothing else does', async () => {
  flow.mail!.control({ mode: 'down' });
  const { saleId, operationId } = await sell();
  const { error } = await flow.until(operationId, 'waiting');
  expect(error?.code).toBe('mail_unreachable');
  expect(await receiptsOf(saleId)).toEqual([{ to: 'ana@cliente.test', state: 'waiting', reason: null }]);
  flow.mail!.control({ mode: 'ok' });
  await flow.watch();
  await flow.until(operationId, 'synced');
  expect(await receiptsOf(saleId)).toEqual([{ to: 'ana@cliente.test', state: 'sent', reason: null }]);
  expect(flow.mail!.state().messages.map(({ times }) => times)).toEqual([1]);
});

it('asked for again at the till, it goes to the other address, and one that cannot is shown with its reason', async () => {
  const { saleId, operationId } = await sell();
  await flow.until(operationId, 'synced');
  for (const email of ['otra@cliente.test', 'noexiste@cliente.test']) {
    const answer = await mailReceipt(flow.deps, cashier, saleId, { email }, randomUUID());
    expect([answer.status, answer.body.state]).toEqual([202, 'waiting']);
  }
  await eventually(
    () => receiptsOf(saleId),
    (receipts) => receipts.every(({ state }) => state !== 'waiting'),
  );
  expect(await receiptsOf(saleId)).toEqual([
    { to: 'ana@cliente.test', state: 'sent', reason: null },
    { to: 'otra@cliente.test', state: 'sent', reason: null },
    { to: 'noexiste@cliente.test', state: 'refused', reason: expect.stringContaining('No such mailbox') as string },
  ]);
});
