import {
  type BrowserApp,
  type Device,
  logIn,
  open,
  scanCodes,
  startBrowserApp,
  untilOfflineReady,
} from '../support/browser';
import { eventually } from '../support/eventually';

let app: BrowserApp;
let device: Device;

beforeAll(async () => {
  app = await startBrowserApp();
  device = await app.device();
});
afterEach(() => app.closeDevices());
afterAll(() => app?.close());

const sent = (code: string) =>
  app.flow.db.withTenant(app.flow.business.tenantId, (tx) =>
    tx.query('SELECT 1 FROM pallet_move_line WHERE code = $1', [code]),
  );

describe('the queue of a manager', () => {
  it('is counted on the desk, and sent after the log-in without opening the picking screen', async () => {
    const { page } = device;
    const { manager } = app.flow.business.users;
    const code = 'PACK0001234';
    await logIn(page, manager);
    await open(page, '/picking');
    await untilOfflineReady(page);
    await device.context.route('**/api/v1/pallet-moves', (route) => route.abort());
    await scanCodes(page, [app.flow.placeOf(code) === 'CAM-01' ? 'CAM-02' : 'CAM-01', code]);
    await page.getByTestId('pallet').first().waitFor();
    await page.getByTestId('confirm').click();
    await page.getByTestId('receipt-title').waitFor();
    await page.goto('/operations');
    await page.getByText('1 por enviar').waitFor();
    await page.getByRole('button', { name: 'Menú' }).last().click();
    await page.getByRole('button', { name: 'Cerrar sesión' }).click();
    await page.waitForURL('**/login');
    expect(await sent(code)).toHaveLength(0);
    await device.context.unrouteAll({ behavior: 'wait' });
    await logIn(page, manager);
    expect(new URL(page.url()).pathname).not.toBe('/picking');
    await eventually(
      () => sent(code),
      (rows) => rows.length === 1,
      () => 'the move was not sent from the desk',
      60_000,
    );
    await page.getByText('1 por enviar').waitFor({ state: 'detached' });
  });
});
