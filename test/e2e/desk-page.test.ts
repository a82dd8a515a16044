import type { Page } from 'playwright-core';
import { type BrowserApp, desktop, logIn, open } from '../support/browser';
import { until } from '../support/eventually';
import { holdQuestions } from './held-answer';
import { operationsDesk } from './operations-desk';

let app: BrowserApp;
let page: Page;

const desk = operationsDesk();
const { manager, somePallet, row, numberOf } = desk;
beforeEach(() => {
  ({ app, page } = desk);
});

describe('a page of the desk', () => {
  it('asked for without the network says so in its shell, where nothing is called live, and opens by itself later', async () => {
    const { code, chamber } = somePallet();
    const id = await app.flow.move([{ code }], chamber);
    await app.flow.until(id, 'synced');
    const number = await numberOf(id);
    await row(number).waitFor();
    await page.getByText('En vivo').waitFor();
    const atHand = `performance.getEntriesByType('resource').some(({ name }) => name.includes('/assets/desk.operation-'))`;
    await until('the code of the screen is asked for', () => page.evaluate<boolean>(atHand));
    // And all that it imports.
    await page.evaluate(`import(window.__remixManifest.routes['routes/desk.operation'].module).then(() => undefined)`);
    await desk.context.setOffline(true);
    await page.getByText('Reconectando…').waitFor();
    await row(number).getByRole('link').click();
    await page.getByText('Esta pantalla necesita la red.').waitFor();
    await page.getByRole('link', { name: 'Auditoría' }).waitFor();
    await desk.context.setOffline(false);
    await page.getByRole('heading', { name: `NV-${number}` }).waitFor();
  });

  it('that is slow to come: the press is seen within 50 ms (three pictures of a screen), then the shape of the page', async () => {
    const questions = await holdQuestions(
      page,
      (url) => url.pathname.endsWith('.data') && url.pathname.startsWith('/audit'),
    );
    await page.getByRole('link', { name: 'Auditoría' }).waitFor();
    // In pictures, not in milliseconds: a machine that is busy with other things paints later, not more often.
    // As text: these files are checked without the types of a browser.
    const seenAfter = await page.evaluate<number>(`new Promise((resolve) => {
      const link = document.querySelector('a[href="/audit"]');
      let pictures = 0;
      const look = () => {
        pictures += 1;
        if (link.getAttribute('aria-current') === 'page') resolve(pictures);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      link.click();
    })`);
    expect(seenAfter).toBeLessThanOrEqual(3);
    await page.getByTestId('page-skeleton').waitFor();
    await questions.letGo();
    await page.waitForURL('**/audit');
    await page.getByRole('heading', { name: 'Auditoría' }).waitFor();
    expect(await page.getByTestId('page-skeleton').count()).toBe(0);
  });

  it('on paper is a table in dark ink, without what can be pressed', async () => {
    const { code, chamber } = somePallet();
    await app.flow.until(await app.flow.move([{ code }], chamber), 'synced');
    const dark = await app.device({ viewport: desktop, colorScheme: 'dark' });
    await logIn(dark.page, manager());
    const table = dark.page.getByRole('table').first();
    for (const path of ['/operations', '/audit']) {
      await open(dark.page, path);
      await table.waitFor();
      await dark.page.emulateMedia({ media: 'print' });
      // A4 upright, within its margins.
      await dark.page.setViewportSize({ width: 700, height: 1000 });
      const sheet = await dark.page.evaluate(() => {
        const shown = (selector: string) =>
          [...document.querySelectorAll<HTMLElement>(selector)].filter((one) => one.offsetParent !== null).length;
        return {
          wider: document.documentElement.scrollWidth - window.innerWidth,
          ink: getComputedStyle(document.body).color,
          rows: getComputedStyle(document.querySelector('tbody tr')!).display,
          buttons: shown('button'),
          navigation: shown('nav'),
          fields: shown('input, select'),
        };
      });
      expect([path, sheet]).toEqual([
        path,
        { wider: 0, ink: 'rgb(0, 0, 0)', rows: 'table-row', buttons: 0, navigation: 0, fields: 0 },
      ]);
      await dark.page.emulateMedia({ media: 'screen' });
      await dark.page.setViewportSize(desktop);
    }
  });
});
