import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { can, type Permission, roles } from '../../domain/access';
import { rootDir } from '../../store/root';
import type { Dispatcher } from '../../temporal/dispatch';
import {
  type BrowserApp,
  type Device,
  desktop,
  logIn,
  open,
  phone,
  scanCodes,
  startBrowserApp,
  untilAwake,
} from '../support/browser';
import { createBusiness, testPassword } from '../support/business';
import { createCatalogue } from '../support/catalogue';
import { until } from '../support/eventually';
import { createShopWork } from '../support/shop-work';
import { createWork } from '../support/work';
import { violations } from './a11y';
import { holdNextAnswer, holdQuestions } from './held-answer';

let app: BrowserApp;
let desk: Device;
let page: Page;
let dispatcher: Dispatcher;

const manager = () => app.flow.business.users.manager;

beforeAll(async () => {
  app = await startBrowserApp();
  dispatcher = app.flow.dispatcher;
});
afterAll(() => app?.close());

beforeEach(async () => {
  desk = await app.device({ viewport: desktop, reducedMotion: 'reduce' });
  page = desk.page;
  await logIn(page, manager());
  await open(page, '/operations');
});
afterEach(async () => {
  app.flow.odoo.control({ mode: 'ok' });
  await app.closeDevices();
});

/** While nobody hands over, what is accepted stays pending. */
async function withoutDispatcher(work: () => Promise<void>): Promise<void> {
  await dispatcher.stop();
  try {
    await work();
  } finally {
    dispatcher = app.flow.newDispatcher();
    dispatcher.start();
  }
}

let taken = 0;
/** A pallet of the simulator that no other test here touches, and a chamber where it is not. */
function somePallet(): { code: string; chamber: string } {
  const code = `PACK000${1234 + taken++}`;
  const place = app.flow.placeOf(code);
  return { code, chamber: place === 'CAM-01' ? 'CAM-02' : 'CAM-01' };
}

const row = (number: number, of = page): Locator =>
  of.getByRole('row').filter({ has: of.getByRole('link', { name: `NV-${number}`, exact: true }) });

async function numberOf(id: string): Promise<number> {
  return (await app.flow.read(id)).number;
}

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

