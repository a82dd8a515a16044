import type { Page } from 'playwright-core';
import { v7 as uuidv7 } from 'uuid';
import { hashPassword } from '../../store/passwords';
import { testPassword } from '../support/business';
import {
  type BrowserApp,
  type Device,
  logIn,
  scanCodes,
  startBrowserApp,
  untilAwake,
  untilOfflineReady,
} from '../support/browser';
import { eventually, until } from '../support/eventually';

/** What a person meets who has never seen the floor screen: the first log-in, wrong codes, what the device keeps, where they work. */

let app: BrowserApp;
let device: Device;
let page: Page;

const bodega = () => app.flow.business.users.warehouse;
const rows = () => page.getByTestId('pallet');
const said = () => page.getByTestId('said');
const title = () => page.getByTestId('receipt-title');

let taken = 0;
/** A pallet of the simulator that no other test here touches, with a chamber where it is not. */
function somePallet(): { code: string; chamber: string } {
  const code = `PACK000${1400 + taken++}`;
  return { code, chamber: app.flow.placeOf(code) === 'CAM-01' ? 'CAM-02' : 'CAM-01' };
}

beforeAll(async () => {
  process.env['NERVIO_DEMO'] = 'true';
  app = await startBrowserApp();
});
afterAll(() => app?.close());

beforeEach(async () => {
  device = await app.device({ hasTouch: true, isMobile: true });
  page = device.page;
});
afterEach(() => app.closeDevices());

async function atWork(): Promise<void> {
  await logIn(page, bodega());
  await untilOfflineReady(page);
}

async function confirmMove(): Promise<void> {
  await until('it can be confirmed', () => page.getByTestId('confirm').isEnabled());
  await page.getByTestId('confirm').tap();
  await title().waitFor();
}

describe('a log-in', () => {
  /** The log-in page; awake: only a page whose script runs asks, each second, whether the server answers. */
  const openLogIn = async (awake: boolean): Promise<void> => {
    await page.goto('/login');
    if (awake) await page.waitForRequest('**/livez');
  };

  beforeAll(async () => {
    const { tenantId } = app.flow.business;
    await app.flow.database.query(
      `INSERT INTO app_user (tenant_id, id, email, name, password_hash, role, all_sites)
       VALUES ($1, $2, 'bodega@demo.test', 'Bodega', $3, 'warehouse', true)`,
      [tenantId, uuidv7(), await hashPassword('nervio-demo')],
    );
  });

  it.each([
    ['on a page that is awake', true],
    ['on a page whose script has not come', false],
  ])('by a button that is a user, %s: what the button says arrives, even after a wrong password', async (_, awake) => {
    if (!awake) {
      device = await app.device({ hasTouch: true, isMobile: true, javaScriptEnabled: false });
      page = device.page;
    }
    const demoUser = page.getByRole('button', { name: 'bodega@demo.test' });
    await openLogIn(awake);
    await demoUser.tap();
    await page.waitForURL('**/picking');

    await device.context.clearCookies();
    await openLogIn(awake);
    await page.getByLabel('Correo electrónico').fill(bodega().email);
    await page.getByLabel('Contraseña', { exact: true }).fill('no-es-esta');
    await page.getByRole('button', { name: 'Entrar', exact: true }).tap();
    await page.getByText('Código para soporte: wrong_credentials').waitFor();
    await demoUser.tap();
    await page.waitForURL('**/picking');
  });
});

describe('without a hand on the screen', () => {
  it('a scanner alone moves a pallet, with the codes of the sheet that the menu offers', async () => {
    await atWork();
    await page.getByRole('button', { name: 'Menú' }).tap();
    await page.getByRole('link', { name: 'Códigos para escanear' }).tap();
    await page.waitForURL('**/picking/codes');
    await page.getByRole('img').nth(2).waitFor();
    const printed = await page.getByRole('img').evaluateAll((images) => images.map((one) => one.ariaLabel ?? ''));
    expect(printed).toHaveLength(3);
    const [confirm = '', undo = '', next = ''] = printed;
    await page.getByRole('link', { name: 'Volver a mover' }).tap();
    await page.waitForURL('**/picking');
    await untilAwake(page);
    const [first, second] = [somePallet(), somePallet()];
    await scanCodes(page, ['CAM-06', first.code, second.code, undo, confirm]);
    await title().waitFor();
    await scanCodes(page, [next]);
    await page.getByText('Escanee la').waitFor();
    const move = async () => {
      const [row] = await app.flow.database.query<{ codes: string[] }>(
        `SELECT array_agg(code) AS codes FROM pallet_move_line WHERE code = ANY($1)`,
        [[first.code, second.code]],
      );
      return row?.codes ?? [];
    };
    await eventually(move, (codes) => codes.length > 0);
    expect(await move()).toEqual([first.code]);
  });

  it('the way to the operations is in the menu', async () => {
    await atWork();
    await page.getByRole('button', { name: 'Menú' }).tap();
    await page.getByRole('link', { name: 'Ver operaciones' }).tap();
    await page.waitForURL('**/operations');
  });
});

