import { v7 as uuidv7 } from 'uuid';
import { kindSpecs, workflowIdOf } from '../../domain/kinds';
import type { OperationKind } from '../../domain/operation';
import type { TestBusiness } from './business';
import type { TestDatabase } from './database';

/** A till in a business's store with things to sell; sales are written as the checkout leaves them. */
export interface TestShop {
  siteId: string;
  registerId: string;
  sessionId: string;
  variants: string[];
  /**
   * Accepted sales with their operation, first line of the timeline and outbox row, of one line each; the variants take
   * turns. Levels and ledger go with them. A void is of itself: which sale it undoes makes no difference here.
   */
  sell(count: number, how?: SellOptions): Promise<TestSale[]>;
}

export interface SellOptions {
  kind?: 'sale' | 'void_sale' | 'return_sale';
  /** Index of the variant that all of them sell; they take turns unless said. */
  variant?: number;
  quantity?: number;
  /** To whom the receipt goes by mail. */
  mailTo?: string;
}

export interface TestSale {
  saleId: string;
  operationId: string;
  mailId: string | null;
}

const documentKinds = { sale: 'sale', void_sale: 'void', return_sale: 'return' } as const;

export async function createShop(
  database: TestDatabase,
  business: TestBusiness,
  options: { variants?: number; onHand?: number; minStock?: number | null; name?: string } = {},
): Promise<TestShop> {
  const { variants: variantCount = 3, onHand = 100_000, minStock = null, name = 'Caja 1' } = options;
  const { tenantId, users } = business;
  const siteId = business.sites[1].id;
  const user = users.cashier.id;
  const [productId, registerId, sessionId] = [uuidv7(), uuidv7(), uuidv7()];
  const variants = Array.from({ length: variantCount }, () => uuidv7());
  // As many pairs of size and colour as variants.
  await database.query(
    `INSERT INTO size (tenant_id, id, name, position) SELECT $1, gen_random_uuid(), 'T' || n, n FROM generate_series(1, $2::int) n
     ON CONFLICT DO NOTHING`,
    [tenantId, variantCount],
  );
  await database.query(`INSERT INTO product (tenant_id, id, name) VALUES ($1, $2, 'Polera')`, [tenantId, productId]);
  await database.query(
    `INSERT INTO variant (tenant_id, id, product_id, sku, size_id, colour_id, price)
     SELECT $1, v.id, $2, $4::text || v.n, s.id, (SELECT id FROM colour WHERE tenant_id = $1 LIMIT 1), 1990
     FROM unnest($3::uuid[]) WITH ORDINALITY v (id, n) JOIN size s ON s.tenant_id = $1 AND s.name = 'T' || v.n`,
    [tenantId, productId, variants, `SKU-${productId.slice(-12)}-`],
  );
  await database.query(
    `INSERT INTO stock_level (tenant_id, site_id, variant_id, size_id, colour_id, location_id, on_hand, version, min_stock)
     SELECT v.tenant_id, $2, v.id, v.size_id, v.colour_id, s.location_id, $4, 1, $5
     FROM variant v JOIN site_setup s ON s.tenant_id = v.tenant_id AND s.site_id = $2
     WHERE v.tenant_id = $1 AND v.id = ANY ($3::uuid[])`,
    [tenantId, siteId, variants, onHand, minStock],
  );
  await database.query(
    `INSERT INTO stock_movement (tenant_id, id, site_id, variant_id, location_id, version, kind, quantity, balance)
     SELECT tenant_id, gen_random_uuid(), site_id, variant_id, location_id, 1, 'opening', on_hand, on_hand FROM stock_level
     WHERE tenant_id = $1 AND variant_id = ANY ($2::uuid[])`,
    [tenantId, variants],
  );
  await database.query(`INSERT INTO register (tenant_id, id, site_id, name) VALUES ($1, $2, $3, $4)`, [
    tenantId,
    registerId,
    siteId,
    name,
  ]);
  await database.query(
    `INSERT INTO register_session (tenant_id, id, register_id, opening_float, opened_by) VALUES ($1, $2, $3, 0, $4)`,
    [tenantId, sessionId, registerId, user],
  );

  return {
    siteId,
    registerId,
    sessionId,
    variants,
    async sell(count, how = {}) {
      const kind: OperationKind = how.kind ?? 'sale';
      const spec = kindSpecs[kind];
      const sold = Array.from({ length: count }, (_, index) => ({
        saleId: uuidv7(),
        operationId: uuidv7(),
        outboxId: uuidv7(),
        mailId: how.mailTo === undefined ? null : uuidv7(),
        variantId: variants[how.variant ?? index % variants.length]!,
      }));
      const quantity = how.quantity ?? 1;
      const sign = kind === 'sale' ? -1 : 1;
      const rows = JSON.stringify(sold.map((one) => ({ ...one, workflowId: workflowIdOf(kind, one.operationId, 1) })));
      await database.query(
        `WITH input AS (
           SELECT * FROM jsonb_to_recordset($2::jsonb) AS x
             ("saleId" uuid, "operationId" uuid, "outboxId" uuid, "mailId" uuid, "variantId" uuid, "workflowId" text)
         ), numbered AS (
           UPDATE register SET next_sale_number = next_sale_number + $3::int WHERE tenant_id = $1::uuid AND id = $4::uuid
           RETURNING next_sale_number - $3::int AS first
         ), levels AS (
           UPDATE stock_level l SET on_hand = l.on_hand + n.total, version = l.version + n.lines
           FROM (SELECT "variantId" AS id, count(*) AS lines, count(*) * $12::int * $5::numeric AS total FROM input GROUP BY 1) n
           WHERE l.tenant_id = $1::uuid AND l.site_id = $6::uuid AND l.variant_id = n.id
           RETURNING l.variant_id, l.location_id, l.version - n.lines AS version, l.on_hand - n.total AS before
         ), ops AS (
           INSERT INTO operation (tenant_id, id, kind, queue, site_id, created_by)
           SELECT $1::uuid, "operationId", $7::text, $8::text, $6::uuid, $9::uuid FROM input
         ), told AS (
           INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, data, actor_id, site_id)
           SELECT $1::uuid, "operationId", 1, 'accepted', 'pending', 1, 'accepted', '{"ahead": 0}', $9::uuid, $6::uuid FROM input
         ), boxed AS (
           INSERT INTO outbox (tenant_id, id, action, queue, workflow_type, workflow_id, args, operation_id, attempt)
           SELECT $1::uuid, "outboxId", 'start', $8::text, $10::text, "workflowId",
             jsonb_build_array(jsonb_build_object('tenantId', $1::uuid, 'operationId', "operationId", 'attempt', 1)), "operationId", 1 FROM input
         ), sales AS (
           INSERT INTO sale (tenant_id, id, operation_id, kind, site_id, register_id, session_id, number, original_id, currency, total, tax, user_id, line_count)
           SELECT $1::uuid, "saleId", "operationId", $11::text, $6::uuid, $4::uuid, $13::uuid, first + row_number() OVER (ORDER BY "saleId") - 1,
             CASE WHEN $7::text = 'void_sale' THEN "saleId" END, 'CLP', 1990, 318, $9::uuid, 1
           FROM input, numbered
         ), lines AS (
           INSERT INTO sale_line (tenant_id, sale_id, line, variant_id, sku, name, unit, quantity, unit_price, list_price, unit_cost, tax_rate, tax, total)
           SELECT $1::uuid, "saleId", 1, "variantId", v.sku, 'Polera', 'unit', $5::numeric, 1990, 1990, 0, 0.19, 318, 1990
           FROM input JOIN variant v ON v.tenant_id = $1::uuid AND v.id = "variantId"
         ), moved AS (
           INSERT INTO stock_movement (tenant_id, id, site_id, variant_id, location_id, version, kind, quantity, balance, operation_id, document_id, user_id)
           SELECT $1::uuid, gen_random_uuid(), $6::uuid, i."variantId", l.location_id, l.version + i.n, $11::text, $12::int * $5::numeric, l.before + i.n * $12::int * $5::numeric,
             "operationId", "saleId", $9::uuid
           FROM (SELECT *, row_number() OVER (PARTITION BY "variantId" ORDER BY "saleId") AS n FROM input) i
           JOIN levels l ON l.variant_id = i."variantId"
         ), mails AS (
           INSERT INTO receipt_mail (tenant_id, id, sale_id, recipient)
           SELECT $1::uuid, "mailId", "saleId", $14::text FROM input WHERE "mailId" IS NOT NULL
         )
         SELECT 1`,
        [
          tenantId,
          rows,
          count,
          registerId,
          quantity,
          siteId,
          kind,
          spec.queue,
          user,
          spec.workflow,
          documentKinds[kind],
          sign,
          sessionId,
          how.mailTo ?? null,
        ],
      );
      return sold.map(({ saleId, operationId, mailId }) => ({ saleId, operationId, mailId }));
    },
  };
}
