import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { type BrowserApp, desktop, type Device, logIn, open, scanCodes, startBrowserApp } from '../support/browser';
import { until } from '../support/eventually';
import { addVariants, bringIn, type TestVariant } from '../support/stock';
import { createTill } from '../support/till';
import { holdNextAnswer } from './held-answer';

let app: BrowserApp;
let desk: Device;
let page: Page;

beforeAll(async () => {
  app = await startBrowserApp();
});
afterAll(() => app?.close());

beforeEach(async () => {
  desk = await app.device({ viewport: desktop, reducedMotion: 'reduce' });
  page = desk.page;
});
afterEach(() => app.closeDevices());

const shop = () => app.flow.business.sites[1];

interface Answer<T> {
  status: number;
  body: T;
}

/** What the person who is logged in asks the API for, as the app itself does. */
async function call<T>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<Answer<T>> {
  return page.evaluate<Answer<T>, { method: string; path: string; key: string; body: string | null }>(
    async ({ method: verb, path: at, key, body: sent }) => {
      const answer = await fetch(`/api/v1${at}`, {
        method: verb,
        headers: {
          ...(verb !== 'GET' && { 'idempotency-key': key }),
          ...(sent !== null && { 'content-type': 'application/json' }),
        },
        body: sent,
      });
      return { status: answer.status, body: (await answer.json()) as never };
    },
    { method, path, key: randomUUID(), body: body === undefined ? null : JSON.stringify(body) },
  );
}

let made = 0;
/** An article that no other test here touches, with so many units in the shop; its barcode is its SKU. */
async function article(units: number, more: { cost?: number; minStock?: number } = {}): Promise<TestVariant> {
  const [one] = await addVariants(app.flow.database, app.flow.business, [`DESK-${++made}`], { price: 1990, ...more });
  if (units > 0)
    await bringIn(app.flow.db, app.flow.business, shop().id, [{ variantId: one!.id, quantity: units * 1000 }]);
  return one!;
}

async function onHand(one: TestVariant): Promise<string | undefined> {
  const answer = await call<{ items: { onHand: string }[] }>('GET', `/stock?sku=${one.sku}&siteId=${shop().id}`);
  return answer.body.items[0]?.onHand;
}

const rowOf = (sku: string): Locator => page.getByRole('row').filter({ hasText: sku });

describe('a store', () => {
  it('is created with its setup, which is seen at once', async () => {
    await logIn(page, app.flow.business.users.admin);
    await open(page, '/stores');
    await page.getByRole('button', { name: 'Crear local' }).click();
    const form = page.getByRole('dialog', { name: 'Crear local' });
    await form.getByRole('button', { name: 'Crear local' }).click();
    await form.getByText('Escriba el nombre.').waitFor();
    await form.getByLabel('Nombre').fill('Tienda Ñuñoa');
    await form.getByLabel('Dirección').fill('Av. Irarrázaval 3400');
    await form.getByRole('button', { name: 'Crear local' }).click();

    await page.getByRole('heading', { name: 'Tienda Ñuñoa' }).waitFor();
    await page.getByText(/Listo: Tienda Ñuñoa ya tiene 1 ubicación, \d+ tallas? y \d+ color(es)?\.$/).waitFor();
    await page.getByText('Lo que llega queda aquí').waitFor();
    await page.getByText('Av. Irarrázaval 3400').waitFor();

    await page.getByLabel('Nueva ubicación').fill('Vitrina');
    await page.getByRole('region', { name: 'Ubicaciones' }).getByRole('button', { name: 'Agregar' }).click();
    await page.getByText('Se agregó «Vitrina».').waitFor();
    await page.getByLabel('Nueva caja').fill('Caja 1');
    await page.getByRole('region', { name: 'Cajas' }).getByRole('button', { name: 'Agregar' }).click();
    await page.getByRole('link', { name: 'Caja 1' }).waitFor();
  });

  it('that somebody else changed meanwhile is not overwritten: what is there now is shown, and what was typed is kept', async () => {
    await logIn(page, app.flow.business.users.admin);
    const { body: site } = await call<{ id: string; version: number }>('POST', '/sites', {
      name: 'Tienda de dos',
      kind: 'store',
    });
    await open(page, `/stores/${site.id}`);
    await page.getByRole('button', { name: 'Editar' }).click();
    const form = page.getByRole('dialog', { name: 'Editar Tienda de dos' });
    await form.getByLabel('Dirección').fill('La mía 1');
    await call('PATCH', `/sites/${site.id}`, { version: site.version, address: 'La otra 2' });
    await form.getByRole('button', { name: 'Guardar cambios' }).click();
    await form.getByText('Alguien lo cambió mientras tanto.').waitFor();
    await form.getByText('La otra 2').waitFor();
    expect(await form.getByLabel('Dirección').inputValue()).toBe('La mía 1');
    await form.getByRole('button', { name: 'Usar lo que hay ahora' }).click();
    await form.getByLabel('Dirección').fill('La mía 3');
    await form.getByRole('button', { name: 'Guardar cambios' }).click();
    await page.getByText('Cambios guardados.').waitFor();
    await page.getByRole('main').getByText('La mía 3').waitFor();
  });
});

