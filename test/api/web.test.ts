import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntryContext, ServerBuild } from '@remix-run/node';
import type { LightMyRequestResponse } from 'fastify';
import type { WebContext } from '../../api/plugins/web';
import { buildTestApp, type TestApp } from '../support/app';
import { testPassword } from '../support/business';

/** The smallest app that Remix can serve: what is tested is how it is mounted. */
function buildOf(): ServerBuild {
  const future = {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_routeConfig: true,
    v3_singleFetch: true,
    v3_lazyRouteDiscovery: false,
    unstable_optimizeDeps: false,
  };
  const route = (id: string, path: string, module: object) => ({ id, path, parentId: undefined, module });
  const routes = {
    whoami: route('whoami', 'whoami', {
      loader: ({ context }: { context: WebContext }) =>
        Response.json({ actor: context.actor?.email ?? null, useCases: Object.keys(context.useCases) }),
    }),
    page: route('page', 'page', { default: () => null }),
    session: route('session', 'session', {
      async action({ request, context }: { request: Request; context: WebContext }) {
        const form = await request.formData();
        if (form.get('intent') === 'out') {
          await context.signOut();
          return Response.json({ out: true }, { headers: { 'set-cookie': 'theme=dark' } });
        }
        const me = await context.signIn({ email: String(form.get('email')), password: String(form.get('password')) });
        return Response.json({ in: me.email }, { headers: { 'set-cookie': 'theme=dark' } });
      },
    }),
  };
  const handleDocument = (
    _request: Request,
    status: number,
    headers: Headers,
    _context: EntryContext,
    context: WebContext,
  ) => {
    headers.set('content-type', 'text/html; charset=utf-8');
    return new Response(`<html nonce="${context.cspNonce}">`, { status, headers });
  };
  return {
    mode: 'production',
    entry: { module: { default: handleDocument } },
    routes,
    assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '1' },
    publicPath: '/',
    assetsBuildDirectory: '',
    future,
    isSpaMode: false,
  } as unknown as ServerBuild;
}

let t: TestApp;
let clientDir: string;

beforeAll(async () => {
  clientDir = mkdtempSync(join(tmpdir(), 'nervio-client-'));
  mkdirSync(join(clientDir, 'assets'));
  writeFileSync(join(clientDir, 'assets', 'root-abc123.js'), 'export {};');
  writeFileSync(join(clientDir, 'sw.js'), 'self;');
  t = await buildTestApp({ web: { clientDir, server: buildOf() }, environment: { SESSION_ACCESS_SECONDS: '600' } });
});
afterAll(async () => {
  await t.close();
  rmSync(clientDir, { recursive: true });
});

const jar = (answer: LightMyRequestResponse): string =>
  answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
