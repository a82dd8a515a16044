import { commandCodes } from '../../web/pos/command-codes';
import { overflow, smallTargets, smallWords, violations } from './a11y';
import { type BrowserApp, desktop, phone, scanCodes, startBrowserApp } from '../support/browser';
import { type Counter, createCounter, untilFocused } from './counter';

let app: BrowserApp;
let counter: Counter;
beforeAll(async () => {
  app = await startBrowserApp();
  counter = createCounter(app);
});
afterAll(() => app?.close());
afterEach(() => app.closeDevices());

const tablet = { width: 1024, height: 768 };

describe.each([
  ['light', phone],
  ['dark', phone],
  ['light', tablet],
  ['dark', desktop],
] as const)('%s, %o', (colorScheme, viewport) => {
  it('every step of a sale stands up to axe, thumbs and bad light', async () => {
    const { page } = await app.device({ viewport, colorScheme, reducedMotion: 'reduce' });
    const { manager } = app.flow.business.users;
    const [first, second, palta] = [
      ...(await counter.goods(2, { stock: 1 })),
      ...(await counter.goods(1, { unit: 'kg', price: 4_990 })),
    ];
    const check = async (where: string) => {
      const found = {
        violations: await violations(page),
        smallTargets: await smallTargets(page),
        smallWords: await smallWords(page),
        overflow: await overflow(page),
      };
      expect({ where, ...found }).toEqual({ where, violations: [], smallTargets: [], smallWords: [], overflow: 0 });
    };
    await counter.begin(page, manager, await counter.register({ openedBy: manager }));
    await check('an empty counter');
    await page.keyboard.press('F2');
    await page.getByTestId('found').first().waitFor();
    await check('the search');
    await page.keyboard.press('Escape');
    await scanCodes(page, [first!.sku, second!.sku, second!.sku, 'NADA-1']);
    await page.getByTestId('problem').waitFor();
    await page.getByText('Solo hay 1 en este local').waitFor();
    await check('a cart with a code that is nothing');
    await page.getByTestId('problem').getByRole('button').click();
    await scanCodes(page, [palta!.sku]);
    await page.getByTestId('quantity-entry').waitFor();
    await check('what the scales say');
    await untilFocused(page, 'quantity-entry');
    await page.keyboard.type('0,5', { delay: 70 });
    await page.keyboard.press('Enter');
    await page.getByTestId('quantity-entry').waitFor({ state: 'detached' });
    await page.keyboard.press('F4');
    await page.getByTestId('price-entry').waitFor();
    await check('another price');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F6');
    await page.getByLabel('Nombre del cliente').waitFor();
    await check('parking');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F7');
    await page.getByText('No hay tickets guardados').waitFor();
    await check('no tickets');
    await page.keyboard.press('Escape');
    await scanCodes(page, [second!.sku, commandCodes.less, commandCodes.less, commandCodes.charge]);
    await page.getByTestId('pay-amount').waitFor();
    await check('paying');
    await page.keyboard.press('F10');
    await page.getByTestId('receipt').waitFor();
    await check('the receipt');
    await page.getByTestId('next').click();
    await page.keyboard.press('F8');
    await page.getByTestId('sale').first().click();
    await page.getByTestId('sale-detail').waitFor();
    await check('a sale');
    await page.getByRole('button', { name: 'Devolver productos' }).click();
    await page.getByTestId('return-line').first().waitFor();
    await check('a return');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F9');
    await page.getByTestId('report').waitFor();
    await check('the register');
    await page.getByRole('button', { name: 'Cerrar caja' }).click();
    await page.getByTestId('counted').waitFor();
    await check('the close');
    await untilFocused(page, 'counted');
    await page.keyboard.press('Enter');
    await page.getByText('quedó cerrada').waitFor();
    await check('the Z report');
    await page.keyboard.press('Escape');
    await page.getByTestId('open-register').waitFor();
    await check('a closed register');
    await page.keyboard.press('F1');
    await page.getByText('Teclas y códigos').waitFor();
    await check('the keys');
  });
});
