import { randomUUID } from 'node:crypto';
import { createSessionDirectory } from '../../api/auth/sessions';
import { NervioError } from '../../domain/errors';
import { createHotPath, type HotPath } from '../../store/hot-path';
import { buildTestApp, type TestApp } from '../support/app';
import { testPassword, type TestUser } from '../support/business';

let t: TestApp;
beforeAll(async () => {
  t = await buildTestApp();
});
afterAll(() => t.close());

interface Session {
  accessToken: string;
  refreshToken: string;
  expiresAt: string;
}

const logIn = (email: string, password = testPassword, headers: Record<string, string> = {}) =>
  t.call({ method: 'POST', url: '/api/v1/auth/login', payload: { email, password }, headers });
const refresh = (refreshToken: string, headers: Record<string, string> = {}) =>
  t.call({ method: 'POST', url: '/api/v1/auth/refresh', payload: { refreshToken }, headers });
const me = (accessToken: string) =>
  t.call({ method: 'GET', url: '/api/v1/me', headers: { authorization: `Bearer ${accessToken}` } });
const sessionOf = async (user: TestUser): Promise<Session> => (await logIn(user.email)).json<Session>();
/** Attempts are counted in Redis, which outlives this run's database. */
const newEmail = async (user: TestUser): Promise<string> => {
  const email = `${randomUUID()}@otra.test`;
  await t.database.query('UPDATE app_user SET email = $1 WHERE id = $2', [email, user.id]);
  return email;
};
const sid = (session: Session): string =>
  (JSON.parse(Buffer.from(session.accessToken.split('.')[1] ?? '', 'base64url').toString()) as { sid: string }).sid;

describe('logging in', () => {
  it('gives a token for ten minutes and says who one is', async () => {
    const before = Date.now();
    const answer = await logIn(t.demo.users.warehouse.email);
    const body = answer.json<Session & { user: unknown }>();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(Date.parse(body.expiresAt) - before).toBeGreaterThanOrEqual(599_000);
    expect(Date.parse(body.expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
    expect(body.user).toMatchObject({ role: 'warehouse', siteIds: null, tenant: { slug: 'demo' } });
    expect((await me(body.accessToken)).json()).toEqual(body.user);
  });

  it('does not mind how the e-mail is written', async () => {
    expect((await logIn(` ${t.demo.users.admin.email.toUpperCase()} `)).statusCode).toBe(200);
  });

  it('says the same of a wrong password, an unknown e-mail and a person without access', async () => {
    await t.database.query('UPDATE app_user SET active = false WHERE id = $1', [t.otra.users.cashier.id]);
    const answers = [
      await logIn(t.demo.users.admin.email, 'not-the-password'),
      await logIn('nobody@demo.test'),
      await logIn(t.otra.users.cashier.email),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'wrong_credentials', status: 401 });
      expect(answer.headers['www-authenticate']).toBeDefined();
    }
    expect(await t.database.query('SELECT 1 FROM session WHERE user_id = $1', [t.otra.users.cashier.id])).toEqual([]);
  });

  it('is written to the audit, without the password', async () => {
    const session = await sessionOf(t.demo.users.finance);
    const rows = await t.database.query('SELECT * FROM audit WHERE entity_id = $1', [sid(session)]);
    expect(rows).toMatchObject([{ action: 'session.opened', actor_id: t.demo.users.finance.id }]);
    expect(JSON.stringify(rows)).not.toContain(testPassword);
  });

  it('keeps nothing of a refresh token that could be used', async () => {
    const session = await sessionOf(t.demo.users.finance);
    const rows = await t.database.query<{ hash: Buffer }>('SELECT hash FROM refresh_token WHERE session_id = $1', [
      sid(session),
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.hash.toString()).not.toContain(session.refreshToken);
  });

  it('is refused after too many wrong passwords for one e-mail, whoever asks, and then also with the right one', async () => {
    const email = await newEmail(t.otra.users.finance);
    for (let i = 0; i < 10; i++) expect((await logIn(email, `guess ${i}`)).statusCode).toBe(401);
    const answer = await logIn(email);
    expect(answer.statusCode).toBe(429);
    expect(answer.json()).toMatchObject({ code: 'rate_limited' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await logIn(t.otra.users.manager.email)).statusCode).toBe(200);
  });

  it('counts no password that nobody could look at: after a time without a database it is as before', async () => {
    const email = await newEmail(t.otra.users.finance);
    const role = t.database.appRole;
    await t.database.query(`ALTER ROLE ${role} NOLOGIN`);
    try {
      await t.database.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role]);
      for (let i = 0; i < 12; i++) expect((await logIn(email)).statusCode).toBeGreaterThanOrEqual(500);
    } finally {
      await t.database.query(`ALTER ROLE ${role} LOGIN`);
    }
    for (let i = 0; i < 9; i++) expect((await logIn(email, `guess ${i}`)).statusCode).toBe(401);
    expect((await logIn(email)).statusCode).toBe(200);
  });

  it('forgets the wrong ones after a right one', async () => {
    const email = await newEmail(t.otra.users.warehouse);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 9; i++) await logIn(email, 'wrong');
      expect((await logIn(email)).statusCode).toBe(200);
    }
  });
});

