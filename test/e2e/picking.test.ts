import type { Page } from 'playwright-core';
import {
  type BrowserApp,
  type Device,
  logIn,
  open,
  scanCodes,
  startBrowserApp,
  untilOfflineReady,
} from '../support/browser';
import { eventually, until } from '../support/eventually';

let app: BrowserApp;
let device: Device;
let page: Page;

const bodega = () => app.flow.business.users.warehouse;
const rows = () => page.getByTestId('pallet');
const said = () => page.getByTestId('said');
const confirm = () => page.getByTestId('confirm');
const receipt = (of = page) => of.getByTestId('receipt');
const title = (of = page) => of.getByTestId('receipt-title');

/** Pallets of the simulator that no other test here touches, each with a chamber where it is not. */
let taken = 0;
function somePallets(count: number): { codes: string[]; chamber: string } {
  const codes = Array.from({ length: count }, () => `PACK000${1234 + taken++}`);
  const places = new Set(codes.map((code) => app.flow.placeOf(code)));
  const chamber = ['CAM-01', 'CAM-02', 'CAM-03', 'CAM-04', 'CAM-05', 'CAM-06'].find((barcode) => !places.has(barcode));
  if (!chamber) throw new Error('The pallets are everywhere');
  return { codes, chamber };
}

/** Presses the large button; one that stays disabled says what the screen looks like. */
async function confirmMove(of = page): Promise<void> {
  const button = of.getByTestId('confirm');
  await eventually(
    async () => ({ enabled: await button.isEnabled(), screen: await of.locator('body').innerText() }),
    ({ enabled }) => enabled,
    ({ screen }) => `nothing to confirm: ${screen.replace(/\s+/g, ' ')}`,
  );
  await button.click();
  await title(of).waitFor();
}

/** Operations of the business, oldest first. */
async function operations(): Promise<{ id: string; state: string; codes: string[] }[]> {
  return app.flow.db.withTenant(app.flow.business.tenantId, (tx) =>
    tx.query(
      `SELECT o.id, o.state, array_agg(l.code ORDER BY l.position) AS codes FROM operation o
       JOIN pallet_move_line l ON l.tenant_id = o.tenant_id AND l.operation_id = o.id
       WHERE o.tenant_id = $1::uuid GROUP BY o.id, o.state, o.number ORDER BY o.number`,
      [app.flow.business.tenantId],
    ),
  );
}

const operationsOf = async (codes: string[]) =>
  (await operations()).filter((operation) => operation.codes.some((code) => codes.includes(code)));

beforeAll(async () => {
  app = await startBrowserApp();
});
afterAll(() => app?.close());

beforeEach(async () => {
  device = await app.device();
  page = device.page;
  await logIn(page, bodega());
  await untilOfflineReady(page);
});
afterEach(() => app.closeDevices());

