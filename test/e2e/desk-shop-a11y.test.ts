import { type BrowserApp, desktop, logIn, open, phone, startBrowserApp } from '../support/browser';
import { createShopWork } from '../support/shop-work';
import { violations } from './a11y';

let app: BrowserApp;
beforeAll(async () => {
  app = await startBrowserApp();
});
afterAll(() => app?.close());
afterEach(() => app.closeDevices());

it.each([
  ['phone, light', phone, 'light'],
  ['phone, dark', phone, 'dark'],
  ['desktop, light', desktop, 'light'],
  ['desktop, dark', desktop, 'dark'],
] as const)('every screen of the shop is for everybody: %s', async (_, viewport, colorScheme) => {
  await app.flow.database.query(
    `UPDATE stock_count SET state = 'cancelled', closed_at = now(), closed_by = created_by`,
  );
  const work = await createShopWork(app.flow.database, app.flow.business);
  const device = await app.device({ viewport, colorScheme, reducedMotion: 'reduce' });
  await logIn(device.page, app.flow.business.users.admin);
  const paths = [
    '/today',
    '/today?date=2026-01-05',
    '/sales',
    '/sales?q=nada',
    `/sales/${work.saleId}`,
    '/registers',
    `/sessions/${work.sessionId}`,
    '/stock',
    '/stock?q=nada',
    '/stock/all',
    '/stock/checks',
    `/stock/history/${work.sku}`,
    `/stock/history/${work.sku}?adjust=1`,
    '/stock/history/NADA',
    '/counts',
    '/counts?new=1',
    `/counts/${work.countId}`,
    '/entries',
    '/entries/new',
    `/entries/${work.entryId}`,
    '/stores',
    '/stores?new=1',
    `/stores/${work.siteId}`,
    `/stores/${work.siteId}?edit=1`,
  ];
  const found: string[] = [];
  for (const path of paths) {
    await open(device.page, path);
    await device.page
      .getByRole(/[?&](new|edit|adjust)=/.test(path) ? 'dialog' : 'heading')
      .first()
      .waitFor();
    found.push(...(await violations(device.page)).map((one) => `${path} ${one}`));
    const wider = await device.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wider > 0) found.push(`${path} is ${wider} px wider than the screen`);
  }
  expect(found).toEqual([]);
});
