import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { InjectOptions } from 'fastify';
import type { RouteEntry } from '../../api/plugins/access';
import { can, type Role, roles } from '../../domain/access';
import { objectKey } from '../../store/objects';
import { buildTestApp, type TestApp } from '../support/app';
import type { TestBusiness, TestUser } from '../support/business';
import { tinyPng } from '../support/catalogue';
import { createWork, type TestWork } from '../support/work';

/**
 * The walk of every route that the app has: role × tenant × site. It is made from the route table, so a new route is in
 * it by itself, and a new route with an id fails here until `targets` says whose thing the id names.
 */
let t: TestApp;
let demoWork: TestWork;
let otraWork: TestWork;
let routes: RouteEntry[];
const tokens = new Map<string, { authorization: string }>();

beforeAll(async () => {
  t = await buildTestApp();
  demoWork = await createWork(t.database, t.demo);
  otraWork = await createWork(t.database, t.otra);
  for (const [business, { catalogue }] of [
    [t.demo, demoWork],
    [t.otra, otraWork],
  ] as const) {
    await t.deps.objects.put(objectKey(business.tenantId, 'images', catalogue.imageId), tinyPng, 'image/png');
  }
  routes = t.app.routeTable.filter(({ config, method }) => !config.foreign && method !== 'HEAD');
});
afterAll(() => t.close());

/** One session per person, a new one after a log-out. */
async function tokenOf(user: TestUser, fresh = false): Promise<{ authorization: string }> {
  const known = tokens.get(user.id);
  if (known && !fresh) return known;
  const made = await t.as(user);
  tokens.set(user.id, made);
  return made;
}

interface Target {
  /** The thing of a business that the path names. */
  of(business: TestBusiness, work: TestWork): string;
  payload?: object;
  /** A file, where one is taken. */
  octets?: Buffer;
  /** What a stranger is told; 404 unless an id is not what is asked for. */
  strangers?: number[];
  /** It belongs to a site, and who may not see the site may not see it. */
  bySite?: true;
}

