import { randomUUID } from 'node:crypto';
import { buildTestApp, type TestApp } from '../support/app';
import { readPdf } from '../support/pdf';
import { createTill, type TestTill } from '../support/till';

let t: TestApp;
let cashier: Record<string, string>;
let manager: Record<string, string>;
let till: TestTill;
beforeAll(async () => {
  t = await buildTestApp();
  [cashier, manager] = [await t.as(t.demo.users.cashier), await t.as(t.demo.users.manager)];
  till = await createTill(t.database, t.deps.db, t.demo, { stock: 1000 });
});
afterAll(() => t.close());

const post = (url: string, payload: object, headers = manager, key: string = randomUUID()) =>
  t.call({ method: 'POST', url: `/api/v1${url}`, payload, headers: { ...headers, 'idempotency-key': key } });
const get = (url: string, headers: Record<string, string> = cashier) =>
  t.call({ method: 'GET', url: `/api/v1${url}`, headers });

/** Two of the first for 2380, one of the second for 1190, paid with 5000. */
async function sell(change: object = {}): Promise<{ saleId: string; operationId: string; number: number }> {
  const answer = await post('/sales', {
    siteId: till.siteId,
    registerId: till.registerId,
    lines: [
      { sku: till.variants[0]!.sku, quantity: 2 },
      { sku: till.variants[1]!.sku, quantity: 1 },
    ],
    payments: [{ method: 'cash', amount: 5000 }],
    ...change,
  });
  expect([answer.statusCode, answer.json()]).toEqual([201, expect.anything()]);
  return answer.json();
}

const pdfOf = async (saleId: string) => {
  const answer = await get(`/sales/${saleId}/receipt.pdf`);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pdf']);
  return { answer, ...readPdf(answer.rawPayload) };
};

describe('GET /sales/:id/receipt.pdf', () => {
  it('is one page as wide as the roll that says where, what, for how much and how it was paid', async () => {
    await t.database.query(`UPDATE site SET address = 'Av. Pajaritos 123, Maipú' WHERE id = $1`, [till.siteId]);
    const { saleId, number } = await sell({ customer: { name: 'Señora Ñuñez' } });
    const { pages, answer } = await pdfOf(saleId);
    expect(pages).toHaveLength(1);
    expect(pages[0]!.width).toBeCloseTo((80 / 25.4) * 72, 1);
    const [name] = await t.database.query<{ name: string }>('SELECT name FROM register WHERE id = $1', [
      till.registerId,
    ]);
    const { lines } = pages[0]!;
    for (const line of [
      'demo',
      'Tienda 1',
      'Av. Pajaritos 123, Maipú',
      `Boleta N° ${number}`,
      'Cliente: Señora Ñuñez',
      '2 × $1.190 $2.380',
      '1 × $1.190 $1.190',
      'Total $3.570',
      'IVA incluido $570',
      'Efectivo $5.000',
      'Vuelto $1.430',
      'Gracias por su compra.',
    ])
      expect(lines).toContain(line);
    expect(lines.join(' ')).toContain(name!.name);
    expect(answer.headers).toMatchObject({
      'content-disposition': expect.stringMatching(
        new RegExp(`^inline; filename="boleta-caja-[0-9a-z-]+-${number}\\.pdf"$`),
      ) as string,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      // A browser shows it by a plug-in, which a page's policy would forbid.
      'content-security-policy': expect.stringContaining("object-src 'self'; frame-ancestors 'none'") as string,
    });
  });

  it("is dated by the clock of its site, not of the business's other sites", async () => {
    const { saleId } = await sell();
    const hours: string[] = [];
    for (const zone of ['America/Santiago', 'Pacific/Easter']) {
      await t.database.query('UPDATE site SET time_zone = $2 WHERE id = $1', [till.siteId, zone]);
      const { pages } = await pdfOf(saleId);
      hours.push(pages[0]!.lines.find((line) => / 20\d\d .*\d:\d\d/.test(line))!);
    }
    await t.database.query(`UPDATE site SET time_zone = 'America/Santiago' WHERE id = $1`, [till.siteId]);
    expect(hours[0]).toMatch(/\d/);
    expect(hours[0]).not.toBe(hours[1]);
  });

  it('a changed price shows the list price and what it saved', async () => {
    const { saleId } = await sell({
      lines: [{ sku: till.variants[0]!.sku, quantity: 2, unitPrice: 1000 }],
    });
    const { lines } = (await pdfOf(saleId)).pages[0]!;
    expect(lines).toEqual(
      expect.arrayContaining(['2 × $1.000 $2.000', 'Precio normal $1.190', 'Subtotal $2.380', 'Descuentos −$380']),
    );
  });

  it('is not sent again to who has it, and is another once the sale was voided', async () => {
    const { saleId } = await sell();
    const { answer } = await pdfOf(saleId);
    const tag = String(answer.headers.etag);
    const again = await get(`/sales/${saleId}/receipt.pdf`, { ...cashier, 'if-none-match': tag });
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', tag]);
    const made = (await post(`/sales/${saleId}/void`, { reason: 'Se equivocó de talla' })).json<{ saleId: string }>();
    const { pages, answer: changed } = await pdfOf(saleId);
    expect(pages[0]!.lines).toContain('*** ANULADA ***');
    expect(changed.headers.etag).not.toBe(tag);
    const back = await pdfOf(made.saleId);
    expect(back.pages[0]!.lines).toEqual(
      expect.arrayContaining(['Motivo: Se equivocó de talla', 'Total devuelto $3.570']),
    );
  });

  it('says what was returned of it', async () => {
    const { saleId } = await sell();
    const lines = [{ line: 2, quantity: 1 }];
    await post(`/sales/${saleId}/return`, { lines, payments: [{ method: 'cash', amount: 1190 }], reason: 'Talla' });
    expect((await pdfOf(saleId)).pages[0]!.lines).toContain('Devuelto después $1.190');
  });

  it('is no business of another business', async () => {
    const { saleId } = await sell();
    const stranger = await t.as(t.otra.users.admin);
    expect((await get(`/sales/${saleId}/receipt.pdf`, stranger)).statusCode).toBe(404);
    expect((await post(`/sales/${saleId}/receipt`, { email: 'a@b.test' }, stranger)).statusCode).toBe(404);
  });
});