describe('the language', () => {
  it('is the person’s own from the log-in on, whatever the browser’s is', async () => {
    const theirs = await app.device({ hasTouch: true, isMobile: true, locale: 'en-GB' });
    await theirs.page.goto('/login');
    await theirs.page.getByLabel('E-mail').fill(bodega().email);
    await theirs.page.getByLabel('Password', { exact: true }).fill(testPassword);
    await theirs.page.getByRole('button', { name: 'Log in', exact: true }).tap();
    await theirs.page.getByText('Escanee la').waitFor();
    await theirs.page.locator('html[lang=es]').waitFor({ state: 'attached' });
  });
});

describe('a scan', () => {
  it('takes away what lies over the screen, so that what it came to is seen', async () => {
    await atWork();
    const { code, chamber } = somePallet();
    const lying = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Elegir cámara' }).tap();
    await lying.waitFor();
    await scanCodes(page, [chamber]);
    await lying.waitFor({ state: 'detached' });
    await page.getByTestId('destination').waitFor();
    await page.getByRole('button', { name: 'Menú' }).tap();
    await lying.waitFor();
    await scanCodes(page, [code]);
    await lying.waitFor({ state: 'detached' });
    await rows().first().waitFor();
  });
});

describe('a code', () => {
  it('that is no chamber, where a chamber was asked for, is refused and does not stay as a pallet', async () => {
    await atWork();
    await page.getByLabel('Código de la cámara').fill('CAM-99');
    await page.getByRole('button', { name: 'Usar' }).tap();
    await until('it is refused', async () =>
      (await said().innerText()).includes('CAM-99 no es una cámara ni un pallet'),
    );
    await until('nothing stays', async () => (await rows().count()) === 0);
    await page.getByText('Escanee la cámara de destino').waitFor();
  });

  it('typed in pieces by a soft keyboard is no scan until it is sent', async () => {
    await atWork();
    const { code, chamber } = somePallet();
    await scanCodes(page, [chamber]);
    const field = page.getByLabel('Código del pallet');
    await field.tap();
    // Words of a soft keyboard come without keys; its backspace and the hand's own pace with them.
    await page.keyboard.insertText(code.slice(0, 6));
    await page.keyboard.insertText('9');
    await page.keyboard.press('Backspace');
    await page.keyboard.type(code.slice(6), { delay: 130 });
    expect(await field.inputValue()).toBe(code);
    expect(await rows().count()).toBe(0);
    await page.keyboard.press('Enter');
    await rows().first().waitFor();
    expect(await rows().first().getAttribute('data-code')).toBe(code);
    expect(await field.inputValue()).toBe('');
  });

  it('as long as codes get does not push the screen aside', async () => {
    await atWork();
    const long = 'PALLET-CON-UN-CODIGO-DE-BARRAS-MUY-LARGO-0000000000000000000000000001';
    await scanCodes(page, ['CAM-06', long]);
    await rows().first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  });
});

describe('what is kept on the device', () => {
  it.each([
    [true, 'Guardado protegido'],
    [false, 'Guardado sin protección'],
  ])('asks the browser to keep it and shows the answer: %s', async (answer, words) => {
    await page.addInitScript((granted) => {
      const asked = window as unknown as { asked: number };
      asked.asked = 0;
      navigator.storage.persisted = async () => false;
      navigator.storage.persist = async () => {
        asked.asked += 1;
        return granted;
      };
    }, answer);
    await atWork();
    const { code, chamber } = somePallet();
    await scanCodes(page, [chamber, code]);
    await confirmMove();
    await until('it was asked', () => page.evaluate(() => (window as unknown as { asked: number }).asked > 0));
    await page.getByRole('button', { name: /Movimientos de este equipo/ }).tap();
    await page.getByText(words).waitFor();
  });

  it('a log-out says what stays behind', async () => {
    await atWork();
    await page.route('**/api/v1/pallet-moves', (route) => route.abort());
    const { code, chamber } = somePallet();
    await scanCodes(page, [chamber, code]);
    await confirmMove();
    await page.getByRole('button', { name: 'Menú' }).tap();
    await page.getByText('1 movimiento sigue en este equipo').waitFor();
  });
});

describe('a move that needs a person', () => {
  it('says why on the receipt, and stays in sight until it is settled', async () => {
    await atWork();
    const { code, chamber } = somePallet();
    await device.context.setOffline(true);
    await page.getByText('Sin conexión', { exact: true }).first().waitFor();
    await scanCodes(page, [chamber, code]);
    await page.getByLabel('Código del pallet').fill('PACK8888888');
    await page.getByRole('button', { name: 'Agregar' }).tap();
    await confirmMove();
    await device.context.setOffline(false);
    await page.getByText('PACK8888888: Ese pallet no existe en Odoo').waitFor();
    await page.getByTestId('next').tap();
    await page.getByText('1 requiere atención').waitFor();
    const later = somePallet();
    await scanCodes(page, [later.chamber, later.code]);
    await confirmMove();
    // Newer, and yet below what a person has to look at.
    await page.getByRole('button', { name: /Movimientos de este equipo/ }).tap();
    const queued = page.getByTestId('queued');
    await queued.nth(1).waitFor();
    await queued.first().getByText('Ese pallet no existe en Odoo').waitFor();
    await queued.first().getByRole('link', { name: 'Ver operación' }).tap();
    await page.waitForURL('**/operations/*');
    await untilAwake(page);
    await page.getByRole('button', { name: /Mover los demás/ }).tap();
    await until('the good one is where it should be', async () => app.flow.placeOf(code) === chamber);
    await page.goto('/picking');
    await page.getByText(/^Actualizado/).waitFor();
  });
});