describe('stock', () => {
  it('is corrected by hand with its reason, and its history says what was left', async () => {
    const one = await article(10);
    await logIn(page, app.flow.business.users.warehouse);
    await open(page, `/stock?q=${one.sku}`);
    await rowOf(one.sku).getByRole('link').click();
    await page.getByRole('button', { name: 'Corregir stock' }).click();
    const form = page.getByRole('dialog', { name: 'Corregir stock' });
    await form.getByLabel('En qué local').selectOption(shop().id);
    await form.getByLabel('Cuánto').fill('12');
    await form.getByText('Rotura', { exact: true }).click();
    await form.getByRole('button', { name: 'Corregir', exact: true }).click();
    await form.getByText('En el local hay 10; no se puede sacar más.').waitFor();
    await form.getByLabel('Cuánto').fill('3');
    await form.getByText('Queda en 7').waitFor();
    await form.getByRole('button', { name: 'Corregir', exact: true }).click();
    await page.getByText(/Corregido: .* quedó en 7\.$/).waitFor();
    const movement = page.getByRole('row').filter({ hasText: 'Corrección' });
    await movement.getByText('Rotura').waitFor();
    expect(await movement.innerText()).toMatch(/-3\s+7\s/);
    expect(await onHand(one)).toBe('7.000');
  });

  it('below its minimum is found by its filter, in the address', async () => {
    const [low, fine] = [await article(2, { minStock: 5000 }), await article(50, { minStock: 5000 })];
    await logIn(page, app.flow.business.users.manager);
    await open(page, '/stock?q=DESK-');
    await rowOf(fine.sku).first().waitFor();
    await page.getByRole('switch', { name: 'Solo bajo el mínimo' }).click();
    await page.waitForURL((url) => url.searchParams.get('low') === '1');
    await rowOf(fine.sku).waitFor({ state: 'detached' });
    await rowOf(low.sku).getByText('Bajo el mínimo').waitFor();
  });
});

