import { randomUUID } from 'node:crypto';
import { errors, type ErrorCode } from '../../domain/errors';
import type { StockChange } from '../../domain/stock';
import { lockKey } from '../../store/idempotency';
import { applyStock } from '../../store/stock';
import { buildTestApp, type TestApp } from '../support/app';
import { until } from '../support/eventually';
import { addVariants, bringIn, findDisagreements, type TestVariant } from '../support/stock';
import { addRegister, createTill, type TestTill } from '../support/till';

let t: TestApp;
let cashier: { authorization: string };
let manager: { authorization: string };
let till: TestTill;
beforeAll(async () => {
  t = await buildTestApp();
  [cashier, manager] = [await t.as(t.demo.users.cashier), await t.as(t.demo.users.manager)];
  till = await createTill(t.database, t.deps.db, t.demo);
});
afterAll(() => t.close());

const clp = (amount: number) => ({ amount, currency: 'CLP' });
const sku = (index = 0) => till.variants[index]!.sku;

function sell(change: object = {}, key: string = randomUUID(), headers: Record<string, string> = cashier) {
  const payload = {
    siteId: till.siteId,
    registerId: till.registerId,
    lines: [{ sku: sku(), quantity: 1 }],
    payments: [{ method: 'cash', amount: 1190 }],
    ...change,
  };
  return t.call({ method: 'POST', url: '/api/v1/sales', payload, headers: { ...headers, 'idempotency-key': key } });
}

/** Something new to sell. */
async function article(price: number, stock: number, unit = 'unit'): Promise<TestVariant> {
  const [made] = await addVariants(t.database, t.demo, [`A-${randomUUID()}`], { price, unit });
  if (stock > 0) await bringIn(t.deps.db, t.demo, till.siteId, [{ variantId: made!.id, quantity: stock * 1000 }]);
  return made!;
}

async function onHand(variantId: string, siteId = till.siteId): Promise<string | undefined> {
  const [row] = await t.database.query<{ on_hand: string }>(
    'SELECT on_hand::text FROM stock_level WHERE site_id = $1 AND variant_id = $2',
    [siteId, variantId],
  );
  return row?.on_hand;
}

const countSales = async (): Promise<number> =>
  (await t.database.query<{ n: number }>('SELECT count(*)::int AS n FROM sale'))[0]!.n;

/** A refused sale leaves nothing behind but its answer. */
async function expectRefused(sale: () => ReturnType<typeof sell>, problem: object, status = 422): Promise<void> {
  const before = await countSales();
  const answer = await sale();
  expect([answer.statusCode, answer.json()]).toEqual([status, expect.objectContaining(problem)]);
  expect(await countSales()).toBe(before);
}