describe('a move that waits for Odoo', () => {
  it('stays in sight during the next ones, until Odoo has it', async () => {
    await atWork();
    const [first, second] = [somePallet(), somePallet()];
    await scanCodes(page, [first.chamber, first.code]);
    // Known before Odoo is gone.
    await page.getByText(/^Ahora en/).waitFor();
    app.flow.odoo.control({ mode: 'down' });
    try {
      await confirmMove();
      await page.getByText('Guardado, se enviará cuando Odoo responda').waitFor();
      await page.getByTestId('next').tap();
      await page.getByText('1 espera a Odoo').waitFor();
      await scanCodes(page, [second.chamber, second.code]);
      await confirmMove();
      await page.getByText('2 esperan a Odoo').waitFor();
      await page.getByRole('button', { name: /Movimientos de este equipo/ }).tap();
      await page.getByRole('dialog').getByText('2 esperan a Odoo').waitFor();
      expect(await page.getByText('Todo lo confirmado en este equipo ya fue enviado').count()).toBe(0);
    } finally {
      app.flow.odoo.control({ mode: 'ok' });
      await app.flow.watch();
    }
    await page.getByText('Todo lo confirmado en este equipo ya fue enviado').waitFor();
  });
});

describe('a total', () => {
  it('of pallets whose weight nobody knows is not zero', async () => {
    await atWork();
    const { code, chamber } = somePallet();
    await device.context.setOffline(true);
    await page.getByText('Sin conexión', { exact: true }).first().waitFor();
    await scanCodes(page, [chamber, code]);
    await page.getByText('1 sin peso conocido').waitFor();
    expect(await page.getByTestId('total').count()).toBe(0);
  });
});

describe('where a person works', () => {
  const siteOf = async (code: string): Promise<string | null | undefined> =>
    (
      await app.flow.database.query<{ site_id: string | null }>(
        `SELECT o.site_id FROM operation o JOIN pallet_move_line l ON l.operation_id = o.id WHERE l.code = $1`,
        [code],
      )
    )[0]?.site_id;

  it('is not asked where there is one warehouse', async () => {
    await atWork();
    await page.getByText('Escanee la cámara de destino').waitFor();
    expect(await page.getByText('¿En qué bodega trabaja?').count()).toBe(0);
  });

  it('is asked once where there are several, kept on the device, sent with each move, changed from the menu', async () => {
    const second = uuidv7();
    await app.flow.database.query(
      `INSERT INTO site (tenant_id, id, name, kind) VALUES ($1, $2, 'Frigorífico', 'warehouse')`,
      [app.flow.business.tenantId, second],
    );
    await atWork();
    const first = somePallet();
    // Nobody has to answer before working.
    await page.getByText('¿En qué bodega trabaja?').waitFor();
    await scanCodes(page, [first.chamber, first.code]);
    await confirmMove();
    await until('it went without a site', async () => (await siteOf(first.code)) === null);
    await page.getByTestId('next').tap();
    await page.getByRole('button', { name: 'Frigorífico' }).tap();
    await page.getByText('¿En qué bodega trabaja?').waitFor({ state: 'detached' });
    await page.reload();
    await untilAwake(page);
    await page.getByText('Escanee la cámara de destino').waitFor();
    expect(await page.getByText('¿En qué bodega trabaja?').count()).toBe(0);
    const next = somePallet();
    await scanCodes(page, [next.chamber, next.code]);
    await confirmMove();
    await until('it went with the site', async () => (await siteOf(next.code)) === second);
    await page.getByRole('button', { name: 'Menú' }).tap();
    const menu = page.getByLabel('Bodega donde trabaja');
    expect(await menu.getByRole('button', { name: 'Frigorífico' }).getAttribute('aria-pressed')).toBe('true');
    await menu.getByRole('button', { name: 'Bodega 1' }).tap();
    await page.keyboard.press('Escape');
    const last = somePallet();
    await scanCodes(page, [last.chamber, last.code]);
    await confirmMove();
    await until('it went with the other', async () => (await siteOf(last.code)) === app.flow.business.sites[0].id);
  });
});

describe('a page that is not there', () => {
  it('says so, with a code to quote and the time', async () => {
    await atWork();
    await page.goto('/esto-no-existe');
    await page.getByText('Esta página no existe').waitFor();
    await page.getByText(/^Código para soporte: not_found · \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/).waitFor();
    await page.goto('/operations/nada');
    await page.getByText('Esta página no existe').waitFor();
    await page.goto('/users');
    await page.getByText(/^Código para soporte: forbidden/).waitFor();
  });
});