describe('a count', () => {
  it('by scanner and by hand, while the shop goes on selling, posts what differs', async () => {
    const till = await createTill(app.flow.database, app.flow.db, app.flow.business, { skus: ['COUNT-A'], stock: 5 });
    const counted = till.variants[0]!;
    const other = await article(4);
    await logIn(page, app.flow.business.users.manager);
    await open(page, '/counts');
    await page.getByRole('button', { name: 'Empezar conteo' }).first().click();
    const form = page.getByRole('dialog', { name: 'Empezar un conteo' });
    await form.getByLabel('Local').selectOption(shop().id);
    await form.getByRole('button', { name: 'Empezar a contar' }).click();
    await page.getByRole('heading', { name: /^Conteo N° \d+/ }).waitFor();

    // Three of five by the scanner, whatever has the focus; four of four by hand.
    await page.getByPlaceholder('Nombre, SKU o código').focus();
    for (const scans of [1, 2, 3]) {
      await scanCodes(page, [counted.sku]);
      await until(`${scans} scanned`, async () => (await quantity(counted).inputValue()) === String(scans));
    }
    const line = rowOf(counted.sku);
    await line.getByText('Falta 2').waitFor();
    await page.getByPlaceholder('Nombre, SKU o código').fill(other.sku);
    await page.getByRole('option').filter({ hasText: other.sku }).click();
    await quantity(other).fill('4');
    await page.getByRole('button', { name: 'Anotar' }).click();
    await rowOf(other.sku).getByText('Calza').waitFor();

    const sale = await call('POST', '/sales', {
      siteId: till.siteId,
      registerId: till.registerId,
      lines: [{ sku: counted.sku, quantity: 1 }],
      payments: [{ method: 'cash', amount: 1190 }],
    });
    expect(sale.status).toBe(201);
    await line.getByText('-1 desde que se contó').waitFor();
    await line.getByText('Falta 2').waitFor();

    await page.getByRole('button', { name: 'Cerrar conteo' }).click();
    const question = page.getByRole('dialog', { name: /^¿Cerrar el conteo N° \d+\?$/ });
    await question.getByText('Se corrige el stock de 1 producto.').waitFor();
    await question.getByRole('button', { name: 'Sí, cerrar y corregir' }).click();
    await page.getByText('Cerrado: se corrigió 1 diferencia en el stock.').waitFor();
    // Five, two missing, one sold.
    expect(await onHand(counted)).toBe('2.000');
    expect(await onHand(other)).toBe('4.000');
  });

  it('keeps what is counted without the network on the device, and saves it when it is back', async () => {
    const one = await article(6);
    await logIn(page, app.flow.business.users.warehouse);
    const { body: count } = await call<{ id: string }>('POST', '/stock/counts', { siteId: shop().id });
    await open(page, `/counts/${count.id}`);
    await page.getByPlaceholder('Nombre, SKU o código').fill(one.sku);
    await page.getByRole('option').filter({ hasText: one.sku }).click();
    await desk.context.setOffline(true);
    await quantity(one).fill('5');
    await page.getByRole('button', { name: 'Anotar' }).click();
    await page.getByText(/1 sin guardar todavía/).waitFor();
    expect(await page.getByRole('button', { name: 'Cerrar conteo' }).isDisabled()).toBe(true);
    await desk.context.setOffline(false);
    await page.getByText('Guardado', { exact: true }).waitFor();
    await rowOf(one.sku).getByText('Falta 1').waitFor();
    await page.getByRole('button', { name: 'Cancelar conteo' }).click();
    await page.getByRole('button', { name: 'Sí, cancelar' }).click();
    await page.getByText('Cancelado: no cambió nada.').waitFor();
    expect(await onHand(one)).toBe('6.000');
  });

  it('that has ended does not open again when an answer from before comes late', async () => {
    await logIn(page, app.flow.business.users.warehouse);
    const { body: count } = await call<{ id: string }>('POST', '/stock/counts', { siteId: shop().id });
    await open(page, `/counts/${count.id}`);
    const answer = await holdNextAnswer(page, `**/api/v1/stock/counts/${count.id}`);
    await answer.given;
    await page.getByRole('button', { name: 'Cancelar conteo' }).click();
    await page.getByRole('button', { name: 'Sí, cancelar' }).click();
    await page.getByText('Cancelado: no cambió nada.').waitFor();
    await answer.letGo();
    expect(await page.getByText('Cancelado: no cambió nada.').count()).toBe(1);
  });

  const quantity = (one: TestVariant): Locator => page.getByLabel(`Cuánto hay de Producto ${one.sku}`);
});

describe('an entry', () => {
  it('adds to the stock and makes the cost the mean by weight', async () => {
    const one = await article(10, { cost: 100 });
    await logIn(page, app.flow.business.users.manager);
    await open(page, '/entries');
    await page.getByRole('link', { name: 'Nueva entrada' }).first().click();
    await page.getByRole('heading', { name: 'Nueva entrada' }).waitFor();
    await page.getByLabel('Local').selectOption(shop().id);
    await page.getByLabel('Proveedor').fill('Textil Andes');
    await page.getByRole('button', { name: 'Guardar entrada' }).click();
    await page.getByText('Agregue al menos un producto.').waitFor();
    await scanCodes(page, [one.sku, one.sku]);
    const amount = page.getByLabel(`Cantidad: Producto ${one.sku}`);
    await until('two scans are two units', async () => (await amount.inputValue()) === '2');
    const cost = page.getByLabel(`Costo unitario neto: Producto ${one.sku}`);
    // What it costs by now is proposed.
    await until('the cost is proposed', async () => (await cost.inputValue()) === '100');
    await amount.fill('10');
    await cost.fill('$200');
    await page.getByText('Total: $2.000').waitFor();

    // The page is left and come back to: what was written is still there.
    await open(page, '/entries/new');
    await page.getByText('Sigue la entrada que había empezado en este equipo.').waitFor();
    await page.getByRole('button', { name: 'Guardar entrada' }).click();
    await page.getByText(/Entrada N° \d+ guardada\./).waitFor();
    await page.getByText('Textil Andes').waitFor();
    expect(await onHand(one)).toBe('20.000');
    const { body: product } = await call<{ variants: { cost: { amount: number } }[] }>(
      'GET',
      `/products/${one.productId}`,
    );
    expect(product.variants[0]?.cost.amount).toBe(150);
  });
});