describe('a sale', () => {
  it('is written with everything that belongs to it', async () => {
    const before = Number(await onHand(till.variants[0]!.id));
    const answer = await sell({
      lines: [
        { sku: sku(0), quantity: '2' },
        { sku: sku(1), quantity: 1, unitPrice: 1190 },
      ],
      payments: [
        { method: 'card', amount: 2000 },
        { method: 'cash', amount: clp(2000) },
      ],
      customer: { name: 'Ana', email: 'Ana@Correo.cl' },
      clientAt: '2026-11-25T10:00:00Z',
    });
    expect(answer.statusCode).toBe(201);
    const sale = answer.json<{ saleId: string; operationId: string; number: number }>();
    expect(sale).toMatchObject({ total: clp(3570), tax: clp(570), change: clp(430), state: 'pending' });
    const one = async (text: string) => (await t.database.query(text, [sale.saleId]))[0];
    expect(await one('SELECT * FROM sale WHERE id = $1')).toMatchObject({
      kind: 'sale',
      operation_id: sale.operationId,
      session_id: till.sessionId,
      number: String(sale.number),
      customer: { name: 'Ana', email: 'ana@correo.cl' },
      line_count: 2,
    });
    expect(await one('SELECT * FROM sale_line WHERE sale_id = $1 AND line = 1')).toMatchObject({
      sku: sku(0),
      quantity: '2.000',
      unit_price: '1190',
      list_price: '1190',
      unit_cost: '500',
      tax: '380',
      total: '2380',
    });
    expect(await one('SELECT recipient FROM receipt_mail WHERE sale_id = $1')).toEqual({ recipient: 'ana@correo.cl' });
    expect(
      await one(
        'SELECT quantity::text, operation_id, user_id FROM stock_movement WHERE document_id = $1 ORDER BY stock_movement.quantity',
      ),
    ).toEqual({ quantity: '-2.000', operation_id: sale.operationId, user_id: t.demo.users.cashier.id });
    expect(Number(await onHand(till.variants[0]!.id))).toBe(before - 2);
  });

  it('makes the same operation as every other command', async () => {
    const { operationId } = (await sell()).json<{ operationId: string }>();
    const rows = (table: string, column: string) =>
      t.database.query(`SELECT * FROM ${table} WHERE ${column} = $1`, [operationId]);
    expect(await rows('operation', 'id')).toEqual([
      expect.objectContaining({
        kind: 'sale',
        state: 'pending',
        step: 'accepted',
        queue: 'sales',
        site_id: till.siteId,
        created_by: t.demo.users.cashier.id,
      }),
    ]);
    expect(await rows('operation_event', 'operation_id')).toEqual([
      expect.objectContaining({
        code: 'accepted',
        state: 'pending',
        version: 1,
        attempt: 1,
        actor_id: t.demo.users.cashier.id,
        data: expect.objectContaining({ ahead: 0, total: 1190 }) as object,
      }),
    ]);
    expect(await rows('outbox', 'operation_id')).toEqual([
      expect.objectContaining({
        action: 'start',
        queue: 'sales',
        workflow_type: 'settleSales',
        workflow_id: `sale-${operationId}-1`,
        args: [{ tenantId: t.demo.tenantId, operationId, attempt: 1 }],
        attempt: 1,
      }),
    ]);
  });

  it('adds up lines that repeat a SKU', async () => {
    const scarce = await article(100, 3);
    const lines = [1, 2].map((quantity) => ({ sku: scarce.sku, quantity }));
    const tooMany = [...lines, { sku: scarce.sku, quantity: 1 }];
    await expectRefused(
      () => sell({ lines: tooMany, payments: [{ method: 'cash', amount: 400 }] }),
      { code: 'insufficient_stock', lines: [{ sku: scarce.sku, wanted: '4.000', available: '3.000' }] },
      409,
    );
    const sold = await sell({ lines, payments: [{ method: 'card', amount: 300 }] });
    expect(sold.json()).toMatchObject({ total: clp(300), change: clp(0) });
    expect(await onHand(scarce.id)).toBe('0.000');
  });

  it('takes a cart of 200 lines', async () => {
    const skus = Array.from({ length: 100 }, (_, index) => `L-${index}-${randomUUID()}`);
    const variants = await addVariants(t.database, t.demo, skus, { price: 10 });
    const brought = variants.map(({ id }) => ({ variantId: id, quantity: 5000 }));
    await bringIn(t.deps.db, t.demo, till.siteId, brought);
    const lines = [...skus, ...skus].map((one) => ({ sku: one, quantity: 1 }));
    const answer = await sell({ lines, payments: [{ method: 'transfer', amount: 2000 }] });
    expect(answer.json()).toMatchObject({ total: clp(2000) });
    expect(await onHand(variants[0]!.id)).toBe('3.000');
  });

  it('weighs what is sold by weight, and counts whole what is not', async () => {
    const cheese = await article(12_990, 2, 'kg');
    const lines = [{ sku: cheese.sku, quantity: '0.350' }];
    // 12990 × 0.350 = 4546.5
    expect((await sell({ lines, payments: [{ method: 'card', amount: 4547 }] })).json()).toMatchObject({
      total: clp(4547),
    });
    expect(await onHand(cheese.id)).toBe('1.650');
    await expectRefused(() => sell({ lines: [{ sku: sku(), quantity: '1.5' }] }), {
      code: 'quantity_not_whole',
      skus: [sku()],
    });
    await expectRefused(() => sell({ lines: [{ sku: sku(), quantity: 0 }] }), { code: 'bad_quantity' });
  });

  it('may take a site below zero that allows it, also of what it never had', async () => {
    const [site] = await t.database.query<{ id: string }>(
      `INSERT INTO site (tenant_id, id, name, kind, allow_negative) VALUES ($1, gen_random_uuid(), 'Feria', 'store', true) RETURNING id`,
      [t.demo.tenantId],
    );
    const register = await addRegister(t.database, t.demo, site!.id);
    const answer = await sell({ siteId: site!.id, registerId: register.registerId });
    expect([answer.statusCode, await onHand(till.variants[0]!.id, site!.id)]).toEqual([201, '-1.000']);
  });

  it('numbers sales of a register without gaps, whatever is refused or repeated between them', async () => {
    const where = { registerId: (await addRegister(t.database, t.demo, till.siteId)).registerId };
    const bad = { ...where, payments: [{ method: 'cash', amount: 1 }] };
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => sell(index % 3 === 2 ? bad : where)));
    const numbers = answers.filter((one) => one.statusCode === 201).map((one) => one.json<{ number: number }>().number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });
});