describe('moving pallets', () => {
  it('scan, confirm, walk on: the move is in Odoo and the screen says so by itself', async () => {
    const { codes, chamber } = somePallets(3);
    expect(new URL(page.url()).pathname).toBe('/picking');
    await scanCodes(page, [chamber, ...codes]);
    await until('three pallets are counted', async () => (await page.getByTestId('count').innerText()) === '3 pallets');
    await until('their weight is known', async () => !/^0,0\skg$/.test(await page.getByTestId('total').innerText()));
    await confirmMove();
    await until('Odoo has it', async () => (await title().innerText()) === 'Listo: Odoo lo tiene');
    expect(await receipt().getByText('Sincronizado', { exact: true }).isVisible()).toBe(true);
    expect(codes.map((code) => app.flow.placeOf(code))).toEqual([chamber, chamber, chamber]);
  });

  it('by keyboard alone', async () => {
    const { codes, chamber } = somePallets(1);
    const press = async (name: string) => {
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        if (
          (await page.evaluate(
            () => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.getAttribute('name'),
          )) === name
        )
          return;
      }
      throw new Error(`Tab does not come to ${name}`);
    };
    await press('code');
    await page.keyboard.type(chamber, { delay: 90 });
    await page.keyboard.press('Enter');
    await page.getByTestId('destination').waitFor();
    await page.keyboard.type(codes[0] ?? '', { delay: 90 });
    await page.keyboard.press('Enter');
    await rows().first().waitFor();
    // What is disabled takes no focus.
    await until('it can be confirmed', () => confirm().isEnabled());
    await press('confirm');
    await page.keyboard.press('Enter');
    await title().waitFor();
  });

  it('by touch alone', async () => {
    const touch = await app.device({ hasTouch: true, isMobile: true });
    await logIn(touch.page, bodega());
    const { codes } = somePallets(1);
    await touch.page.getByRole('button', { name: 'Elegir cámara' }).tap();
    await touch.page.getByLabel('Buscar por nombre o código').fill('anden');
    await touch.page.getByRole('button', { name: /ANDEN/ }).tap();
    await touch.page.getByLabel('Código del pallet').fill(codes[0] ?? '');
    await touch.page.getByRole('button', { name: 'Agregar' }).tap();
    await touch.page.getByTestId('confirm').tap();
    await title(touch.page).waitFor();
  });

  it('takes the last scan back, refuses a duplicate, names what it does not know', async () => {
    const { codes, chamber } = somePallets(2);
    const [first = '', second = ''] = codes;
    await scanCodes(page, [chamber, first, second]);
    await until('both are there', async () => (await rows().count()) === 2);
    await scanCodes(page, [first]);
    await until('the duplicate is refused', async () => (await said().innerText()).includes('ya está en la lista'));
    expect(await rows().count()).toBe(2);
    await page.getByRole('button', { name: `Deshacer ${second}` }).click();
    await until('the second is gone', async () => (await rows().count()) === 1);
    await scanCodes(page, ['NADA-99']);
    await until('the unknown code is named', async () =>
      (await said().innerText()).includes('no es una cámara ni un pallet'),
    );
    expect(await said().getAttribute('role')).toBe('alert');
    expect(await page.getByTestId('count').innerText()).toBe('1 pallet');
  });
});

describe('the scanner', () => {
  it('loses none of 50 codes at 8 ms per key, without focus, on a Spanish keyboard layout', async () => {
    const codes = Array.from({ length: 50 }, (_, at) => `PACK000${1234 + at}`);
    await scanCodes(page, ['CAM-01', ...codes], { gapMs: 8, layout: 'es' });
    await until('all are on the screen', async () => (await rows().count()) === 50);
    const shown = await rows().evaluateAll((items) => items.map((item) => item.getAttribute('data-code')));
    expect(shown.reverse()).toEqual(codes);
    expect(await page.getByTestId('destination').innerText()).not.toBe('');
  });

  it('is heard while a field has the focus, and leaves the field as it was', async () => {
    const { codes, chamber } = somePallets(1);
    await scanCodes(page, [chamber]);
    await page.getByLabel('Código del pallet').click();
    await page.keyboard.type('PAC', { delay: 120 });
    // A hand takes longer to reach for the scanner than a scanner from key to key.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    await scanCodes(page, codes);
    await rows().first().waitFor();
    expect(await page.getByLabel('Código del pallet').inputValue()).toBe('PAC');
    expect(await rows().first().getAttribute('data-code')).toBe(codes[0]);
  });

  it('never presses the button that has the focus', async () => {
    const { codes, chamber } = somePallets(2);
    await scanCodes(page, [chamber, codes[0] ?? '']);
    await rows().first().waitFor();
    await until('it can be confirmed', () => confirm().isEnabled());
    await confirm().focus();
    await scanCodes(page, [codes[1] ?? '']);
    await until('the second is there', async () => (await rows().count()) === 2);
    expect(await receipt().count()).toBe(0);
  });

  it('starts the next move from the receipt', async () => {
    const { codes, chamber } = somePallets(1);
    await scanCodes(page, [chamber, ...codes]);
    await confirmMove();
    await scanCodes(page, ['CAM-05']);
    await page.getByTestId('destination').waitFor();
    await receipt().waitFor({ state: 'detached' });
  });
});

