import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
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
}, 120_000);
afterAll(() => app?.close());

/** What axe says against WCAG 2.2 A and AA, in one line each. */
async function violations(page: Page): Promise<string[]> {
  // Entrance animations blend colours; what stays is what is judged.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        (animation) => animation.playState === 'finished' || animation.effect?.getTiming().iterations === Infinity,
      ),
  );
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Everything that can be pressed, smaller than a gloved thumb wants. */
async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a[href], input:not([type=hidden])')]
      .filter((element) => element.offsetParent !== null)
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 56 || box.width < 56)
      .map(
        ({ element, box }) => `${element.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)}`,
      ),
  );
}

/** Words smaller than can be read in bad light. */
async function smallWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const small: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (
        !parent ||
        !node.textContent?.trim() ||
        parent.closest('script, style, .nv-hidden, [aria-hidden]') ||
        parent.offsetParent === null
      )
        continue;
      if (parseFloat(getComputedStyle(parent).fontSize) < 18)
        small.push(`${node.textContent.trim().slice(0, 40)} ${getComputedStyle(parent).fontSize}`);
    }
    return small;
  });
}

describe.each([
  ['light', phone],
  ['dark', phone],
  ['light', desktop],
  ['dark', desktop],
] as const)('%s, %o', (colorScheme, viewport) => {
  it('log-in and every step of picking stand up to axe, thumbs and bad light', async () => {
    const { context, page, faults } = await app.device({ viewport, colorScheme, reducedMotion: 'reduce' });
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
    await context.close();
    expect(faults).toEqual([]);
  }, 240_000);
});