describe('a sale is refused', () => {
  it('when it is paid too little, too much by card, or with cash that is not needed', async () => {
    for (const payments of [
      [],
      [{ method: 'cash', amount: 1189 }],
      [{ method: 'card', amount: 1191 }],
      [
        { method: 'card', amount: 1190 },
        { method: 'cash', amount: 1000 },
      ],
    ]) {
      const paid = payments.reduce((sum, { amount }) => sum + amount, 0);
      await expectRefused(() => sell({ payments }), { code: 'payments_mismatch', total: clp(1190), paid: clp(paid) });
    }
  });

  it('for a SKU that is not known, and says which', async () => {
    const lines = [sku(), 'NADIE'].map((one) => ({ sku: one, quantity: 1 }));
    await expectRefused(() => sell({ lines }), { code: 'unknown_sku', skus: ['NADIE'] });
  });

  it('when a product was withdrawn after it was scanned', async () => {
    const gone = await article(1190, 1);
    await t.database.query('UPDATE product SET withdrawn_at = now() WHERE id = $1', [gone.productId]);
    const lines = [{ sku: gone.sku, quantity: 1 }];
    await expectRefused(() => sell({ lines }), { code: 'product_withdrawn', skus: [gone.sku] });
  });

  it('when a price changed after it was scanned, and tells the new one', async () => {
    const changing = await article(1000, 9);
    await t.database.query('INSERT INTO site_price (tenant_id, site_id, variant_id, price) VALUES ($1, $2, $3, 1500)', [
      t.demo.tenantId,
      till.siteId,
      changing.id,
    ]);
    const changed = { code: 'price_changed', lines: [{ sku: changing.sku, price: clp(1500) }] };
    const line = { sku: changing.sku, quantity: 1 };
    const payments = [{ method: 'cash', amount: 1000 }];
    await expectRefused(() => sell({ lines: [{ ...line, unitPrice: 1000 }], payments }), changed);
    // Who may change prices did not mean to: the screen showed another one.
    const seen = { lines: [{ ...line, listPrice: 1000 }], payments };
    await expectRefused(() => sell(seen, randomUUID(), manager), changed);
    // Whoever named no price pays the new one, or the payments do not add up.
    await expectRefused(() => sell({ lines: [line], payments }), { code: 'payments_mismatch', total: clp(1500) });
  });

  it('when a price is changed by someone who may not; who may is in the audit', async () => {
    const cheap = {
      lines: [{ sku: sku(), quantity: 1, unitPrice: 900, listPrice: 1190 }],
      payments: [{ method: 'cash', amount: 900 }],
    };
    await expectRefused(() => sell(cheap), { code: 'price_changed' });
    const answer = await sell(cheap, randomUUID(), manager);
    expect(answer.statusCode).toBe(201);
    const { saleId, operationId } = answer.json<{ saleId: string; operationId: string }>();
    expect(await t.database.query('SELECT * FROM audit WHERE entity_id = $1', [saleId])).toEqual([
      expect.objectContaining({
        action: 'sale.price',
        actor_id: t.demo.users.manager.id,
        operation_id: operationId,
        before: { sku: sku(), price: 1190 },
        after: { sku: sku(), price: 900 },
      }),
    ]);
  });

  it('at a register that was closed meanwhile, that is of another site, or none', async () => {
    const { registerId } = await addRegister(t.database, t.demo, till.siteId);
    expect((await sell({ registerId })).statusCode).toBe(201);
    const url = `/api/v1/registers/${registerId}/close`;
    const closed = await t.call({ method: 'POST', url, headers: cashier, payload: { counted: 1190 } });
    expect(closed.json()).toMatchObject({ expected: clp(1190), difference: clp(0) });
    await expectRefused(() => sell({ registerId }), { code: 'register_closed' });
    await expectRefused(() => sell({ siteId: t.demo.sites[0].id }), { code: 'unknown_register' });
    await expectRefused(() => sell({ registerId: randomUUID() }), { code: 'unknown_register' });
  });

  it('at a site that the cashier does not see, or of another business', async () => {
    const oneSite = await t.as(t.demo.oneSite);
    await expectRefused(() => sell({}, randomUUID(), oneSite), { code: 'unknown_site' });
    const stranger = await t.as(t.otra.users.cashier);
    await expectRefused(() => sell({}, randomUUID(), stranger), { code: 'unknown_register' });
  });

  it('when it is in another currency, or absurdly large', async () => {
    const payments = [{ method: 'cash', amount: { amount: 1190, currency: 'USD' } }];
    await expectRefused(() => sell({ payments }), { code: 'wrong_currency' });
    await expectRefused(() => sell({ lines: [{ sku: sku(), quantity: 999_999_999 }] }), { code: 'sale_too_large' });
  });

  it('in a sentence that a cashier understands, in Spanish and in English', async () => {
    const [scarce, cheese, gone, dear] = [
      await article(100, 3),
      await article(100, 3, 'kg'),
      await article(1190, 3),
      await article(1190, 3),
    ];
    await t.database.query('UPDATE product SET withdrawn_at = now() WHERE id = $1', [gone.productId]);
    const { registerId } = await addRegister(t.database, t.demo, till.siteId);
    const close = { method: 'POST', url: `/api/v1/registers/${registerId}/close`, headers: cashier } as const;
    expect((await t.call({ ...close, payload: { counted: 0 } })).statusCode).toBe(200);
    const many = Array.from({ length: 200 }, () => ({ sku: scarce.sku, quantity: 1 }));
    const cases: [ErrorCode, object][] = [
      ['insufficient_stock', { lines: many, payments: [{ method: 'card', amount: 20_000 }] }],
      [
        'insufficient_stock',
        { lines: [{ sku: cheese.sku, quantity: '3.001' }], payments: [{ method: 'card', amount: 300 }] },
      ],
      ['quantity_not_whole', { lines: [{ sku: scarce.sku, quantity: '0.5' }] }],
      ['bad_quantity', { lines: [{ sku: scarce.sku, quantity: '0' }] }],
      ['price_changed', { lines: [{ sku: dear.sku, quantity: 1, listPrice: 990 }] }],
      ['product_withdrawn', { lines: [{ sku: gone.sku, quantity: 1 }] }],
      ['register_closed', { registerId }],
      ['unknown_register', { registerId: randomUUID() }],
      ['unknown_sku', { lines: [{ sku: 'NADIE', quantity: 1 }] }],
      ['unknown_ticket', { ticketId: randomUUID() }],
      ['payments_mismatch', { payments: [{ method: 'card', amount: 1 }] }],
      ['wrong_currency', { payments: [{ method: 'card', amount: { amount: 1190, currency: 'USD' } }] }],
      ['sale_too_large', { lines: [{ sku: sku(), quantity: 999_999_999 }] }],
    ];
    for (const [code, change] of cases) {
      for (const language of ['es', 'en'] as const) {
        const answer = await sell(change, randomUUID(), { ...cashier, 'accept-language': language });
        expect(answer.json()).toMatchObject({ code, detail: errors[code][language] });
        expect(answer.headers['content-language']).toBe(language);
      }
    }
  });
});