describe('the detail of an operation', () => {
  it('says what happened, what was kept and what to do; the others go on without the bad one', async () => {
    const { code, chamber } = somePallet();
    const id = await app.flow.move([{ code }, { code: 'PACK8888888' }], chamber);
    await app.flow.until(id, 'needs_attention');
    const number = await numberOf(id);
    await row(number).click();
    await page.getByRole('heading', { name: `Traslado de pallets NV-${number}` }).waitFor();
    await page.getByText('PACK8888888: Ese pallet no existe en Odoo.').first().waitFor();
    await page.getByText('en Odoo no quedó nada a medias').waitFor();
    await page.getByText(`Código para soporte: unknown_pallet · NV-${number}`).waitFor();
    expect(await page.getByRole('button', { name: 'Mover desde donde está ahora' }).count()).toBe(0);

    await page.getByRole('button', { name: 'Mover los demás' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/operations/') && !url.pathname.endsWith(id));
    await page.getByRole('main').getByText('Sincronizado', { exact: true }).first().waitFor();
    expect(app.flow.placeOf(code)).toBe(chamber);
    await open(page, `/operations/${id}`);
    await page.getByText('Cancelado', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'Ver la operación nueva' }).waitFor();
  });

  it('moves from where the pallet is now, and shows each step by itself', async () => {
    const { code, chamber } = somePallet();
    const wrong = await app.flow.locationId(chamber === 'CAM-01' ? 'CAM-02' : 'CAM-01');
    const elsewhere = app.flow.placeOf(code) === 'CAM-02' ? await app.flow.locationId('CAM-03') : wrong;
    const id = await app.flow.move([{ code, from: elsewhere }], chamber);
    await app.flow.until(id, 'needs_attention');
    await open(page, `/operations/${id}`);
    await page.getByText('El pallet ya no está donde fue escaneado.').first().waitFor();
    await page.getByRole('button', { name: 'Mover desde donde está ahora' }).click();
    await page.getByText('Odoo tiene este traslado.').waitFor();
    const timeline = page.getByRole('list', { name: 'Qué ha pasado' });
    await timeline.getByText('Se pidió mover desde donde están ahora').waitFor();
    await timeline.getByText(/^Traslado NV-.* validado en Odoo/).waitFor();
    await timeline.getByText('Intento 2').waitFor();
    expect(app.flow.placeOf(code)).toBe(chamber);
  });

  it('with different problems says so, and advises nothing that is not offered', async () => {
    const { code, chamber } = somePallet();
    const wrong = await app.flow.locationId(chamber === 'CAM-01' ? 'CAM-02' : 'CAM-01');
    const elsewhere = app.flow.placeOf(code) === (chamber === 'CAM-01' ? 'CAM-02' : 'CAM-01');
    const from = elsewhere ? await app.flow.locationId('CAM-06') : wrong;
    const id = await app.flow.move([{ code, from }, { code: 'PACK5555555' }], chamber);
    await app.flow.until(id, 'needs_attention');
    await page.goto(`/operations/${id}`);
    await page.getByText('Los pallets tienen problemas distintos').waitFor();
    await page.getByText('El pallet ya no está donde fue escaneado').first().waitFor();
    await page.getByText('Ese pallet no existe en Odoo').first().waitFor();
    await page.getByText('Corrija en Odoo lo que tiene cada uno').waitFor();
    expect(await page.getByText('desde donde está ahora').count()).toBe(0);
  });

  it('retries once Odoo knows the pallet', async () => {
    const { code, chamber } = somePallet();
    const id = await app.flow.move([{ code: `${code}X` }], chamber);
    await app.flow.until(id, 'needs_attention');
    await open(page, `/operations/${id}`);
    await page.getByRole('button', { name: 'Reintentar' }).click();
    const timeline = page.getByRole('list', { name: 'Qué ha pasado' });
    await timeline.getByText('Se pidió reintentar').waitFor();
    await until(
      'the second attempt rests too',
      async () => (await timeline.getByText(/^Requiere atención:/).count()) === 2,
    );
  });

  it('cancels after asking once, naming the move', async () => {
    const { code, chamber } = somePallet();
    await withoutDispatcher(async () => {
      const id = await app.flow.move([{ code }], chamber);
      const number = await numberOf(id);
      await open(page, `/operations/${id}`);
      await page.getByRole('button', { name: 'Cancelar' }).click();
      const question = page.getByRole('dialog', { name: `¿Cancelar el traslado NV-${number}?` });
      await question.getByText('Es 1 pallet con destino a').waitFor();
      await question.getByRole('button', { name: 'No, dejarlo' }).click();
      await question.waitFor({ state: 'detached' });
      expect((await app.flow.read(id)).state).toBe('pending');
      await page.getByRole('button', { name: 'Cancelar' }).click();
      await question.getByRole('button', { name: 'Sí, cancelar el traslado' }).click();
      await page.getByText('Se canceló. En Odoo no quedó nada de este traslado.').waitFor();
      expect(await page.getByRole('button', { name: 'Reintentar' }).count()).toBe(0);
    });
  });

  it('a command without an answer says so, and pressing again has one effect', async () => {
    const { chamber } = somePallet();
    const id = await app.flow.move([{ code: 'PACK6666666' }], chamber);
    await app.flow.until(id, 'needs_attention');
    await open(page, `/operations/${id}`);
    // It arrives, but the answer is lost.
    let lose = true;
    const keys: string[] = [];
    await page.route('**/retry', async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? '');
      if (!lose) return route.continue();
      lose = false;
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Reintentar' }).click();
    await page.getByText('No hubo respuesta.').waitFor();
    await app.flow.until(id, 'needs_attention');
    const [answer] = await Promise.all([
      page.waitForResponse('**/retry'),
      page.getByRole('button', { name: 'Reintentar' }).click(),
    ]);
    expect(answer.ok()).toBe(true);
    await page.getByText('No hubo respuesta.').waitFor({ state: 'detached' });
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect((await app.flow.read(id)).attempt).toBe(2);
  });

  it('offers nothing to those who may only look', async () => {
    const { chamber } = somePallet();
    const id = await app.flow.move([{ code: 'PACK5555555' }], chamber);
    await app.flow.until(id, 'needs_attention');
    const other = await app.device({ viewport: desktop });
    await logIn(other.page, app.flow.business.users.cashier);
    await open(other.page, `/operations/${id}`);
    await other.page.getByText('Ese pallet no existe en Odoo').first().waitFor();
    expect(await other.page.getByRole('button', { name: 'Reintentar' }).count()).toBe(0);
  });
});

describe('the system', () => {
  it('shows by itself that Odoo is gone, what to do, and that it is back', async () => {
    await app.flow.watch();
    await open(page, '/status');
    const connection = page.getByRole('region', { name: 'Conexiones' });
    await connection.getByText('Funciona', { exact: true }).waitFor();
    app.flow.odoo.control({ mode: 'down' });
    await app.flow.watch();
    await connection.getByText('No responde', { exact: true }).waitFor();
    await connection.getByText('Lo que se mueva queda guardado y se envía solo cuando vuelva.').waitFor();
    app.flow.odoo.control({ mode: 'ok' });
    await app.flow.watch();
    await connection.getByText('Funciona', { exact: true }).waitFor();
  });

  it('says when the server does not answer, instead of showing old numbers as new', async () => {
    await open(page, '/status');
    await page.getByRole('heading', { name: 'Estado del sistema' }).waitFor();
    await page.route('**/api/v1/status', (route) => route.abort());
    await page.getByText('Sin respuesta del servidor.').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByText('Sin respuesta del servidor.').waitFor({ state: 'detached' });
  });
});

describe('the administrator', () => {
  let admin: Page;
  beforeEach(async () => {
    const device = await app.device({ viewport: desktop, reducedMotion: 'reduce' });
    admin = device.page;
    await logIn(admin, app.flow.business.users.admin);
  });

  it('creates a user, told beside the field what is wrong, who can then log in', async () => {
    await open(admin, '/users');
    await admin.getByRole('button', { name: 'Crear usuario' }).click();
    const form = admin.getByRole('dialog', { name: 'Crear usuario' });
    await form.getByRole('button', { name: 'Crear usuario' }).click();
    await form.getByText('Escriba el nombre.').waitFor();
    await form.getByText('Escriba un correo válido').waitFor();
    await form.getByLabel('Nombre').fill('Nueva Persona');
    expect(await form.getByText('Escriba el nombre.').count()).toBe(0);
    await form.getByLabel('Correo electrónico').fill(manager().email);
    await form.getByLabel('Contraseña').fill('una-clave-larga-2026');
    await form.getByRole('button', { name: 'Crear usuario' }).click();
    await form.getByText('Ese correo ya tiene un usuario.').waitFor();
    expect(await form.getByLabel('Correo electrónico').getAttribute('aria-invalid')).toBe('true');
    await form.getByLabel('Correo electrónico').fill('nueva@demo.test');
    await form.getByRole('button', { name: 'Crear usuario' }).click();
    await admin.getByRole('button', { name: 'Editar a Nueva Persona' }).waitFor();

    const theirs = await app.device();
    await logIn(theirs.page, { email: 'nueva@demo.test' }, 'una-clave-larga-2026');
    expect(new URL(theirs.page.url()).pathname).toBe('/picking');
  });

  it('takes access away and cannot lock themselves out', async () => {
    const { finance, admin: me } = app.flow.business.users;
    await open(admin, `/users?edit=${finance.id}`);
    const form = admin.getByRole('dialog');
    await form.getByLabel('Puede entrar').click();
    await form.getByRole('button', { name: 'Guardar cambios' }).click();
    await admin.getByText('Sin acceso').waitFor();
    await open(admin, `/users?edit=${me.id}`);
    await form.getByLabel('Puede entrar').click();
    await form.getByRole('button', { name: 'Guardar cambios' }).click();
    await form.getByText('No puede quitarse a sí mismo el acceso.').waitFor();
    await app.flow.database.query('UPDATE app_user SET active = true WHERE id = $1', [finance.id]);
  });

  it('tests a connection and reads the answer in words', async () => {
    await open(admin, '/connections');
    await admin.getByRole('button', { name: 'Probar conexión' }).click();
    await admin.getByText(/^Odoo respondió: versión 18/).waitFor();
    await admin.getByRole('button', { name: 'Editar' }).click();
    const form = admin.getByRole('dialog');
    await form.getByLabel('Clave de API o contraseña').fill('no-es-la-clave');
    await form.getByRole('button', { name: 'Probar conexión' }).click();
    await form.getByText(/^No funciona: Odoo no acepta la clave/).waitFor();
    await form.getByLabel('Dirección').fill('odoo');
    await form.getByRole('button', { name: 'Guardar cambios' }).click();
    const wrong = form.getByText('Escriba una dirección que comience con http:// o https://');
    await wrong.waitFor();
    await form.getByRole('textbox', { name: 'Dirección' }).fill('https://odoo.example.com');
    await wrong.waitFor({ state: 'detached' });
  });

  it('finds in the audit who moved a pallet, from where to where, and whether Odoo has it', async () => {
    const { code, chamber } = somePallet();
    await app.flow.until(await app.flow.move([{ code }], chamber), 'synced');
    await open(admin, '/audit');
    await admin.getByLabel('Código del pallet').fill(code);
    await admin.getByLabel('Código del pallet').press('Enter');
    await admin.waitForURL((url) => url.searchParams.get('pallet') === code);
    const entry = admin.getByRole('row').filter({ hasText: code });
    await entry.getByText('Movió el pallet').waitFor();
    await entry.getByText('Con éxito').waitFor();
    await entry.getByText('En Odoo').waitFor();
  });
});

/** Every address of the web app and who may open it; null: no page of somebody's. */
const pages: Readonly<Record<string, Permission | null>> = {
  '/': null,
  '/login': null,
  '/logout': null,
  '/picking': 'pallets.move',
  '/picking/codes': 'pallets.move',
  '/pos': 'sales.make',
  '/pos/codes': 'sales.make',
  '/today': 'reports.read',
  '/sales': 'sales.read',
  '/sales/:id': 'sales.read',
  '/registers': 'sales.read',
  '/sessions/:id': 'sales.read',
  '/products': 'products.read',
  '/products/new': 'products.write',
  '/products/:id': 'products.read',
  '/prices': 'products.read',
  '/imports': 'products.write',
  '/imports/:id': 'products.write',
  '/stock': 'stock.read',
  '/stock/all': 'stock.read',
  '/stock/checks': 'stock.read',
  '/stock/history/:sku': 'stock.read',
  '/counts': 'stock.read',
  '/counts/:id': 'stock.read',
  '/entries': 'stock.read',
  '/entries/new': 'stock.write',
  '/entries/:id': 'stock.read',
  '/stores': 'sites.read',
  '/stores/:id': 'sites.read',
  '/operations': 'operations.read',
  '/operations/:id': 'operations.read',
  '/operations/export': 'operations.read',
  '/status': 'status.read',
  '/users': 'users.read',
  '/audit': 'audit.read',
  '/audit/export': 'audit.read',
  '/connections': 'connections.read',
  '/*': null,
};

describe('every page', () => {
  /** As a browser without script: logs in by the form and keeps the cookies. */
  const session = async (user: { email: string }): Promise<string> => {
    const answer = await fetch(`${app.url}/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: app.url },
      body: new URLSearchParams({ email: user.email, password: testPassword }),
    });
    expect(answer.status).toBe(302);
    return answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  };
  const statusOf = async (path: string, cookie = ''): Promise<number> => {
    const answer = await fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie } });
    await answer.arrayBuffer();
    return answer.status;
  };
  const guarded = Object.entries(pages).filter((entry): entry is [string, Permission] => entry[1] !== null);

  it('is in this walk', async () => {
    const source = await readFile(join(rootDir, 'web', 'routes.ts'), 'utf8');
    const paths = [...source.matchAll(/\broute\('([^']+)'/g)].map(([, path]) => `/${path}`);
    expect(['/', ...paths].sort()).toEqual(Object.keys(pages).sort());
  });

  it('opens for each role as the permission table says, and asks who one is', async () => {
    const shop = await createShopWork(app.flow.database, app.flow.business);
    const catalogue = await createCatalogue(app.flow.database, app.flow.business);
    const own: Readonly<Record<string, string>> = {
      '/operations/:id': await app.flow.move([{ code: 'PACK2222222' }], 'CAM-01'),
      '/products/:id': catalogue.productId,
      '/imports/:id': catalogue.importId,
      '/sales/:id': shop.saleId,
      '/sessions/:id': shop.sessionId,
      '/counts/:id': shop.countId,
      '/entries/:id': shop.entryId,
      '/stores/:id': shop.siteId,
    };
    const there = (path: string): string => path.replace(':id', own[path] ?? ':id').replace(':sku', shop.sku);
    for (const [path] of guarded) expect([path, await statusOf(there(path))]).toEqual([path, 302]);
    for (const role of roles) {
      const cookie = await session(app.flow.business.users[role]);
      for (const [path, permission] of guarded) {
        const status = await statusOf(there(path), cookie);
        expect([role, path, status]).toEqual([role, path, can({ role }, permission) ? 200 : 403]);
      }
    }
  }, 180_000);

  it('of an operation of another site or another business is not there', async () => {
    const { oneSite, sites, users } = app.flow.business;
    const there = await app.flow.move([{ code: 'PACK3333333' }], 'CAM-01', { siteId: sites[1].id });
    const { operationId } = await createWork(app.flow.database, await createBusiness(app.flow.database, 'otra'));
    const [one, everything] = [await session(oneSite), await session(users.admin)];
    expect([
      await statusOf(`/operations/${there}`, one),
      await statusOf(`/operations/${there}`, everything),
      await statusOf(`/operations/${operationId}`, everything),
    ]).toEqual([404, 200, 404]);
  });
});

describe('every screen of the desk', () => {
  it.each([
    ['phone, light', phone, 'light'],
    ['phone, dark', phone, 'dark'],
    ['desktop, light', desktop, 'light'],
    ['desktop, dark', desktop, 'dark'],
  ] as const)(
    'is for everybody: %s',
    async (_, viewport, colorScheme) => {
      const stuck = await app.flow.move([{ code: 'PACK4444444' }, { code: 'PACK4444445' }], 'CAM-01');
      await app.flow.until(stuck, 'needs_attention');
      const device = await app.device({ viewport, colorScheme, reducedMotion: 'reduce' });
      await logIn(device.page, app.flow.business.users.admin);
      const paths = [
        '/operations',
        `/operations/${stuck}`,
        '/operations?q=nada',
        '/status',
        '/users',
        '/users?new',
        '/audit',
        '/connections',
        `/connections?edit=${app.flow.connectionId}`,
      ];
      const found: string[] = [];
      for (const path of paths) {
        await open(device.page, path);
        await device.page
          .getByRole(/\?(new|edit)/.test(path) ? 'dialog' : 'heading')
          .first()
          .waitFor();
        found.push(...(await violations(device.page)).map((one) => `${path} ${one}`));
        const wider = await device.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wider > 0) found.push(`${path} is ${wider} px wider than the screen`);
      }
      await device.page.goto(`/operations/${stuck}`);
      await device.page.getByRole('button', { name: 'Cancelar' }).click();
      await device.page.getByRole('button', { name: 'Sí, cancelar el traslado' }).waitFor();
      found.push(...(await violations(device.page)).map((one) => `the question ${one}`));
      expect(found).toEqual([]);
    },
    180_000,
  );
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