const own = { 'sec-fetch-site': 'same-origin' };
const form = (fields: Record<string, string>, headers: Record<string, string> = own) =>
  t.app.inject({
    method: 'POST',
    url: '/session',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
const signIn = () => form({ email: t.demo.users.manager.email, password: testPassword });
const whoami = (cookie: string) => t.app.inject({ url: '/whoami', headers: { cookie } });

describe('the web app', () => {
  it('gets the use cases, and nobody when nobody is logged in', async () => {
    const answer = await whoami('');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      actor: null,
      useCases: expect.arrayContaining(['me', 'listUsers']) as unknown,
    });
  });

  it('logs in through its own action, with cookies that no script can read', async () => {
    const answer = await signIn();
    expect(answer.json()).toEqual({ in: t.demo.users.manager.email });
    const session = answer.cookies.filter(({ name }) => name.startsWith('nervio_'));
    expect(session.map(({ name }) => name).sort()).toEqual(['nervio_access', 'nervio_refresh']);
    for (const cookie of session) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(answer.cookies.map(({ name }) => name)).toContain('theme');
    expect(answer.body).not.toContain(answer.cookies[0]?.value);
    expect((await whoami(jar(answer))).json()).toMatchObject({ actor: t.demo.users.manager.email });
  });

  it('may use the API with its cookies', async () => {
    const answer = await t.app.inject({ url: '/api/v1/me', headers: { cookie: jar(await signIn()) } });
    expect(answer.json()).toMatchObject({ email: t.demo.users.manager.email });
  });

  it('logs out: the cookies go and are worth nothing', async () => {
    const cookie = jar(await signIn());
    const answer = await form({ intent: 'out' }, { ...own, cookie });
    for (const name of ['nervio_access', 'nervio_refresh']) {
      expect(answer.cookies).toContainEqual(expect.objectContaining({ name, value: '' }));
    }
    expect((await whoami(cookie)).json()).toMatchObject({ actor: null });
  });

  it('gets a fresh access cookie by itself, the same for requests at once', async () => {
    const refreshOnly = jar(await signIn())
      .split('; ')
      .filter((pair) => pair.startsWith('nervio_refresh'))
      .join();
    const answers = await Promise.all(Array.from({ length: 6 }, () => whoami(refreshOnly)));
    const renewed = answers.map((answer) => answer.cookies.find(({ name }) => name === 'nervio_refresh')?.value);
    for (const answer of answers) expect(answer.json()).toMatchObject({ actor: t.demo.users.manager.email });
    expect(new Set(renewed).size).toBe(1);
    expect((await whoami(jar(answers[0] as LightMyRequestResponse))).json()).toMatchObject({
      actor: t.demo.users.manager.email,
    });
  });

  it('loses cookies that are worth nothing any more', async () => {
    const answer = await whoami('nervio_access=nonsense; nervio_refresh=nonsense');
    expect(answer.json()).toMatchObject({ actor: null });
    expect(answer.cookies).toContainEqual(expect.objectContaining({ name: 'nervio_refresh', value: '' }));
  });

  it('renews by the cookie at the API too, and keeps the token out of the body', async () => {
    const answer = await t.app.inject({
      method: 'POST',
      url: '/api/v1/auth/refresh',
      headers: { cookie: jar(await signIn()), ...own },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).not.toHaveProperty('refreshToken');
    expect(answer.cookies.map(({ name }) => name)).toContain('nervio_refresh');
  });
});

describe('requests that another site makes', () => {
  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['an old browser on another site', { origin: 'https://evil.example' }],
    ['nobody knows what', {}],
  ])('%s cannot change anything with our cookies', async (_, headers) => {
    const cookie = jar(await signIn());
    const page = await form({ intent: 'out' }, { ...headers, cookie });
    const api = await t.app.inject({ method: 'POST', url: '/api/v1/auth/logout', headers: { ...headers, cookie } });
    const refresh = await t.app.inject({
      method: 'POST',
      url: '/api/v1/auth/refresh',
      headers: { ...headers, cookie },
    });
    for (const answer of [page, api, refresh]) expect(answer.json()).toMatchObject({ status: 403, code: 'csrf' });
    expect((await whoami(cookie)).json()).toMatchObject({ actor: t.demo.users.manager.email });
  });

  it('cannot log somebody in either', async () => {
    const answer = await form(
      { email: t.demo.users.manager.email, password: testPassword },
      { 'sec-fetch-site': 'cross-site' },
    );
    expect(answer.statusCode).toBe(403);
    expect(answer.cookies).toEqual([]);
  });

  it('are welcome with a bearer token', async () => {
    const headers = { ...(await t.as(t.demo.users.manager)), origin: 'https://integration.example' };
    expect((await t.app.inject({ method: 'POST', url: '/api/v1/auth/logout', headers })).statusCode).toBe(204);
  });
});

describe('pages and files', () => {
  it('run only what carries the nonce of this very answer', async () => {
    const [one, two] = [await t.app.inject('/page'), await t.app.inject('/page')];
    const nonce = /nonce="([^"]+)"/.exec(one.body)?.[1] ?? 'none';
    expect(nonce.length).toBeGreaterThan(20);
    expect(one.headers['content-security-policy']).toContain(`script-src 'self' 'nonce-${nonce}';`);
    expect(one.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
    expect(two.body).not.toContain(nonce);
  });

  it('are kept for a year when their name changes with them, else asked for each time', async () => {
    const asset = await t.app.inject('/assets/root-abc123.js');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const worker = await t.app.inject('/sw.js');
    expect(worker.headers).toMatchObject({ 'cache-control': 'no-cache', 'service-worker-allowed': '/' });
    expect(worker.headers['content-security-policy']).toContain("connect-src 'self'");
  });

  it('leave the API its own 404', async () => {
    for (const method of ['GET', 'POST'] as const) {
      const answer = await t.app.inject({ method, url: '/api/v1/nothing', headers: own });
      expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' });
    }
  });

  it('leave the API its own 405', async () => {
    const answer = await t.app.inject({ method: 'DELETE', url: '/api/v1/me', headers: own });
    expect(answer.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(answer.headers.allow).toBe('GET, HEAD');
  });

  it('refuse a body that is too large', async () => {
    expect((await form({ big: 'x'.repeat(1_100_000) })).statusCode).toBe(413);
  });
});

describe('with https', () => {
  it('cookies are bound to the host and never leave over http', async () => {
    const secure = await buildTestApp({
      web: { clientDir, server: buildOf() },
      environment: { PUBLIC_URL: 'https://nervio.example' },
    });
    try {
      const answer = await secure.app.inject({
        method: 'POST',
        url: '/session',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://nervio.example' },
        payload: new URLSearchParams({ email: secure.demo.users.admin.email, password: testPassword }).toString(),
      });
      const session = answer.cookies.filter(({ name }) => name !== 'theme');
      expect(session.map(({ name }) => name).sort()).toEqual(['__Host-nervio_access', '__Host-nervio_refresh']);
      for (const cookie of session) expect(cookie).toMatchObject({ secure: true, path: '/', httpOnly: true });
      expect(answer.headers['strict-transport-security']).toContain('max-age=31536000');
    } finally {
      await secure.close();
    }
  });
});
