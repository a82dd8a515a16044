import type { Page } from 'playwright-core';
import { type BrowserApp, desktop, logIn, open } from '../support/browser';
import { until } from '../support/eventually';
import { operationsDesk } from './operations-desk';

let app: BrowserApp;
let page: Page;

const desk = operationsDesk();
const { withoutDispatcher, somePallet, row, numberOf } = desk;
beforeEach(() => {
  ({ app, page } = desk);
});

describe('the detail of an operation', () => {
  it('says what happened, what was kept and what to do; the others go on without the bad one', async () => {
    const { code, chamber } = somePallet();
    const id = await app.flow.move([{ code }, { code: 'PACK8888888' }], chamber);
    await app.flow.until(id, 'needs_attention');
    const number = await numberOf(id);
    await row(number).click();
    await page.getByRole('heading', { name: `Traslado de pallets NV-${number}` }).waitFor();
    await page.getByText('PACK8888888: Ese pallet no existe en Odoo.').first().waitFor();
    await page.getByText('en Odoo no quedó nada a medias').waitFor();
    await page.getByText(`Código para soporte: unknown_pallet · NV-${number}`).waitFor();
    expect(await page.getByRole('button', { name: 'Mover desde donde está ahora' }).count()).toBe(0);

    await page.getByRole('button', { name: 'Mover los demás' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/operations/') && !url.pathname.endsWith(id));
    await page.getByRole('main').getByText('Sincronizado', { exact: true }).first().waitFor();
    expect(app.flow.placeOf(code)).toBe(chamber);
    await open(page, `/operations/${id}`);
    await page.getByText('Cancelado', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'Ver la operación nueva' }).waitFor();
  });

  it('moves from where the pallet is now, and shows each step by itself', async () => {
    const { code, chamber } = somePallet();
    const wrong = await app.flow.locationId(chamber === 'CAM-01' ? 'CAM-02' : 'CAM-01');
    const elsewhere = app.flow.placeOf(code) === 'CAM-02' ? await app.flow.locationId('CAM-03') : wrong;
    const id = await app.flow.move([{ code, from: elsewhere }], chamber);
    await app.flow.until(id, 'needs_attention');
    await open(page, `/operations/${id}`);
    await page.getByText('El pallet ya no está donde fue escaneado.').first().waitFor();
    await page.getByRole('button', { name: 'Mover desde donde está ahora' }).click();
    await page.getByText('Odoo tiene este traslado.').waitFor();
    const timeline = page.getByRole('list', { name: 'Qué ha pasado' });
    await timeline.getByText('Se pidió mover desde donde están ahora').waitFor();
    await timeline.getByText(/^Traslado NV-.* validado en Odoo/).waitFor();
    await timeline.getByText('Intento 2').waitFor();
    expect(app.flow.placeOf(code)).toBe(chamber);
  });

  it('with different problems says so, and advises nothing that is not offered', async () => {
    const { code, chamber } = somePallet();
    const wrong = await app.flow.locationId(chamber === 'CAM-01' ? 'CAM-02' : 'CAM-01');
    const elsewhere = app.flow.placeOf(code) === (chamber === 'CAM-01' ? 'CAM-02' : 'CAM-01');
    const from = elsewhere ? await app.flow.locationId('CAM-06') : wrong;
    const id = await app.flow.move([{ code, from }, { code: 'PACK5555555' }], chamber);
    await app.flow.until(id, 'needs_attention');
    await page.goto(`/operations/${id}`);
    await page.getByText('Los pallets tienen problemas distintos').waitFor();
    await page.getByText('El pallet ya no está donde fue escaneado').first().waitFor();
    await page.getByText('Ese pallet no existe en Odoo').first().waitFor();
    await page.getByText('Corrija en Odoo lo que tiene cada uno').waitFor();
    expect(await page.getByText('desde donde está ahora').count()).toBe(0);
  });

  it('retries once Odoo knows the pallet', async () => {
    const { code, chamber } = somePallet();
    const id = await app.flow.move([{ code: `${code}X` }], chamber);
    await app.flow.until(id, 'needs_attention');
    await open(page, `/operations/${id}`);
    await page.getByRole('button', { name: 'Reintentar' }).click();
    const timeline = page.getByRole('list', { name: 'Qué ha pasado' });
    await timeline.getByText('Se pidió reintentar').waitFor();
    await until(
      'the second attempt rests too',
      async () => (await timeline.getByText(/^Requiere atención:/).count()) === 2,
    );
  });

  it('cancels after asking once, naming the move', async () => {
    const { code, chamber } = somePallet();
    await withoutDispatcher(async () => {
      const id = await app.flow.move([{ code }], chamber);
      const number = await numberOf(id);
      await open(page, `/operations/${id}`);
      await page.getByRole('button', { name: 'Cancelar' }).click();
      const question = page.getByRole('dialog', { name: `¿Cancelar el traslado NV-${number}?` });
      await question.getByText('Es 1 pallet con destino a').waitFor();
      await question.getByRole('button', { name: 'No, dejarlo' }).click();
      await question.waitFor({ state: 'detached' });
      expect((await app.flow.read(id)).state).toBe('pending');
      await page.getByRole('button', { name: 'Cancelar' }).click();
      await question.getByRole('button', { name: 'Sí, cancelar el traslado' }).click();
      await page.getByText('Se canceló. En Odoo no quedó nada de este traslado.').waitFor();
      expect(await page.getByRole('button', { name: 'Reintentar' }).count()).toBe(0);
    });
  });

  it('a command without an answer says so, and pressing again has one effect', async () => {
    const { chamber } = somePallet();
    const id = await app.flow.move([{ code: 'PACK6666666' }], chamber);
    await app.flow.until(id, 'needs_attention');
    await open(page, `/operations/${id}`);
    // It arrives, but the answer is lost.
    let lose = true;
    const keys: string[] = [];
    await page.route('**/retry', async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? '');
      if (!lose) return route.continue();
      lose = false;
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Reintentar' }).click();
    await page.getByText('No hubo respuesta.').waitFor();
    await app.flow.until(id, 'needs_attention');
    const [answer] = await Promise.all([
      page.waitForResponse('**/retry'),
      page.getByRole('button', { name: 'Reintentar' }).click(),
    ]);
    expect(answer.ok()).toBe(true);
    await page.getByText('No hubo respuesta.').waitFor({ state: 'detached' });
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect((await app.flow.read(id)).attempt).toBe(2);
  });

  it('offers nothing to those who may only look', async () => {
    const { chamber } = somePallet();
    const id = await app.flow.move([{ code: 'PACK5555555' }], chamber);
    await app.flow.until(id, 'needs_attention');
    const other = await app.device({ viewport: desktop });
    await logIn(other.page, app.flow.business.users.cashier);
    await open(other.page, `/operations/${id}`);
    await other.page.getByText('Ese pallet no existe en Odoo').first().waitFor();
    expect(await other.page.getByRole('button', { name: 'Reintentar' }).count()).toBe(0);
  });
});