/** Every route whose path has a parameter. */
const targets: Readonly<Record<string, Target>> = {
  'GET /api/v1/users/:id': { of: ({ users }) => users.cashier.id },
  'PATCH /api/v1/users/:id': { of: ({ users }) => users.cashier.id, payload: { version: 1, name: 'Otro' } },
  'GET /api/v1/operations/:id': { of: (_, work) => work.operationId, bySite: true },
  'POST /api/v1/operations/:id/retry': { of: (_, work) => work.operationId, payload: {}, bySite: true },
  'POST /api/v1/operations/:id/cancel': { of: (_, work) => work.operationId, payload: {}, bySite: true },
  'PATCH /api/v1/connections/:id': {
    of: (_, work) => work.connectionId,
    payload: { settings: { login: 'other' } },
  },
  'POST /api/v1/connections/:id/test': { of: (_, work) => work.connectionId, payload: {} },
  'GET /api/v1/sites/:id': { of: ({ sites }) => sites[1].id, bySite: true },
  'PATCH /api/v1/sites/:id': { of: ({ sites }) => sites[1].id, payload: { version: 1, address: 'Otra' } },
  'GET /api/v1/sites/:id/locations': { of: ({ sites }) => sites[1].id, bySite: true },
  'POST /api/v1/sites/:id/locations': { of: ({ sites }) => sites[1].id, payload: { name: 'Altillo' } },
  'GET /api/v1/products/:id': { of: (_, { catalogue }) => catalogue.productId },
  'PATCH /api/v1/products/:id': {
    of: (_, { catalogue }) => catalogue.productId,
    payload: { version: 1, name: 'Otro' },
  },
  'POST /api/v1/products/:id/variants': {
    of: (_, { catalogue }) => catalogue.productId,
    payload: { variants: [{ sku: 'OTRA-TALLA', price: 1 }] },
  },
  'PATCH /api/v1/variants/:id': { of: (_, { catalogue }) => catalogue.variantId, payload: { version: 1, price: 2 } },
  'POST /api/v1/variants/:id/codes': { of: (_, { catalogue }) => catalogue.variantId, payload: { code: 'C-1' } },
  'POST /api/v1/variants/:id/codes/remove': { of: (_, { catalogue }) => catalogue.variantId, payload: { code: 'C-1' } },
  'POST /api/v1/products/:id/images': { of: (_, { catalogue }) => catalogue.productId, octets: tinyPng },
  'GET /api/v1/images/:id': { of: (_, { catalogue }) => catalogue.imageId },
  'POST /api/v1/images/:id/remove': { of: (_, { catalogue }) => catalogue.imageId, payload: {} },
  'GET /api/v1/imports/:id': { of: (_, { catalogue }) => catalogue.importId },
  'GET /api/v1/imports/:id/rows': { of: (_, { catalogue }) => catalogue.importId },
  'POST /api/v1/imports/:id/apply': { of: (_, { catalogue }) => catalogue.importId, payload: {} },
  'POST /api/v1/imports/:id/undo': { of: (_, { catalogue }) => catalogue.importId, payload: {} },
  'GET /api/v1/products/scan/:code': { of: (_, { catalogue }) => catalogue.code },
  'GET /api/v1/stock/entries/:id': { of: (_, work) => work.stock.entryId, bySite: true },
  'GET /api/v1/stock/counts/:id': { of: (_, work) => work.stock.countId, bySite: true },
  'POST /api/v1/stock/counts/:id/lines': {
    of: (_, work) => work.stock.countId,
    payload: { lines: [{ sku: 'NOBODYS', counted: 1 }] },
    bySite: true,
  },
  'POST /api/v1/stock/counts/:id/close': { of: (_, work) => work.stock.countId, bySite: true },
  'POST /api/v1/stock/counts/:id/cancel': { of: (_, work) => work.stock.countId, bySite: true },
  'GET /api/v1/stock/:sku/movements': { of: (_, work) => work.stock.sku },
  'POST /api/v1/registers/:id/open': { of: (_, { till }) => till.registerId, payload: { float: 1000 }, bySite: true },
  'POST /api/v1/registers/:id/cash': {
    of: (_, { till }) => till.registerId,
    payload: { amount: 500, reason: 'Cambio' },
    bySite: true,
  },
  'GET /api/v1/registers/:id/report': { of: (_, { till }) => till.registerId, bySite: true },
  'POST /api/v1/registers/:id/close': { of: (_, { till }) => till.registerId, payload: { counted: 0 }, bySite: true },
  'GET /api/v1/registers/:id/sessions': { of: (_, { till }) => till.registerId, bySite: true },
  'GET /api/v1/register-sessions/:id': { of: (_, { till }) => till.sessionId, bySite: true },
  'GET /api/v1/sales/:id': { of: (_, { till }) => till.saleId, bySite: true },
  'GET /api/v1/sales/:id/receipt.pdf': { of: (_, { till }) => till.saleId, bySite: true },
  'POST /api/v1/sales/:id/receipt': {
    of: (_, { till }) => till.saleId,
    payload: { email: 'ana@cliente.test' },
    bySite: true,
  },
  'POST /api/v1/sales/:id/void': { of: (_, { till }) => till.saleId, payload: { reason: 'Prueba' }, bySite: true },
  'POST /api/v1/sales/:id/return': {
    of: (_, { till }) => till.saleId,
    payload: { lines: [{ line: 1, quantity: 1 }], payments: [], reason: 'Prueba' },
    bySite: true,
  },
  'POST /api/v1/tickets/:id/resume': { of: (_, { till }) => till.ticketId, bySite: true },
  'POST /api/v1/tickets/:id/drop': { of: (_, { till }) => till.ticketId, bySite: true },
  // A code, not an id: each business has its own Odoo, where a stranger's code is unknown or cannot be asked for.
  'GET /api/v1/pallets/:code': { of: (_, work) => work.palletCode, strangers: [404, 422, 503] },
};

/** Lists that have to be told of what. */
const queries: Readonly<Record<string, (work: TestWork) => string>> = {
  'GET /api/v1/stock/by-site': ({ stock }) => `?sku=${stock.sku}`,
};

const nameOf = ({ method, url }: RouteEntry) => `${method} ${url}`;
const methodOf = (route: RouteEntry) => route.method as NonNullable<InjectOptions['method']>;

async function statusOf(request: Request): Promise<number> {
  const headers: Record<string, string> = { 'idempotency-key': randomUUID(), ...request.headers };
  if (request.url.endsWith('/stream')) return statusOfStream(request.url, headers);
  return (await t.app.inject({ ...request, headers })).statusCode;
}

interface Request extends InjectOptions {
  url: string;
  headers?: Record<string, string>;
}

/** The live feed never ends: over a real connection, and only until the head of the answer. */
async function statusOfStream(url: string, headers: Record<string, string>): Promise<number> {
  if (!t.app.server.listening) await t.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = t.app.server.address() as AddressInfo;
  const leave = new AbortController();
  const answer = await fetch(`http://127.0.0.1:${port}${url}`, { headers, signal: leave.signal });
  leave.abort();
  return answer.status;
}