describe('refreshing', () => {
  it('gives a new access token and a new refresh token', async () => {
    const first = await sessionOf(t.demo.users.manager);
    const answer = await refresh(first.refreshToken);
    const second = answer.json<Session>();
    expect(answer.statusCode).toBe(200);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await me(second.accessToken)).statusCode).toBe(200);
    expect((await refresh(second.refreshToken)).statusCode).toBe(200);
  });

  it('gives the same successor again to a device that lost the answer', async () => {
    const first = await sessionOf(t.demo.users.manager);
    const [one, two] = [await refresh(first.refreshToken), await refresh(first.refreshToken)];
    expect(two.statusCode).toBe(200);
    expect(two.json<Session>().refreshToken).toBe(one.json<Session>().refreshToken);
  });

  it('gives the same successor to all who ask at once', async () => {
    const first = await sessionOf(t.demo.users.manager);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(first.refreshToken)));
    expect(answers.map((answer) => answer.statusCode)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map((answer) => answer.json<Session>().refreshToken)).size).toBe(1);
  });

  it('ends the session when a token comes again after 30 seconds', async () => {
    const first = await sessionOf(t.demo.users.manager);
    const second = (await refresh(first.refreshToken)).json<Session>();
    await t.database.query(
      `UPDATE refresh_token SET used_at = used_at - interval '31 seconds' WHERE session_id = $1 AND used_at IS NOT NULL`,
      [sid(first)],
    );
    const answer = await refresh(first.refreshToken);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'session_ended' });
    expect((await me(second.accessToken)).statusCode).toBe(401);
    expect((await refresh(second.refreshToken)).statusCode).toBe(401);
    const [row] = await t.database.query('SELECT revoked_reason FROM session WHERE id = $1', [sid(first)]);
    expect(row).toEqual({ revoked_reason: 'refresh_reused' });
    const trail = await t.database.query(
      `SELECT action FROM audit WHERE entity_id = $1 AND action = 'session.revoked'`,
      [sid(first)],
    );
    expect(trail).toHaveLength(1);
  });

  it('ends the session when a used token comes from another device, even at once', async () => {
    const first = await sessionOf(t.demo.users.manager);
    const second = (await refresh(first.refreshToken)).json<Session>();
    expect((await refresh(first.refreshToken, { 'user-agent': 'somebody else' })).statusCode).toBe(401);
    expect((await me(second.accessToken)).statusCode).toBe(401);
  });

  it.each(['', 'nonsense', 'a.b', `${'A'.repeat(43)}.${'A'.repeat(22)}`])('refuses «%s»', async (token) => {
    const answer = await refresh(token);
    expect(answer.statusCode).toBe(token === '' ? 400 : 401);
  });
});