describe('sales', () => {
  it('made at a register are seen as they happen: in the list, in the day, in the session', async () => {
    const till = await createTill(app.flow.database, app.flow.db, app.flow.business, { price: 2500 });
    const sell = () =>
      call<{ saleId: string; number: number }>('POST', '/sales', {
        siteId: till.siteId,
        registerId: till.registerId,
        lines: [{ sku: till.variants[0]!.sku, quantity: 2 }],
        payments: [{ method: 'cash', amount: 6000 }],
      });
    await logIn(page, app.flow.business.users.manager);
    expect(new URL(page.url()).pathname).toBe('/today');
    const before = await call<{ totals: { count: number } }>('GET', '/today');

    await open(page, `/sales?registerId=${till.registerId}`);
    await page.getByText('En vivo').waitFor();
    await page.getByText('Ninguna venta cumple estos filtros').waitFor();
    const first = await sell();
    expect(first.status).toBe(201);
    const line = page.getByRole('row').filter({ hasText: `N° ${first.body.number}` });
    await line.getByText('$5.000').waitFor();
    // Above rows that somebody reads nothing is put in unasked.
    const second = await sell();
    await page.getByRole('button', { name: 'Ver 1 venta nueva' }).click();
    await page
      .getByRole('row')
      .filter({ hasText: `N° ${second.body.number}` })
      .waitFor();

    await line.getByRole('link').click();
    await page.getByRole('heading', { name: /^Venta / }).waitFor();
    await page.getByText('Vuelto').waitFor();
    await page.getByText('−$1.000').waitFor();
    const undone = await call('POST', `/sales/${first.body.saleId}/void`, { reason: 'Se equivocó de talla' });
    expect(undone.status).toBe(201);
    await page.getByText('Esta venta fue anulada: el stock y el dinero volvieron.').waitFor();
    await page.getByRole('link', { name: /^Anulación N° \d+$/ }).click();
    await page.getByText('Se equivocó de talla').waitFor();
    await page.getByRole('link', { name: 'Ver la venta de la que viene' }).waitFor();

    await open(page, `/sessions/${till.sessionId}`);
    await page.getByText('Se actualiza solo').waitFor();
    const documents = page.getByRole('region', { name: 'Documentos' });
    await documents.getByText('2 · $10.000').waitFor();
    await documents.getByText('1 · −$5.000').waitFor();

    await open(page, '/today');
    const tile = page.locator('dl > div').filter({ hasText: 'Cantidad de ventas' });
    await tile.getByText(String(before.body.totals.count + 1), { exact: true }).waitFor();
    await page.getByText('Ver como tabla').click();
    const third = await sell();
    expect(third.status).toBe(201);
    await tile.getByText(String(before.body.totals.count + 2), { exact: true }).waitFor();
    await page.getByRole('table', { name: 'Ventas por hora' }).waitFor();
  });
});

describe('the sales of one register', () => {
  it('are not in the list of another when an answer from before comes late', async () => {
    const till = await createTill(app.flow.database, app.flow.db, app.flow.business);
    const other = await createTill(app.flow.database, app.flow.db, app.flow.business);
    await logIn(page, app.flow.business.users.manager);
    await open(page, `/sales?registerId=${till.registerId}`);
    await page.getByText('En vivo').waitFor();
    const answer = await holdNextAnswer(page, '**/api/v1/sales?*');
    const sale = await call('POST', '/sales', {
      siteId: till.siteId,
      registerId: till.registerId,
      lines: [{ sku: till.variants[0]!.sku, quantity: 1 }],
      payments: [{ method: 'cash', amount: 1190 }],
    });
    expect(sale.status).toBe(201);
    await answer.given;
    await page.getByRole('combobox', { name: 'Caja', exact: true }).selectOption(other.registerId);
    await page.waitForURL((url) => url.searchParams.get('registerId') === other.registerId);
    await page.getByText('Ninguna venta cumple estos filtros').waitFor();
    await answer.letGo();
    expect(await page.getByText('Ninguna venta cumple estos filtros').count()).toBe(1);
  });
});

describe('the day', () => {
  it('of one store is not that of all of them when an answer from before comes late', async () => {
    const till = await createTill(app.flow.database, app.flow.db, app.flow.business, { price: 2500 });
    await logIn(page, app.flow.business.users.manager);
    const sale = await call('POST', '/sales', {
      siteId: till.siteId,
      registerId: till.registerId,
      lines: [{ sku: till.variants[0]!.sku, quantity: 1 }],
      payments: [{ method: 'cash', amount: 2500 }],
    });
    expect(sale.status).toBe(201);
    await open(page, '/today');
    const count = page.locator('dl > div').filter({ hasText: 'Cantidad de ventas' }).locator('dd');
    const answer = await holdNextAnswer(page, '**/api/v1/today*');
    await answer.given;
    await page.getByRole('combobox', { name: 'Local', exact: true }).selectOption(app.flow.business.sites[0].id);
    await until('nothing was sold at the other', async () => (await count.innerText()).startsWith('0'));
    await answer.letGo();
    expect(await count.innerText()).toMatch(/^0/);
  });
});
