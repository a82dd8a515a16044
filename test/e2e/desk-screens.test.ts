import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { can, type Permission, roles } from '../../domain/access';
import { rootDir } from '../../store/root';
import { type BrowserApp, desktop, logIn, open, phone, startBrowserApp } from '../support/browser';
import { createBusiness, testPassword } from '../support/business';
import { createCatalogue } from '../support/catalogue';
import { createShopWork } from '../support/shop-work';
import { createWork } from '../support/work';
import { violations } from './a11y';

let app: BrowserApp;

beforeAll(async () => {
  app = await startBrowserApp();
});
afterAll(() => app?.close());
afterEach(() => app.closeDevices());

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
  });

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
  ] as const)('is for everybody: %s', async (_, viewport, colorScheme) => {
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
  });
});
