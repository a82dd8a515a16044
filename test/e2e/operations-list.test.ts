import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { type BrowserApp, open, scanCodes, untilAwake } from '../support/browser';
import { until } from '../support/eventually';
import { holdNextAnswer } from './held-answer';
import { operationsDesk } from './operations-desk';

let app: BrowserApp;
let page: Page;

const desk = operationsDesk();
const { manager, withoutDispatcher, somePallet, row, numberOf } = desk;
beforeEach(() => {
  ({ app, page } = desk);
});

describe('the list of operations', () => {
  it('shows a move from pending to synced without a reload, and says it to screen readers', async () => {
    await page.getByText('En vivo').waitFor();
    await page.evaluate(() => document.documentElement.setAttribute('data-same-page', ''));
    const { code, chamber } = somePallet();
    let number = 0;
    await withoutDispatcher(async () => {
      number = await numberOf(await app.flow.move([{ code }], chamber));
      await row(number).getByText('Pendiente', { exact: true }).waitFor();
      await page.getByRole('link', { name: '1 pendiente', exact: true }).waitFor();
    });
    await row(number).getByText('Sincronizado', { exact: true }).waitFor();
    await page.getByRole('link', { name: '0 pendientes', exact: true }).waitFor();
    await until('the change is announced', async () =>
      (await page.getByRole('status').allInnerTexts()).some((words) => words.includes(`NV-${number}: Sincronizado`)),
    );
    expect(await page.locator('html[data-same-page]').count()).toBe(1);
  });

  it('counts what is so now, also when an answer from before comes late', async () => {
    await page.getByText('En vivo').waitFor();
    const { code, chamber } = somePallet();
    const answer = await holdNextAnswer(page, '**/api/v1/operation-counts');
    let number = 0;
    await withoutDispatcher(async () => {
      number = await numberOf(await app.flow.move([{ code }], chamber));
      await answer.given;
    });
    await row(number).getByText('Sincronizado', { exact: true }).waitFor();
    await page.getByRole('link', { name: '0 pendientes', exact: true }).waitFor();
    await answer.letGo();
    await page.getByRole('link', { name: '0 pendientes', exact: true }).waitFor();
  });

  it('finds by pallet, by number and by state, in the address, and says when there is nothing', async () => {
    const { code, chamber } = somePallet();
    const id = await app.flow.move([{ code }], chamber);
    await app.flow.until(id, 'synced');
    const number = await numberOf(id);
    const other = await app.flow.move([{ code: 'PACK7777777' }], chamber);
    await app.flow.until(other, 'needs_attention');
    const otherNumber = await numberOf(other);
    await row(otherNumber).waitFor();

    await page.getByLabel('Buscar por pallet o número').fill(code);
    await page.waitForURL((url) => url.searchParams.get('q') === code);
    await row(otherNumber).waitFor({ state: 'detached' });
    await row(number).waitFor();

    await page.getByRole('link', { name: 'Quitar filtros' }).click();
    await row(otherNumber).waitFor();
    await page.getByRole('link', { name: /requieren? atención/ }).click();
    await page.waitForURL((url) => url.searchParams.get('state') === 'needs_attention');
    await row(number).waitFor({ state: 'detached' });
    await row(otherNumber).getByText('Ese pallet no existe en Odoo').waitFor();

    // The address is the filter: whoever gets it sees the same.
    await open(page, `/operations?q=NV-${number}`);
    await row(number).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await page.goto('/operations?q=PACK0000000');
    await page.getByText('Ninguna operación cumple estos filtros').waitFor();
  });

  it('filters are kept under a name, and their rows taken away as a spreadsheet', async () => {
    const { code, chamber } = somePallet();
    const number = await numberOf(await app.flow.move([{ code }], chamber));
    await open(page, `/operations?q=${code}`);
    await row(number).getByText('Sincronizado', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Filtros guardados' }).click();
    await page.getByLabel('Nombre para estos filtros').fill('El de ayer');
    await page.getByRole('button', { name: 'Guardar', exact: true }).click();
    await open(page, '/operations');
    await page.getByRole('button', { name: 'Filtros guardados' }).click();
    await page.getByRole('link', { name: 'El de ayer' }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === code);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Descargar como planilla (CSV)' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^operaciones-\d{4}-\d\d-\d\d\.csv$/);
    const [head, ...rows] = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
    expect(head).toMatch(/^\ufeffNúmero;Estado;Pallets;Códigos;/);
    expect(rows).toEqual([expect.stringMatching(`^NV-${number};Sincronizado;1;${code};`)]);
  });

  it('a scanned pallet is looked for, whatever has the focus', async () => {
    const { code, chamber } = somePallet();
    const id = await app.flow.move([{ code }], chamber);
    await app.flow.until(id, 'synced');
    await page.getByText('En vivo').waitFor();
    await page.getByLabel('Fecha').focus();
    await scanCodes(page, [code]);
    await page.waitForURL((url) => url.searchParams.get('q') === code);
    await row(await numberOf(id)).waitFor();
  });

  it('comes back from a detail where it was left: every page, its place, the focus', async () => {
    const { code, chamber } = somePallet();
    await app.flow.until(await app.flow.move([{ code }], chamber), 'synced');
    await app.flow.database.query(
      `INSERT INTO operation (tenant_id, id, kind, state, queue, number, created_by)
       SELECT $1, gen_random_uuid(), 'move_pallets', 'cancelled', 'pallets', 1000 + n, $2 FROM generate_series(1, 120) n`,
      [app.flow.business.tenantId, manager().id],
    );
    await page.reload();
    await untilAwake(page);
    await page.getByRole('button', { name: 'Ver más' }).click();
    const far = page.getByRole('link', { name: 'NV-1040', exact: true });
    await far.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => window.scrollY);
    await far.click();
    await page.getByRole('heading', { name: /NV-1040/ }).waitFor();
    await page.getByRole('link', { name: 'Operaciones' }).last().click();
    await far.waitFor();
    await until('the place is back', async () => Math.abs((await page.evaluate(() => window.scrollY)) - before) < 80);
    await until('so is the focus', () => far.evaluate((link) => link === document.activeElement));
    await app.flow.database.query(`DELETE FROM operation WHERE number > 1000`);
  });

  it('what is new waits beside the rows that somebody is reading', async () => {
    const first = somePallet();
    const known = await numberOf(await app.flow.move([{ code: first.code }], first.chamber));
    await row(known).waitFor();
    // Who has just moved over the rows reads; by the clock of a page for which no time passes they go on reading.
    await page.clock.setFixedTime(Date.now());
    // From one place to another: a pointer that was put there has not moved.
    for (const x of [20, 60]) await row(known).hover({ position: { x, y: 10 } });
    const second = somePallet();
    const fresh = await numberOf(await app.flow.move([{ code: second.code }], second.chamber));
    const news = page.getByRole('button', { name: 'Ver 1 operación nueva' });
    await news.waitFor();
    expect(await row(fresh).count()).toBe(0);
    await news.click();
    await row(fresh).waitFor();
  });
});