describe('without the network', () => {
  it('says so within 2 s, keeps working through a reload, and sends once when it is back', async () => {
    const { codes, chamber } = somePallets(2);
    await scanCodes(page, [chamber, ...codes]);
    await until('the weights are known', async () => !/^0,0\skg$/.test(await page.getByTestId('total').innerText()));
    // By the page's own clock. As text: these files are checked without the types of a browser.
    await page.evaluate(`addEventListener('offline', () => {
      const lost = performance.now();
      window.saidAfter = new Promise((resolve) => {
        const look = () => {
          const bar = document.querySelector('[data-online=false]');
          if (bar?.innerText.includes('Sin conexión')) resolve(performance.now() - lost);
        };
        new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        look();
      });
    }, { capture: true })`);
    await device.context.setOffline(true);
    await page.getByText('Sin conexión', { exact: true }).first().waitFor();
    expect(await page.evaluate<number>('window.saidAfter')).toBeLessThan(2_000);
    await page.reload();
    await until('the scanned pallets are still there', async () => (await rows().count()) === 2);
    await confirmMove();
    await until('it is kept', async () => (await title().innerText()) === 'Guardado sin conexión');
    await page.getByText('Sin conexión, 1 pendiente').first().waitFor();
    expect(await operationsOf(codes)).toEqual([]);
    await device.context.setOffline(false);
    await until('Odoo has it', async () => (await title().innerText()) === 'Listo: Odoo lo tiene');
    expect(await operationsOf(codes)).toHaveLength(1);
    await page
      .getByText(/^En línea/)
      .first()
      .waitFor();
  });

  it('asks about what was scanned offline as soon as the network is back', async () => {
    const { codes, chamber } = somePallets(1);
    await device.context.setOffline(true);
    await page.getByText('Sin conexión', { exact: true }).first().waitFor();
    await scanCodes(page, [chamber, ...codes]);
    await page.getByText('Sin verificar: se comprobará al enviar').waitFor();
    await device.context.setOffline(false);
    await page.getByText(/^Ahora en /).waitFor();
    expect(await page.getByTestId('total').innerText()).not.toMatch(/^0,0\skg$/);
  });

  it('sends in the order of confirmation, with every pallet where the last move put it', async () => {
    const { codes, chamber } = somePallets(1);
    await device.context.setOffline(true);
    await page.getByText('Sin conexión', { exact: true }).first().waitFor();
    for (const place of [chamber, 'ANDEN', chamber]) {
      await scanCodes(page, [place, ...codes]);
      await until('the pallet is on the screen', async () => (await rows().count()) === 1);
      await confirmMove();
    }
    await device.context.setOffline(false);
    await until(
      'all three are in Odoo',
      async () => (await operationsOf(codes)).filter(({ state }) => state === 'synced').length === 3,
    );
    expect(app.flow.placeOf(codes[0] ?? '')).toBe(chamber);
  });

  it('from two tabs, each move goes once', async () => {
    const other = await device.context.newPage();
    await open(other, '/picking');
    const posts: string[] = [];
    device.context.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/pallet-moves'))
        posts.push(request.headers()['idempotency-key'] ?? '');
    });
    await device.context.setOffline(true);
    const mine = somePallets(1);
    const theirs = somePallets(1);
    for (const [tab, { codes, chamber }] of [[page, mine] as const, [other, theirs] as const]) {
      await tab.bringToFront();
      await tab.getByText('Sin conexión').first().waitFor();
      await scanCodes(tab, [chamber, ...codes]);
      await tab.getByTestId('pallet').first().waitFor();
      await confirmMove(tab);
    }
    await device.context.setOffline(false);
    const codes = [...mine.codes, ...theirs.codes];
    await until(
      'both are in Odoo',
      async () => (await operationsOf(codes)).filter(({ state }) => state === 'synced').length === 2,
    );
    expect(new Set(posts).size).toBe(2);
    expect(posts).toHaveLength(2);
  });

  it('sets a poisoned move aside with its reason, and the rest goes', async () => {
    let poison = somePallets(1);
    while (app.flow.placeOf(poison.codes[0] ?? '') === 'CAM-06') poison = somePallets(1);
    const good = somePallets(1);
    await device.context.setOffline(true);
    await page.getByText('Sin conexión', { exact: true }).first().waitFor();
    await scanCodes(page, ['CAM-06', ...poison.codes]);
    await confirmMove();
    await scanCodes(page, [good.chamber, ...good.codes]);
    await until('the next one is on the screen', async () => (await rows().count()) === 1);
    await confirmMove();
    await app.flow.database.query(`UPDATE location SET active = false WHERE barcode = 'CAM-06'`);
    await device.context.setOffline(false);
    await until('the good one is in Odoo', async () => (await operationsOf(good.codes))[0]?.state === 'synced');
    expect(await operationsOf(poison.codes)).toEqual([]);
    await page.getByRole('button', { name: /Movimientos de este equipo/ }).click();
    const aside = page.getByTestId('queued').filter({ hasText: poison.codes[0] });
    await aside.getByText('Esa cámara no existe o no se puede usar como destino.').waitFor();
    await app.flow.database.query(`UPDATE location SET active = true WHERE barcode = 'CAM-06'`);
    await aside.getByRole('button', { name: 'Reintentar' }).click();
    await until('it is accepted after all', async () => (await operationsOf(poison.codes)).length === 1);
  });
});