describe('stock that somebody else is changing meanwhile', () => {
  const saleWaits = () =>
    until('the sale waits for the level', async () => {
      const [row] = await t.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return row!.n > 0;
    });

  /** A sale that is made while `change` is being made, and waits for that. */
  async function sellBeside(change: StockChange, sale: object) {
    const group = { documentId: randomUUID(), operationId: null, userId: null, changes: [change] };
    return t.deps.db.withTenant(t.demo.tenantId, async (tx) => {
      await applyStock(tx, [group]);
      const answer = sell(sale);
      await saleWaits();
      return { answer };
    });
  }

  const at = ({ id }: TestVariant) => ({ siteId: till.siteId, variantId: id });
  const card = [{ method: 'card', amount: 300 }];

  it('is sold as far as it goes: what was read before was more', async () => {
    const shared = await article(100, 5);
    const { answer } = await sellBeside(
      { ...at(shared), do: 'move', kind: 'adjustment', quantity: -2000, policy: 'refuse' },
      { lines: [{ sku: shared.sku, quantity: 3 }], payments: card },
    );
    expect((await answer).statusCode).toBe(201);
    expect(await onHand(shared.id)).toBe('0.000');
    const moves = await t.database.query<{ version: string; quantity: string; balance: string }>(
      'SELECT version::text, quantity::text, balance::text FROM stock_movement WHERE variant_id = $1 ORDER BY version',
      [shared.id],
    );
    expect(moves.map(({ version, quantity, balance }) => [version, quantity, balance])).toEqual([
      ['1', '5.000', '5.000'],
      ['2', '-2.000', '3.000'],
      ['3', '-3.000', '0.000'],
    ]);
  });

  it('is refused when it is kept for somebody by then, with what there is; a sale beside it goes', async () => {
    const [shared, free] = [await article(100, 5), await article(100, 5)];
    const { answer } = await sellBeside(
      {
        ...at(shared),
        do: 'hold',
        id: randomUUID(),
        quantity: 4000,
        purpose: 'order',
        ownerId: randomUUID(),
        expiresAt: null,
      },
      { lines: [{ sku: shared.sku, quantity: 3 }], payments: card },
    );
    const beside = await sell({ lines: [{ sku: free.sku, quantity: 3 }], payments: card });
    expect([(await answer).statusCode, (await answer).json()]).toEqual([
      409,
      expect.objectContaining({
        code: 'insufficient_stock',
        lines: [{ sku: shared.sku, wanted: '3.000', available: '1.000' }],
      }),
    ]);
    expect(beside.statusCode).toBe(201);
    expect([await onHand(shared.id), await onHand(free.id)]).toEqual(['5.000', '2.000']);
  });

  it('is refused when it is owed by then', async () => {
    const shared = await article(100, 5);
    const { answer } = await sellBeside(
      { ...at(shared), do: 'move', kind: 'adjustment', quantity: -7000, policy: 'record' },
      { lines: [{ sku: shared.sku, quantity: 3 }], payments: card },
    );
    expect((await answer).json()).toMatchObject({
      code: 'insufficient_stock',
      lines: [{ sku: shared.sku, wanted: '3.000', available: '0.000' }],
    });
    expect(await onHand(shared.id)).toBe('-2.000');
  });

  it('is not sold below zero where that is no longer allowed', async () => {
    const shared = await article(100, 1);
    const level = [till.siteId, shared.id];
    await t.database.query(
      'UPDATE stock_level SET allow_negative = true WHERE site_id = $1 AND variant_id = $2',
      level,
    );
    const answer = await t.deps.db.withTenant(t.demo.tenantId, async (tx) => {
      await tx.query(
        'UPDATE stock_level SET allow_negative = false WHERE site_id = $1::uuid AND variant_id = $2::uuid',
        level,
      );
      const sold = sell({ lines: [{ sku: shared.sku, quantity: 2 }], payments: [{ method: 'card', amount: 200 }] });
      await saleWaits();
      return { sold };
    });
    expect((await answer.sold).json()).toMatchObject({ code: 'insufficient_stock' });
    expect(await onHand(shared.id)).toBe('1.000');
  });
});