describe('POST /sales/:id/receipt', () => {
  const mailServer = (kind: 'mail' | 'none') =>
    kind === 'none'
      ? t.database.query(`UPDATE connection SET kind = 'mail-off' WHERE kind = 'mail'`)
      : t.database.query(
          `INSERT INTO connection (tenant_id, id, kind, name, settings, secret)
           VALUES ($1, gen_random_uuid(), 'mail', $2, '{"url": "smtp://127.0.0.1:9", "database": "tienda@demo.test", "login": ""}', '')`,
          [t.demo.tenantId, randomUUID()],
        );
  const starts = (mailId: string) =>
    t.database.query('SELECT queue, workflow_type FROM outbox WHERE workflow_id = $1', [`receipt-${mailId}`]);
  const seen = async (saleId: string) =>
    (await get(`/sales/${saleId}`)).json<{ receipts: { id: string; to: string; state: string }[] }>().receipts;

  it('without a mail server says so at once, and nothing waits', async () => {
    const { saleId } = await sell();
    const answer = await post(`/sales/${saleId}/receipt`, { email: 'ana@cliente.test' }, cashier);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([422, 'no_mail_server']);
    expect(await seen(saleId)).toEqual([]);
  });

  describe('with a mail server', () => {
    beforeAll(() => mailServer('mail'));
    afterAll(() => mailServer('none'));

    it('is accepted with its audit and a workflow of its own, and the sale shows that it waits', async () => {
      const { saleId, operationId } = await sell();
      const answer = await post(`/sales/${saleId}/receipt`, { email: 'Ana@Cliente.test' }, cashier);
      const mail = answer.json<{ id: string }>();
      expect([answer.statusCode, mail]).toEqual([
        202,
        expect.objectContaining({ to: 'ana@cliente.test', state: 'waiting', sentAt: null, reason: null }),
      ]);
      expect(await starts(mail.id)).toEqual([{ queue: 'sales', workflow_type: 'mailReceipt' }]);
      expect(await seen(saleId)).toEqual([mail]);
      expect(
        await t.database.query(`SELECT action, after, operation_id FROM audit WHERE entity_id = $1`, [saleId]),
      ).toEqual([{ action: 'receipt.mailed', after: { to: 'ana@cliente.test' }, operation_id: operationId }]);
    });

    it('asked again, by the same key or another, it goes once for as long as it is on its way', async () => {
      const { saleId } = await sell();
      const key = randomUUID();
      const ask = (k?: string) => post(`/sales/${saleId}/receipt`, { email: 'ana@cliente.test' }, cashier, k);
      const answers = [await ask(key), await ask(key), await ask()];
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202]);
      expect(new Set(answers.map((answer) => answer.json<{ id: string }>().id)).size).toBe(1);
      expect(answers[1]!.headers['idempotency-replayed']).toBe('true');
      await t.database.query('UPDATE receipt_mail SET sent_at = now() WHERE sale_id = $1', [saleId]);
      await ask();
      expect((await seen(saleId)).map(({ state }) => state)).toEqual(['sent', 'waiting']);
    });

    it('to a hundred addresses is no receipt any more', async () => {
      const { saleId } = await sell();
      const to = (n: number) => post(`/sales/${saleId}/receipt`, { email: `cliente${n}@cliente.test` }, cashier);
      for (let n = 1; n <= 10; n++) expect((await to(n)).statusCode).toBe(202);
      const answer = await to(11);
      expect([answer.statusCode, answer.json()]).toEqual([
        422,
        expect.objectContaining({ code: 'too_many_receipts', most: 10 }),
      ]);
    });

    it('at what is no address is malformed', async () => {
      const { saleId } = await sell();
      expect((await post(`/sales/${saleId}/receipt`, { email: 'nadie' }, cashier)).statusCode).toBe(400);
    });

    it('is for those who sell', async () => {
      const { saleId } = await sell();
      const auditor = await t.as(t.demo.users.auditor);
      expect((await post(`/sales/${saleId}/receipt`, { email: 'a@b.test' }, auditor)).statusCode).toBe(403);
      expect((await get(`/sales/${saleId}/receipt.pdf`, auditor)).statusCode).toBe(200);
    });
  });
});