describe('a session ends', () => {
  const endsBy = async (change: (session: Session) => Promise<unknown>) => {
    const session = await sessionOf(t.demo.users.auditor);
    await change(session);
    t.deps.sessions.forget(sid(session));
    return { access: await me(session.accessToken), renewed: await refresh(session.refreshToken) };
  };

  it.each<[string, string]>([
    [
      'after 8 hours without use',
      `UPDATE session SET last_seen_at = last_seen_at - interval '8 hours 1 second' WHERE id = $1`,
    ],
    [
      '30 days after the log-in',
      `UPDATE session SET created_at = created_at - interval '30 days 1 second' WHERE id = $1`,
    ],
    ['when it is revoked', 'UPDATE session SET revoked_at = now() WHERE id = $1'],
  ])('%s', async (_, sql) => {
    const { access, renewed } = await endsBy((session) => t.database.query(sql, [sid(session)]));
    expect(access.json()).toMatchObject({ status: 401, code: 'session_ended' });
    expect(renewed.json()).toMatchObject({ status: 401, code: 'session_ended' });
  });

  it('when the business is closed', async () => {
    const session = await sessionOf(t.otra.users.auditor);
    await t.database.query(`UPDATE tenant SET status = 'suspended' WHERE id = $1`, [t.otra.tenantId]);
    t.deps.sessions.forget(sid(session));
    expect((await me(session.accessToken)).statusCode).toBe(401);
    await t.database.query(`UPDATE tenant SET status = 'active' WHERE id = $1`, [t.otra.tenantId]);
  });

  it('when one logs out', async () => {
    const session = await sessionOf(t.demo.users.auditor);
    const answer = await t.call({
      method: 'POST',
      url: '/api/v1/auth/logout',
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    expect(answer.statusCode).toBe(204);
    expect((await me(session.accessToken)).statusCode).toBe(401);
    expect((await refresh(session.refreshToken)).statusCode).toBe(401);
  });

  it('within ten seconds on a replica that was not told', async () => {
    const session = await sessionOf(t.demo.users.auditor);
    expect((await me(session.accessToken)).statusCode).toBe(200);
    const revokedAt = Date.now();
    await t.database.query('UPDATE session SET revoked_at = now() WHERE id = $1', [sid(session)]);
    while ((await me(session.accessToken)).statusCode === 200) {
      expect(Date.now() - revokedAt).toBeLessThan(10_000);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  });
});

describe('use keeps a session awake', () => {
  const idleHours = async (session: Session) => {
    const [row] = await t.database.query<{ idle: number }>(
      'SELECT extract(epoch FROM clock_timestamp() - last_seen_at)::float8 / 3600 AS idle FROM session WHERE id = $1',
      [sid(session)],
    );
    return row?.idle;
  };
  const asleep = async () => {
    const session = await sessionOf(t.demo.users.cashier);
    await t.database.query(`UPDATE session SET last_seen_at = last_seen_at - interval '7 hours' WHERE id = $1`, [
      sid(session),
    ]);
    t.deps.sessions.forget(sid(session));
    return session;
  };

  it('when a person does something', async () => {
    const session = await asleep();
    expect((await me(session.accessToken)).statusCode).toBe(200);
    expect(await idleHours(session)).toBeLessThan(0.1);
  });

  describe('looked up and written together', () => {
    let hotPath: HotPath;
    beforeAll(() => {
      hotPath = createHotPath({ url: t.database.appUrl });
    });
    afterAll(() => hotPath.close());

    /** A directory of its own, and what it asks. */
    const watched = () => {
      const asked: string[] = [];
      const withTenant: HotPath['withTenant'] = (tenantId, fn) =>
        hotPath.withTenant(tenantId, (tx) => {
          const query: typeof tx.query = (text, values) => {
            asked.push(text.trim().split(/\s/, 1)[0]!);
            return tx.query(text, values);
          };
          return fn({ ...tx, query });
        });
      return { asked, directory: createSessionDirectory({ withTenant }, t.deps.config.session) };
    };

    it('once, however many requests there are at once', async () => {
      const session = await asleep();
      const { asked, directory } = watched();
      const ask = () => directory.actor(t.demo.tenantId, sid(session));
      const actors = await Promise.all(Array.from({ length: 20 }, ask));
      expect(actors.map(({ userId }) => userId)).toEqual(actors.map(() => t.demo.users.cashier.id));
      expect(asked).toEqual(['SELECT', 'UPDATE', 'SELECT']);
      expect(await idleHours(session)).toBeCloseTo(0, 1);
    });

    it('however many people come at once; each is who they are, and who has no session has none', async () => {
      const { cashier, manager } = t.demo.users;
      const sessions = await Promise.all([cashier, manager, t.otra.users.manager].map(sessionOf));
      const awake = await asleep();
      const { asked, directory } = watched();
      const told = await Promise.allSettled([
        ...sessions.map((session) => directory.actor(t.demo.tenantId, sid(session))),
        directory.actor(t.demo.tenantId, sid(awake)),
        directory.actor(t.demo.tenantId, randomUUID()),
      ]);
      const ids = told.map((one) => (one.status === 'fulfilled' ? one.value.userId : (one.reason as Error).message));
      const ended = new NervioError('session_ended').message;
      expect(ids).toEqual([cashier.id, manager.id, ended, cashier.id, ended]);
      expect(asked).toEqual(['SELECT', 'UPDATE', 'SELECT']);
      expect(await idleHours(awake)).toBeCloseTo(0, 1);
    });

    it('but nobody waits for a session that somebody else is writing', async () => {
      const session = await asleep();
      const { directory } = watched();
      await t.deps.db.withTenant(t.demo.tenantId, async (tx) => {
        await tx.query('SELECT FROM session WHERE id = $1::uuid FOR UPDATE', [sid(session)]);
        expect((await directory.actor(t.demo.tenantId, sid(session))).userId).toBe(t.demo.users.cashier.id);
      });
      expect(await idleHours(session)).toBeGreaterThan(6.9);
      await directory.actor(t.demo.tenantId, sid(session));
      expect(await idleHours(session)).toBeCloseTo(0, 1);
    });

    it('and when the database says nothing they are told so', async () => {
      const withTenant = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
      const directory = createSessionDirectory({ withTenant }, t.deps.config.session);
      await expect(directory.actor(t.demo.tenantId, randomUUID())).rejects.toThrow('gone');
    });
  });

  it('but not when a machine only renews its token', async () => {
    const session = await asleep();
    expect((await refresh(session.refreshToken)).statusCode).toBe(200);
    expect(await idleHours(session)).toBeGreaterThan(6.9);
  });

  it('nor when a screen asks by itself', async () => {
    const session = await asleep();
    const background = t.app.routeTable.find(
      (route) => route.config.background && route.method === 'GET' && !route.url.endsWith('/stream'),
    );
    const answer = await t.call({
      method: 'GET',
      url: background?.url ?? 'there is none',
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    expect(answer.statusCode).toBe(200);
    expect(await idleHours(session)).toBeGreaterThan(6.9);
  });

  it('nor when it says of any request that nobody asked for it', async () => {
    const session = await asleep();
    const headers = { authorization: `Bearer ${session.accessToken}`, 'nervio-background': '1' };
    expect((await t.call({ method: 'GET', url: '/api/v1/operations', headers })).statusCode).toBe(200);
    expect(await idleHours(session)).toBeGreaterThan(6.9);
  });
});

describe('rights are those of now, not those of the token', () => {
  it('a changed role counts at once', async () => {
    const headers = await t.as(t.demo.users.manager);
    const admin = await t.as(t.demo.users.admin);
    expect((await t.call({ method: 'GET', url: '/api/v1/users', headers })).statusCode).toBe(200);
    const url = `/api/v1/users/${t.demo.users.manager.id}`;
    const change = (body: object) => t.call({ method: 'PATCH', url, headers: admin, payload: body });
    expect((await change({ version: 1, role: 'cashier' })).statusCode).toBe(200);
    expect((await t.call({ method: 'GET', url: '/api/v1/users', headers })).statusCode).toBe(403);
    expect((await change({ version: 2, role: 'manager' })).statusCode).toBe(200);
  });
});