const fill = (route: RouteEntry, value: string) => route.url.replace(/:\w+/, encodeURIComponent(value));

describe('every route', () => {
  it('is in the walk', () => {
    expect(routes.length).toBeGreaterThan(20);
    const withParameter = routes.filter(({ url }) => url.includes(':')).map(nameOf);
    expect(withParameter.sort()).toEqual(Object.keys(targets).sort());
  });

  it('is described, with every problem that it can answer', () => {
    const { paths } = t.app.swagger() as unknown as {
      paths: Record<string, Record<string, { responses: Record<string, unknown>; security: unknown[] }>>;
    };
    for (const route of routes.filter(({ url }) => url !== '/metrics')) {
      const described = paths[route.url.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
      expect([nameOf(route), described !== undefined]).toEqual([nameOf(route), true]);
      expect([nameOf(route), Object.keys(described?.responses ?? {})]).toEqual([
        nameOf(route),
        expect.arrayContaining(['500', '503', ...(route.config.public ? [] : ['401', '429'])]),
      ]);
      expect(described?.security).toHaveLength(route.config.public ? 0 : 2);
    }
  });

  it('that is not public asks who one is', async () => {
    for (const route of routes.filter(({ config }) => !config.public)) {
      const status = await statusOf({ method: methodOf(route), url: fill(route, randomUUID()), payload: {} });
      expect([nameOf(route), status]).toEqual([nameOf(route), 401]);
    }
  });

  it.each(roles)('answers %s as the permission table says', async (role: Role) => {
    for (const route of routes) {
      const user = t.demo.users[role];
      const ends = route.url.endsWith('/auth/logout');
      const headers = await tokenOf(user, ends);
      const url = fill(route, randomUUID());
      const body = ['POST', 'PATCH'].includes(route.method) ? { payload: {} } : {};
      const status = await statusOf({ method: methodOf(route), url, headers, ...body });
      if (ends) tokens.delete(user.id);
      const { permission } = route.config;
      const allowed = permission === undefined || can({ role }, permission);
      const refused = status === 403;
      expect([nameOf(route), role, refused]).toEqual([nameOf(route), role, !allowed]);
      // The database and Redis are there, Odoo and Temporal are not.
      if (!route.config.public) expect([nameOf(route), status]).not.toEqual([nameOf(route), 401]);
      expect([nameOf(route), status]).not.toEqual([nameOf(route), 500]);
    }
  });
});

describe('what belongs to another', () => {
  const withTarget = () => routes.filter((route) => targets[nameOf(route)] !== undefined);
  const ask = async (route: RouteEntry, user: TestUser, business: TestBusiness, work: TestWork): Promise<number> => {
    const target = targets[nameOf(route)] as Target;
    const url = fill(route, target.of(business, work));
    const token = await tokenOf(user);
    const headers = target.octets === undefined ? token : { ...token, 'content-type': 'application/octet-stream' };
    const payload = target.octets ?? target.payload;
    return statusOf({ method: methodOf(route), url, headers, ...(payload !== undefined && { payload }) });
  };

  const lists = () =>
    routes.filter(
      ({ method, url }) =>
        method === 'GET' && url.startsWith('/api/v1/') && !url.includes(':') && !url.endsWith('/stream'),
    );
  const listUrl = (route: RouteEntry) => `${route.url}${queries[nameOf(route)]?.(demoWork) ?? ''}`;

  it('business is not there, whatever is tried with it', async () => {
    const { rows } = await snapshot();
    for (const route of withTarget()) {
      const status = await ask(route, t.demo.users.admin, t.otra, otraWork);
      const { strangers = [404] } = targets[nameOf(route)] as Target;
      expect([nameOf(route), strangers.includes(status), status]).toEqual([nameOf(route), true, status]);
    }
    expect((await snapshot()).rows).toEqual(rows);
  });

  it('site is not there either', async () => {
    for (const route of withTarget().filter((one) => targets[nameOf(one)]?.bySite)) {
      const status = await ask(route, t.demo.oneSite, t.demo, demoWork);
      expect([nameOf(route), status]).toEqual([nameOf(route), 404]);
    }
  });

  it('but there for its own people, so the refusals mean something', async () => {
    for (const route of withTarget()) {
      const status = await ask(route, t.otra.users.admin, t.otra, otraWork);
      expect([nameOf(route), status < 400 || status === 422]).toEqual([nameOf(route), true]);
    }
  });

  it('site is in no list and in no count', async () => {
    const listed = async (user: TestUser): Promise<string[]> => {
      const headers = await tokenOf(user);
      const found = await Promise.all(
        lists().map(async (route) => {
          const { statusCode, body } = await t.call({ method: 'GET', url: listUrl(route), headers });
          const { permission } = route.config;
          const allowed = permission === undefined || can(user, permission);
          expect([nameOf(route), statusCode]).toEqual([nameOf(route), allowed ? 200 : 403]);
          return body.includes(demoWork.operationId) || body.includes(t.demo.sites[1].id) ? [nameOf(route)] : [];
        }),
      );
      return found.flat();
    };
    const counted = async (user: TestUser): Promise<number> => {
      const answer = await t.call({ method: 'GET', url: '/api/v1/operation-counts', headers: await tokenOf(user) });
      return answer.json<{ needs_attention: number }>().needs_attention;
    };
    expect([await listed(t.demo.oneSite), await counted(t.demo.oneSite)]).toEqual([[], 0]);
    // There for who may see it, so the silence means something.
    expect(await listed(t.demo.users.manager)).toEqual(
      expect.arrayContaining(['GET /api/v1/operations', 'GET /api/v1/sites', 'GET /api/v1/audit']),
    );
    expect(await counted(t.demo.users.manager)).toBe(1);
  });

  it('business is in no list', async () => {
    const foreign = [t.otra.tenantId, ...Object.values(t.otra.users).map(({ id }) => id), t.otra.sites[0].id];
    const { catalogue, stock, till, locations, barcodes, ...single } = otraWork;
    const work = [catalogue, stock, till, single].flatMap((part) => Object.values<string>({ ...part }));
    const ids = [...foreign, ...work, ...locations, ...barcodes, t.otra.users.admin.email];
    const headers = await tokenOf(t.demo.users.admin);
    expect(lists().length).toBeGreaterThan(6);
    for (const route of lists()) {
      const answer = await t.call({ method: 'GET', url: listUrl(route), headers });
      expect([nameOf(route), answer.statusCode]).toEqual([nameOf(route), 200]);
      for (const id of ids) expect([nameOf(route), answer.body.includes(id)]).toEqual([nameOf(route), false]);
    }
  });

  it('cannot be named in a body', async () => {
    const headers = await tokenOf(t.demo.users.admin);
    const post = (url: string, payload: object) => t.call({ method: 'POST', url, headers, payload });
    const user = await post('/api/v1/users', {
      email: 'sites@demo.test',
      name: 'S',
      role: 'cashier',
      password: 'una clave bien larga',
      allSites: false,
      siteIds: [t.otra.sites[0].id],
    });
    expect(user.json()).toMatchObject({ status: 422, code: 'unknown_site' });
    for (const destination of [otraWork.locations[0], otraWork.barcodes[0]]) {
      const move = await post('/api/v1/pallet-moves', {
        destination,
        pallets: [demoWork.palletCode],
        scannedAt: new Date().toISOString(),
      });
      expect(move.json()).toMatchObject({ status: 422, code: 'unknown_location' });
    }
    const adjustment = { siteId: t.demo.sites[1].id, sku: demoWork.stock.sku, quantity: 1, reason: 'x' };
    const site = await post('/api/v1/stock/adjustments', { ...adjustment, siteId: t.otra.sites[1].id });
    expect(site.json()).toMatchObject({ status: 422, code: 'unknown_site' });
    const sku = await post('/api/v1/stock/adjustments', { ...adjustment, sku: otraWork.stock.sku });
    expect(sku.json()).toMatchObject({ status: 422, code: 'unknown_sku' });
  });

  /** Everything of the other business, to see that it stayed as it was. */
  async function snapshot(): Promise<{ rows: unknown }> {
    const tables = [
      ...[
        'app_user',
        'operation',
        'operation_event',
        'connection',
        'outbox',
        'pallet_move_line',
        'site',
        'site_location',
      ],
      ...['register', 'register_session', 'cash_movement', 'sale', 'sale_line', 'sale_payment', 'parked_ticket'],
      ...['stock_movement', 'stock_hold'],
      ...['product', 'variant', 'variant_code', 'site_price', 'product_image', 'product_import'],
      ...['stock_level', 'stock_count', 'stock_count_line'],
    ];
    const rows = await Promise.all(
      tables.map((table) =>
        t.database.query(`SELECT * FROM ${table} WHERE tenant_id = $1 ORDER BY 1, 2`, [t.otra.tenantId]),
      ),
    );
    return { rows };
  }
});
