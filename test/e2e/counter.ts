import type { Page } from 'playwright-core';
import { v7 as uuidv7 } from 'uuid';
import { type BrowserApp, logIn, open } from '../support/browser';
import type { TestUser } from '../support/business';
import { addVariants, bringIn } from '../support/stock';

export interface Sold {
  id: string;
  kind: string;
  number: string;
  total: string;
  change: string;
  payments: { method: string; amount: number }[];
  lines: { sku: string; quantity: string }[];
}

export interface Goods {
  id: string;
  sku: string;
  name: string;
}

export interface Register {
  id: string;
  name: string;
}

/** The store of a browser test's business: goods and registers of each test's own, and what was sold. */
export interface Counter {
  /** Things to sell that no other test touches; so many of each in the store. */
  goods(count: number, options?: { price?: number; stock?: number; unit?: string }): Promise<Goods[]>;
  /** A register of the store; opened by the cashier unless told otherwise, null = closed. */
  register(options?: { openedBy?: TestUser | null; float?: number }): Promise<Register>;
  /** What went over a register, in order. */
  soldAt(registerId: string): Promise<Sold[]>;
  /** Logs in and stands at a register, with an empty counter. */
  begin(page: Page, user: TestUser, register: Register): Promise<void>;
}

/** Resolves when keys go into this field. */
export async function untilFocused(page: Page, testId: string): Promise<void> {
  await page.locator(`[data-testid=${testId}]:focus`).waitFor();
}

export function createCounter(app: BrowserApp): Counter {
  const { database, db, business } = app.flow;
  const [, store] = business.sites;
  let named = 0;
  return {
    async goods(count, { price = 1_990, stock = 50, unit = 'unit' } = {}) {
      const prefix = `P${String(++named).padStart(2, '0')}`;
      const skus = Array.from({ length: count }, (_, at) => `${prefix}${String(at + 1).padStart(3, '0')}`);
      const variants = await addVariants(database, business, skus, { price, unit });
      await bringIn(
        db,
        business,
        store.id,
        variants.map(({ id }) => ({ variantId: id, quantity: stock * 1000 })),
      );
      return variants.map(({ id, sku }) => ({ id, sku, name: `Producto ${sku}` }));
    },
    async register({ openedBy = business.users.cashier, float = 50_000 } = {}) {
      const [id, sessionId, name] = [uuidv7(), uuidv7(), `Caja ${++named}`];
      await database.query('INSERT INTO register (tenant_id, id, site_id, name) VALUES ($1, $2, $3, $4)', [
        business.tenantId,
        id,
        store.id,
        name,
      ]);
      if (openedBy !== null)
        await database.query(
          'INSERT INTO register_session (tenant_id, id, register_id, opening_float, opened_by) VALUES ($1, $2, $3, $4, $5)',
          [business.tenantId, sessionId, id, float, openedBy.id],
        );
      return { id, name };
    },
    soldAt: (registerId) =>
      database.query<Sold & Record<string, unknown>>(
        `SELECT s.id, s.kind, s.number::text, s.total::text, s.change::text,
           (SELECT jsonb_agg(jsonb_build_object('method', p.method, 'amount', p.amount) ORDER BY p.method) FROM sale_payment p
            WHERE p.tenant_id = s.tenant_id AND p.sale_id = s.id) AS payments,
           (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'quantity', l.quantity::text) ORDER BY l.line) FROM sale_line l
            WHERE l.tenant_id = s.tenant_id AND l.sale_id = s.id) AS lines
         FROM sale s WHERE s.register_id = $1 ORDER BY s.number`,
        [registerId],
      ),
    async begin(page, user, register) {
      await page.addInitScript(
        ([key = '', id]) => localStorage.setItem(key, JSON.stringify(id)),
        [`nervio-till:${business.tenantId}`, register.id],
      );
      await logIn(page, user);
      if (new URL(page.url()).pathname !== '/pos') await open(page, '/pos');
      await page.locator('[data-ready=true]').waitFor();
      await page.getByTestId('till').getByText(register.name).waitFor();
    },
  };
}
