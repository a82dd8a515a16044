import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { createCheckout } from '../../api/sales/checkout';
import { buildTestApp, type TestApp } from '../support/app';

let t: TestApp;
let admin: { authorization: string };
beforeAll(async () => {
  t = await buildTestApp();
  admin = await t.as(t.demo.users.admin);
});
afterAll(() => t.close());

const newUser = { email: 'x@demo.test', name: 'X', role: 'cashier', password: 'una clave bien larga' };
const post = (payload: InjectOptions['payload'], headers: Record<string, string> = {}) =>
  t.call({ method: 'POST', url: '/api/v1/users', headers: { ...admin, ...headers }, payload });

function expectProblem(answer: LightMyRequestResponse, status: number, code: string): void {
  expect(answer.statusCode).toBe(status);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({
    type: `urn:nervio:problem:${code}`,
    status,
    code,
    title: expect.stringMatching(/\S/) as unknown,
    detail: expect.stringMatching(/\S/) as unknown,
    instance: `urn:uuid:${String(answer.headers['x-request-id'])}`,
  });
}

describe('what goes wrong is told', () => {
  it('in the language that was asked for', async () => {
    const ask = (language: string) => t.call({ method: 'GET', url: '/nope', headers: { 'accept-language': language } });
    const [es, en] = [await ask('es-CL'), await ask('en-GB,en;q=0.9')];
    expect(es.json()).toMatchObject({ detail: 'No existe, o no es suyo.' });
    expect(en.json()).toMatchObject({ detail: 'It does not exist, or is not yours.' });
    expect([es.headers['content-language'], en.headers['content-language']]).toEqual(['es', 'en']);
  });

  it.each<[string, object, string]>([
    ['a field that is missing', { ...newUser, email: undefined }, 'body/email'],
    ['a field that nobody knows', { ...newUser, admin: true }, 'body/admin'],
    ['a number where text belongs', { ...newUser, name: 7 }, 'body/name'],
    ['a text where a flag belongs', { ...newUser, allSites: 'true' }, 'body/allSites'],
    ['a role that does not exist', { ...newUser, role: 'owner' }, 'body/role'],
    ['an id that is none', { ...newUser, allSites: false, siteIds: ['1'] }, 'body/siteIds/0'],
    ['no object at all', [], 'body'],
    ['a text with NUL in it', { ...newUser, name: 'a\u0000b' }, 'body/name'],
    ['a text with half a character in it', { ...newUser, name: 'a\ud800' }, 'body/name'],
  ])('400 with the path of %s', async (_, body, path) => {
    const answer = await post(body);
    expectProblem(answer, 400, 'malformed');
    expect(answer.json<{ fields: { path: string }[] }>().fields[0]?.path).toBe(path);
  });

  it('400 for JSON that is none, and for poisoned JSON', async () => {
    const json = { 'content-type': 'application/json' };
    expectProblem(await post('{"email":', json), 400, 'malformed');
    expectProblem(await post('', json), 400, 'malformed');
    expectProblem(await post('{"__proto__": {"admin": true}}', json), 400, 'malformed');
  });

  it('400 without an Idempotency-Key, with a code of its own', async () => {
    const answer = await t.app.inject({ method: 'POST', url: '/api/v1/users', headers: admin, payload: newUser });
    expectProblem(answer, 400, 'idempotency_key_missing');
  });

  it('400 for an Idempotency-Key that is none', async () => {
    expectProblem(await post(newUser, { 'idempotency-key': 'a b' }), 400, 'malformed');
  });

  it('400 for an instant that does not exist, and for NUL in a query or a path', async () => {
    for (const url of [
      '/api/v1/operations?from=0491-07-11T07%3A44%3A23%2B20%3A52',
      '/api/v1/operations?q=%00',
      '/api/v1/pallets/a%00b',
    ]) {
      expectProblem(await t.call({ method: 'GET', url, headers: admin }), 400, 'malformed');
    }
  });

  it('400 for a cursor that is not ours', async () => {
    for (const cursor of ['nonsense', Buffer.from('["a","b"]').toString('base64url')]) {
      const answer = await t.call({ method: 'GET', url: `/api/v1/audit?cursor=${cursor}`, headers: admin });
      expectProblem(answer, 400, 'malformed');
    }
  });

  it('413 for a body above a mebibyte', async () => {
    expectProblem(await post({ ...newUser, name: 'x'.repeat(1_100_000) }), 413, 'payload_too_large');
  });

  it('415 for what is not JSON', async () => {
    expectProblem(await post('<user/>', { 'content-type': 'application/xml' }), 415, 'unsupported_media_type');
  });

  it('404 for what is not there, 405 for what cannot be done there', async () => {
    expectProblem(await t.call({ method: 'GET', url: '/api/v1/nothing', headers: admin }), 404, 'not_found');
    const answer = await t.call({ method: 'DELETE', url: '/api/v1/users', headers: admin });
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
    // Also with a body that nobody here could read.
    const query = await t.app.inject({ method: 'QUERY' as 'GET', url: '/api/v1/users', headers: admin, payload: '<' });
    expectProblem(query, 405, 'method_not_allowed');
  });

  it('401 for tokens that are forged, none, or of another kind', async () => {
    for (const authorization of ['Bearer x.y.z', 'Bearer ', 'Basic YTpi', admin.authorization.slice(0, -3)]) {
      const answer = await t.call({ method: 'GET', url: '/api/v1/me', headers: { authorization } });
      expectProblem(answer, 401, 'unauthenticated');
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
  });

  it('403 for a role without the permission, before anything is looked at', async () => {
    const headers = await t.as(t.demo.users.cashier);
    expectProblem(await t.call({ method: 'POST', url: '/api/v1/users', headers, payload: {} }), 403, 'forbidden');
  });
});

describe('what goes wrong on our side', () => {
  it('is 500 with nothing of its cause', async () => {
    let broken = false;
    const own = await buildTestApp({
      adapt: (deps) => ({
        ...deps,
        db: {
          ...deps.db,
          withTenant: (tenantId, fn) =>
            broken ? Promise.reject(new Error('secret cause')) : deps.db.withTenant(tenantId, fn),
        },
      }),
    });
    try {
      const headers = await own.as(own.demo.users.admin);
      broken = true;
      const answer = await own.app.inject({ url: '/api/v1/sites', headers });
      expectProblem(answer, 500, 'internal');
      expect(answer.body).not.toContain('secret cause');
    } finally {
      await own.close();
    }
  });

  it('is 503 with Retry-After when no answer comes in time, also at the till', async () => {
    let stuck = false;
    const own = await buildTestApp({
      environment: { HTTP_TIMEOUT_MS: '1000' },
      adapt: (deps) => ({
        ...deps,
        db: {
          ...deps.db,
          withTenant: (tenantId, fn) => (stuck ? new Promise(() => undefined) : deps.db.withTenant(tenantId, fn)),
        },
        checkout: createCheckout({
          ...deps,
          hotPath: { withTenant: () => new Promise(() => undefined) },
          mode: 'off',
          answerMs: deps.config.http.handlerTimeoutMs,
        }),
      }),
    });
    try {
      const headers = await own.as(own.demo.users.admin);
      stuck = true;
      const id = randomUUID();
      const sale = {
        siteId: id,
        registerId: id,
        lines: [{ sku: 'A', quantity: 1 }],
        payments: [{ method: 'card', amount: 1 }],
      };
      for (const request of [
        { url: '/api/v1/sites' },
        { method: 'POST' as const, url: '/api/v1/sales', payload: sale },
      ]) {
        const answer = await own.call({ ...request, headers });
        expectProblem(answer, 503, 'unavailable');
        expect(answer.headers['retry-after']).toMatch(/^\d+$/);
      }
    } finally {
      await own.close();
    }
  });

  it('is 503 with Retry-After while the database is gone', async () => {
    const down = await buildTestApp({
      // Nothing listens there.
      environment: { DATABASE_APP_URL: 'postgres://nervio_app:x@127.0.0.1:9/none' },
    });
    try {
      const answer = await down.app.inject({ url: '/api/v1/me', headers: admin });
      expectProblem(answer, 503, 'unavailable');
      expect(answer.headers['retry-after']).toBe('1');
    } finally {
      await down.close();
    }
  });
});

describe('over a real socket', () => {
  const listen = async (): Promise<number> => {
    if (!t.app.server.listening) await t.app.listen({ host: '127.0.0.1', port: 0 });
    return (t.app.server.address() as AddressInfo).port;
  };

  it('a path that cannot be decoded is a problem too', async () => {
    const port = await listen();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/api/v1/users/%ff' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });

  /** All that the server says to this, until it closes the connection; `then` has the server's end of it when the text has come. */
  async function said(text: string, then?: (accepted: Socket) => void): Promise<string> {
    const port = await listen();
    const accepted = once(t.app.server, 'connection') as Promise<[Socket]>;
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    const closed = once(socket, 'close');
    socket.write(text);
    const [end] = await accepted;
    if (then) {
      while (end.bytesRead < text.length) await setImmediate();
      then(end);
    }
    await closed;
    return answer;
  }
  const tooLate = (socket: Socket): boolean =>
    t.app.server.emit('clientError', Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);

  it('what is not HTTP is turned away without ending the process', async () => {
    const answer = await said('nonsense\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ code: 'malformed', status: 400 });
    expect((await t.call({ method: 'GET', url: '/livez' })).statusCode).toBe(200);
  });

  it('a request that does not come to its end may be repeated', async () => {
    const answer = await said('POST /api/v1/sales HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{', tooLate);
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer).toContain('Retry-After: 1\r\n');
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ code: 'unavailable' });
  });

  it('a connection opened in advance is closed without an answer, which its first request would take for its own', async () => {
    expect(await said('', tooLate)).toBe('');
  });
});

describe('every answer', () => {
  it('carries the headers that keep browsers in check, and none that opens it to other sites', async () => {
    for (const url of ['/livez', '/api/v1/me', '/nope', '/docs', '/openapi.json']) {
      const { headers } = await t.call({ method: 'GET', url, headers: { origin: 'https://evil.example' } });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'content-security-policy': expect.stringContaining("default-src 'none'") as unknown,
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('carries the request id: ours, or the one of the proxy when it is a UUID', async () => {
    const given = '0190a6e4-0000-7000-8000-000000000001';
    const ask = async (id: string) =>
      (await t.call({ method: 'GET', url: '/livez', headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await ask(given)).toBe(given);
    // As nginx writes its own, and a proxy that likes capitals.
    expect(await ask(given.replaceAll('-', ''))).toBe(given);
    expect(await ask(given.toUpperCase())).toBe(given);
    expect(await ask(`${given.replaceAll('-', '')}0`)).not.toContain(given);
    expect(await ask('"}\n{"level":60')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