describe('a key', () => {
  it('is answered with the same sale, however often it comes, at once or later', async () => {
    const key = randomUUID();
    const before = await countSales();
    const answers = await Promise.all(Array.from({ length: 20 }, () => sell({}, key)));
    const made = answers.filter((one) => one.statusCode === 201);
    // In one batch they share an answer; what comes while another batch works on the key is told to wait.
    const others = answers.filter((one) => one.statusCode !== 201).map((one) => one.json<{ code: string }>().code);
    expect(others.filter((code) => code !== 'command_in_progress')).toEqual([]);
    const later = await sell({}, key);
    expect(later.headers['idempotency-replayed']).toBe('true');
    const sales = [...made, later].map((one) => one.json<{ saleId: string }>());
    expect(sales).toEqual(sales.map(() => sales[0]));
    expect(await countSales()).toBe(before + 1);
  });

  it('is answered with its sale also while somebody else repeats it', async () => {
    const key = randomUUID();
    const sold = await sell({}, key);
    await t.deps.db.withTenant(t.demo.tenantId, async (tx) => {
      await lockKey(tx, key);
      const again = await sell({}, key);
      expect([again.statusCode, again.json()]).toEqual([201, sold.json()]);
    });
  });

  it('of a refusal is refused again, even when the sale would go by now', async () => {
    const late = await article(1190, 0);
    const key = randomUUID();
    const change = { lines: [{ sku: late.sku, quantity: 1 }] };
    const refused = { code: 'insufficient_stock', lines: [{ sku: late.sku, wanted: '1.000', available: '0.000' }] };
    await expectRefused(() => sell(change, key), refused, 409);
    await bringIn(t.deps.db, t.demo, till.siteId, [{ variantId: late.id, quantity: 1000 }]);
    await expectRefused(() => sell(change, key), refused, 409);
    expect((await sell(change)).statusCode).toBe(201);
  });

  it('with another body is refused, at once or later', async () => {
    const key = randomUUID();
    const bodies = [{}, { payments: [{ method: 'card', amount: 1190 }] }];
    const answers = await Promise.all(bodies.map((body) => sell(body, key)));
    const sold = answers.findIndex((one) => one.statusCode === 201);
    // In one batch it is seen at once; while another batch works on the key nobody knows yet what it is for.
    expect(['idempotency_key_reused', 'command_in_progress']).toContain(
      answers[1 - sold]!.json<{ code: string }>().code,
    );
    expect((await sell(bodies[1 - sold], key)).json()).toMatchObject({ code: 'idempotency_key_reused' });
    expect((await sell(bodies[sold], key)).json()).toEqual(answers[sold]!.json());
  });

  it('is needed', async () => {
    const answer = await t.app.inject({
      method: 'POST',
      url: '/api/v1/sales',
      payload: { siteId: till.siteId, registerId: till.registerId, lines: [{ sku: sku(), quantity: 1 }], payments: [] },
      headers: cashier,
    });
    expect(answer.json()).toMatchObject({ status: 400, code: 'idempotency_key_missing' });
  });
});

describe('afterwards', () => {
  it('ledger and levels agree', async () => {
    expect(await findDisagreements(t.database)).toEqual([]);
  });
});