describe('whose move it is', () => {
  it('an ended session loses nothing: log in, and it is sent', async () => {
    const { codes, chamber } = somePallets(1);
    await scanCodes(page, [chamber, ...codes]);
    await device.context.setOffline(true);
    await page.getByText('Sin conexión', { exact: true }).first().waitFor();
    await confirmMove();
    await device.context.clearCookies();
    await device.context.setOffline(false);
    await page.getByText('Su sesión terminó').waitFor();
    expect(await operationsOf(codes)).toEqual([]);
    await page.getByRole('link', { name: 'Iniciar sesión' }).click();
    await page.getByText('Hay 1 movimiento guardado en este equipo').waitFor();
    await page.getByLabel('Correo electrónico').fill(bodega().email);
    await page.getByLabel('Contraseña', { exact: true }).fill('pallets-en-la-camara');
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
    await until('it is sent', async () => (await operationsOf(codes)).length === 1);
  });

  it("logging out keeps the queue; another person's log-in does not send it", async () => {
    const { codes, chamber } = somePallets(1);
    await page.route('**/api/v1/pallet-moves', (route) => route.abort());
    await scanCodes(page, [chamber, ...codes]);
    await confirmMove();
    await page.getByRole('button', { name: 'Menú' }).click();
    await page.getByRole('button', { name: 'Cerrar sesión' }).click();
    await page.waitForURL('**/login');
    await page.unrouteAll({ behavior: 'wait' });
    await logIn(page, app.flow.business.users.manager);
    await open(page, '/picking');
    await page.getByRole('button', { name: /1 por enviar/ }).click();
    await page.getByText('Espera a que warehouse inicie sesión en este equipo.').waitFor();
    expect(await operationsOf(codes)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Menú' }).click();
    await page.getByRole('button', { name: 'Cerrar sesión' }).click();
    await page.waitForURL('**/login');
    await logIn(page, bodega());
    await until('it is sent as its maker', async () => (await operationsOf(codes)).length === 1);
    const [audit] = await app.flow.database.query<{ actor_id: string }>(
      `SELECT actor_id FROM audit WHERE entity_id = $1 AND action = 'pallet.move'`,
      codes,
    );
    expect(audit?.actor_id).toBe(bodega().id);
  });
});
