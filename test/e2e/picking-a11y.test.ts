import { smallTargets, smallWords, violations } from './a11y';
import {
  type BrowserApp,
  desktop,
  logIn,
  phone,
  scanCodes,
  startBrowserApp,
  untilOfflineReady,
} from '../support/browser';

let app: BrowserApp;
beforeAll(async () => {
  app = await startBrowserApp();
});
afterAll(() => app?.close());
afterEach(() => app.closeDevices());

describe.each([
  ['light', phone],
  ['dark', phone],
  ['light', desktop],
  ['dark', desktop],
] as const)('%s, %o', (colorScheme, viewport) => {
  it('log-in and every step of picking stand up to axe, thumbs and bad light', async () => {
    const { context, page } = await app.device({ viewport, colorScheme, reducedMotion: 'reduce' });
    await page.goto('/login');
    expect(await violations(page)).toEqual([]);
    await logIn(page, app.flow.business.users.warehouse);
    await untilOfflineReady(page);
    const check = async () => {
      expect(await violations(page)).toEqual([]);
      expect(await smallTargets(page)).toEqual([]);
      expect(await smallWords(page)).toEqual([]);
    };
    await check();
    await page.getByRole('button', { name: 'Elegir cámara' }).click();
    await page.getByLabel('Buscar por nombre o código').waitFor();
    await check();
    await page.keyboard.press('Escape');
    await scanCodes(page, ['CAM-04', 'PACK0001260', 'PACK0001261', 'NADA1']);
    await page.getByText('No va: no existe en Odoo').waitFor();
    await check();
    await context.setOffline(true);
    await page.getByText('Sin conexión').first().waitFor();
    await check();
    await page.getByTestId('confirm').click();
    await page.getByTestId('receipt').waitFor();
    await check();
    await page.getByRole('button', { name: /Movimientos de este equipo/ }).click();
    await page.getByTestId('queued').first().waitFor();
    await check();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Menú' }).click();
    await page.getByRole('button', { name: 'Cerrar sesión' }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await smallWords(page)).toEqual([]);
    // Of a pair of switches the words are what is pressed.
    const switches = await page
      .locator('.mantine-SegmentedControl-label')
      .evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect().height));
    expect(switches.filter((height) => height < 56)).toEqual([]);
  });
});
