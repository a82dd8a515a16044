import type { Page } from 'playwright-core';
import { type BrowserApp, type Device, logIn, scanCodes, startBrowserApp, untilOfflineReady } from '../support/browser';
import { until } from '../support/eventually';

let app: BrowserApp;
let device: Device;
let page: Page;

let taken = 0;
/** A pallet that no other test here touches, and a chamber where it is not. */
function somePallet(): { code: string; chamber: string } {
  const code = `PACK000${1234 + taken++}`;
  return { code, chamber: app.flow.placeOf(code) === 'CAM-01' ? 'CAM-02' : 'CAM-01' };
}

const undo = () => page.getByRole('button', { name: 'Deshacer este movimiento' });
const pallets = () => page.getByTestId('pallet');
const title = () => page.getByTestId('receipt-title').innerText();

async function scanAndConfirm({ code, chamber }: { code: string; chamber: string }): Promise<void> {
  await scanCodes(page, [chamber, code]);
  await pallets().first().waitFor();
  await page.getByTestId('confirm').click();
  await page.getByTestId('receipt-title').waitFor();
}

const statesOf = (code: string) =>
  app.flow.db.withTenant(app.flow.business.tenantId, (tx) =>
    tx.query<{ state: string }>(
      `SELECT o.state FROM operation o JOIN pallet_move_line l ON l.tenant_id = o.tenant_id AND l.operation_id = o.id
       WHERE l.code = $1`,
      [code],
    ),
  );

beforeAll(async () => {
  app = await startBrowserApp();
});
afterAll(() => app?.close());

beforeEach(async () => {
  device = await app.device();
  page = device.page;
  await logIn(page, app.flow.business.users.warehouse);
  await untilOfflineReady(page);
});
afterEach(async () => {
  app.flow.odoo.control({ mode: 'ok' });
  await app.closeDevices();
});

describe('undo on the receipt', () => {
  it('before the move was sent brings it back onto the screen', async () => {
    const move = somePallet();
    await device.context.setOffline(true);
    await page.getByText('Sin conexión', { exact: true }).first().waitFor();
    await scanAndConfirm(move);
    await undo().click();
    await pallets().first().waitFor();
    expect(await pallets().first().getAttribute('data-code')).toBe(move.code);
    await device.context.setOffline(false);
    await page
      .getByText(/^En línea/)
      .first()
      .waitFor();
    await page.getByTestId('confirm').click();
    await until('it is confirmed anew', async () => (await statesOf(move.code)).length === 1);
  });

  it('after it was sent undoes it on the server, and the next one can be undone too', async () => {
    app.flow.odoo.control({ mode: 'down' });
    for (const move of [somePallet(), somePallet()]) {
      await scanAndConfirm(move);
      await until('the server has it', async () => (await statesOf(move.code)).length === 1);
      await undo().click();
      await until('it is undone', async () => (await title()) === 'Movimiento deshecho');
      expect((await statesOf(move.code)).map(({ state }) => state)).toEqual(['cancelled']);
      await page.getByTestId('next').click();
    }
  });

  it('pressed while it was being sent undoes it on the server', async () => {
    app.flow.odoo.control({ mode: 'down' });
    const move = somePallet();
    let answer!: () => void;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/v1/pallet-moves', async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    await scanAndConfirm(move);
    await until('the server has it', async () => (await statesOf(move.code)).length === 1);
    await undo().click();
    await until('the press is taken', () => undo().isDisabled());
    answer();
    await until('it is undone', async () => (await title()) === 'Movimiento deshecho');
    expect((await statesOf(move.code)).map(({ state }) => state)).toEqual(['cancelled']);
    await page.unrouteAll({ behavior: 'wait' });
  });
});
