import { buildTestApp, type TestApp } from '../support/app';

const openApps: TestApp[] = [];
const open = async (environment: Record<string, string>): Promise<TestApp> => {
  const t = await buildTestApp({ environment });
  openApps.push(t);
  return t;
};
afterEach(async () => {
  for (const t of openApps.splice(0)) await t.close();
});

let lastAddress = 0;
/** A new client each time: the counts outlive an app in Redis. */
const address = () => `10.7.${process.pid % 250}.${(lastAddress = (lastAddress % 250) + 1)}`;

describe('limits', () => {
  it('let so many requests a minute through per address, then say when to come again', async () => {
    const t = await open({ RATE_LIMIT_ANONYMOUS: '5' });
    const remoteAddress = address();
    await t.deps.redis.del(`nervio:requests:ip:${remoteAddress}`);
    const ask = () => t.call({ method: 'GET', url: '/api/v1/me', remoteAddress });
    for (let left = 4; left >= 0; left--) {
      const { statusCode, headers } = await ask();
      expect(statusCode).toBe(401);
      expect(headers['ratelimit-policy']).toBe('"anonymous";q=5;w=60');
      expect(headers.ratelimit).toMatch(new RegExp(`^"anonymous";r=${left};t=\\d+$`));
    }
    const refused = await ask();
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'rate_limited' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await t.call({ method: 'GET', url: '/api/v1/me', remoteAddress: address() })).statusCode).toBe(401);
  });

  it('count paths that do not exist and made-up tokens', async () => {
    const t = await open({ RATE_LIMIT_ANONYMOUS: '4' });
    const remoteAddress = address();
    await t.deps.redis.del(`nervio:requests:ip:${remoteAddress}`);
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      statuses.push((await t.call({ method: 'GET', url: '/nope', remoteAddress })).statusCode);
      const headers = { authorization: `Bearer made.up.${i}` };
      statuses.push((await t.call({ method: 'GET', url: '/api/v1/me', headers, remoteAddress })).statusCode);
    }
    expect(statuses).toEqual([404, 401, 404, 401, 429, 429]);
  });

  it('never hold back probes', async () => {
    const t = await open({ RATE_LIMIT_ANONYMOUS: '1' });
    const remoteAddress = address();
    for (let i = 0; i < 5; i++) {
      expect((await t.call({ method: 'GET', url: '/livez', remoteAddress })).statusCode).toBe(200);
    }
  });

  it('count a person, wherever they come from, apart from their address', async () => {
    const t = await open({ RATE_LIMIT_USER: '3' });
    const headers = await t.as(t.demo.users.admin);
    const ask = () => t.call({ method: 'GET', url: '/api/v1/me', headers, remoteAddress: address() });
    expect((await ask()).headers['ratelimit-policy']).toBe('"user";q=3;w=60');
    expect([(await ask()).statusCode, (await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 200, 429]);
    const other = await t.as(t.demo.users.manager);
    expect((await t.call({ method: 'GET', url: '/api/v1/me', headers: other })).statusCode).toBe(200);
  });

  it('hold in this process while Redis is gone, and nobody is refused wrongly', async () => {
    const t = await open({ RATE_LIMIT_ANONYMOUS: '3', REDIS_URL: 'redis://127.0.0.1:9' });
    const remoteAddress = address();
    const ask = async () => (await t.call({ method: 'GET', url: '/nope', remoteAddress })).statusCode;
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([404, 404, 404, 429]);
    expect((await t.as(t.demo.users.admin)).authorization).toMatch(/^Bearer /);
  });

  it('believe a proxy about the address only when told to', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const trusting = await open({ RATE_LIMIT_ANONYMOUS: '1', TRUST_PROXY: '127.0.0.1' });
    await trusting.deps.redis.del('nervio:requests:ip:203.0.113.7');
    const ask = async (t: TestApp, remoteAddress: string) =>
      (await t.call({ method: 'GET', url: '/nope', headers, remoteAddress })).statusCode;
    expect([await ask(trusting, '127.0.0.1'), await ask(trusting, '127.0.0.1')]).toEqual([404, 429]);
    expect(await ask(trusting, address())).toBe(404);
  });
});
