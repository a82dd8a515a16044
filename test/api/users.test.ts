import { createHash, randomUUID } from 'node:crypto';
import { buildTestApp, type TestApp } from '../support/app';
import { testPassword } from '../support/business';

let t: TestApp;
let admin: { authorization: string };
beforeAll(async () => {
  t = await buildTestApp();
  admin = await t.as(t.demo.users.admin);
});
afterAll(() => t.close());

interface User {
  id: string;
  email: string;
  version: number;
}

const password = 'tres pallets azules';
let last = 0;
const someone = () => ({ email: `p${++last}@demo.test`, name: 'Persona', role: 'cashier', password });
const create = (payload: object, headers: Record<string, string> = {}) =>
  t.call({ method: 'POST', url: '/api/v1/users', headers: { ...admin, ...headers }, payload });
const change = (id: string, payload: object, headers: Record<string, string> = {}) =>
  t.call({ method: 'PATCH', url: `/api/v1/users/${id}`, headers: { ...admin, ...headers }, payload });
const made = async (more: object = {}) => (await create({ ...someone(), ...more })).json<User>();
const logIn = (email: string, word = password) =>
  t.call({ method: 'POST', url: '/api/v1/auth/login', payload: { email, password: word } });
const trail = (id: string) => t.database.query('SELECT * FROM audit WHERE entity_id = $1 ORDER BY at', [id]);

describe('a new user', () => {
  it('can log in, and the audit says who made it, without its password', async () => {
    const answer = await create({ ...someone(), email: 'Nueva@Demo.test', name: ' Nueva ' });
    const user = answer.json<User>();
    expect(answer.statusCode).toBe(201);
    expect(user).toMatchObject({ email: 'nueva@demo.test', name: 'Nueva', allSites: true, siteIds: [], version: 1 });
    expect(answer.body).not.toContain('assword');
    expect((await logIn('nueva@demo.test')).statusCode).toBe(200);
    const rows = await trail(user.id);
    expect(rows).toMatchObject([{ action: 'user.created', actor_id: t.demo.users.admin.id, before: null }]);
    expect(JSON.stringify(rows)).not.toContain(password);
  });

  it('sees the sites that were named and no other', async () => {
    const user = await made({ allSites: false, siteIds: [t.demo.sites[1].id] });
    const token = (await logIn(user.email)).json<{ accessToken: string }>().accessToken;
    const headers = { authorization: `Bearer ${token}` };
    const sites = await t.call({ method: 'GET', url: '/api/v1/sites', headers });
    expect(sites.json<{ items: { id: string }[] }>().items.map(({ id }) => id)).toEqual([t.demo.sites[1].id]);
  });

  it.each<[string, object, string]>([
    ['e-mail that somebody has', { email: 'admin@demo.test' }, 'email_taken'],
    ['e-mail that somebody has in another business', { email: 'admin@otra.test' }, 'email_taken'],
    ['password that is too easy', { password: 'contraseña123' }, 'weak_password'],
    ['password that is too short', { password: 'corta' }, 'weak_password'],
    ['site that does not exist', { allSites: false, siteIds: [randomUUID()] }, 'unknown_site'],
  ])('is refused with an %s', async (_, more, code) => {
    const answer = await create({ ...someone(), ...more });
    expect(answer.json()).toMatchObject({ status: 422, code });
  });

  it('is made once, however often it is sent with one key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = someone();
    const [one, two] = [await create(body, key), await create(body, key)];
    expect(two.statusCode).toBe(201);
    expect(two.json()).toEqual(one.json());
    expect(two.headers['idempotency-replayed']).toBe('true');
    const other = await create({ ...body, password: 'otra clave muy larga' }, key);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(await trail(one.json<User>().id)).toHaveLength(1);
  });

  it('leaves nothing in the database from which its password could be guessed fast', async () => {
    const key = randomUUID();
    const body = someone();
    await create(body, { 'idempotency-key': key });
    const rows = await t.database.query('SELECT * FROM idempotency_key WHERE key = $1', [key]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(password);
    const hashes = await t.database.query('SELECT password_hash FROM app_user WHERE email = $1', [body.email]);
    expect(hashes).toEqual([{ password_hash: expect.stringMatching(/^\$argon2id\$/) as unknown }]);
  });

  it('leaves a fingerprint of its command against which no guess at the password can be checked', async () => {
    const key = randomUUID();
    const body = { ...someone(), allSites: true, siteIds: [], locale: 'es' };
    await create(body, { 'idempotency-key': key });
    const [row] = await t.database.query<{ fingerprint: Buffer }>(
      'SELECT fingerprint FROM idempotency_key WHERE key = $1',
      [key],
    );
    const sorted = Object.fromEntries(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)));
    const guess = createHash('sha256')
      .update(JSON.stringify(['POST', '/api/v1/users', sorted]))
      .digest();
    expect(row?.fingerprint.equals(guess)).toBe(false);
  });
});

describe('a change of a user', () => {
  it('changes what is given, leaves the rest, and the audit has before and after', async () => {
    const user = await made({ name: 'Antes' });
    const answer = await change(user.id, { version: 1, name: 'Después', role: 'manager' });
    expect(answer.json()).toMatchObject({ name: 'Después', role: 'manager', email: user.email, version: 2 });
    expect((await trail(user.id))[1]).toMatchObject({
      action: 'user.changed',
      before: { name: 'Antes', role: 'cashier' },
      after: { name: 'Después', role: 'manager' },
    });
  });

  it('is refused upon an old version, and nothing of it stays', async () => {
    const user = await made();
    await change(user.id, { version: 1, name: 'Primera' });
    const answer = await change(user.id, { version: 1, name: 'Segunda' });
    expect(answer.json()).toMatchObject({ status: 409, code: 'version_conflict', version: 2 });
    const [row] = await t.database.query('SELECT name, version FROM app_user WHERE id = $1', [user.id]);
    expect(row).toEqual({ name: 'Primera', version: 2 });
  });

  it('lets one of two at once win', async () => {
    const user = await made();
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => change(user.id, { version: 1, name })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
  });

  it('that takes the access away ends the sessions within the same moment', async () => {
    const user = await made();
    const token = (await logIn(user.email)).json<{ accessToken: string }>().accessToken;
    const me = () => t.call({ method: 'GET', url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } });
    expect((await me()).statusCode).toBe(200);
    expect((await change(user.id, { version: 1, active: false })).statusCode).toBe(200);
    expect((await me()).json()).toMatchObject({ code: 'session_ended' });
    expect((await logIn(user.email)).statusCode).toBe(401);
    expect((await change(user.id, { version: 2, active: true })).statusCode).toBe(200);
    expect((await me()).statusCode).toBe(401);
    expect((await logIn(user.email)).statusCode).toBe(200);
  });

  it('of the password ends the sessions, and only the new one works', async () => {
    const user = await made();
    const token = (await logIn(user.email)).json<{ accessToken: string }>().accessToken;
    const answer = await change(user.id, { version: 1, password: 'una clave del todo nueva' });
    expect(answer.statusCode).toBe(200);
    const me = await t.call({ method: 'GET', url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } });
    expect(me.statusCode).toBe(401);
    expect((await logIn(user.email)).statusCode).toBe(401);
    expect((await logIn(user.email, 'una clave del todo nueva')).statusCode).toBe(200);
    const [, changed] = await trail(user.id);
    expect(changed).toMatchObject({ after: { passwordChanged: true } });
    expect(JSON.stringify(changed)).not.toContain('una clave');
  });

  it('of one’s own password keeps the session in which it was made', async () => {
    const headers = await t.as(t.otra.users.admin);
    const other = await t.as(t.otra.users.admin);
    const answer = await change(t.otra.users.admin.id, { version: 1, password: `${testPassword}!` }, headers);
    expect(answer.statusCode).toBe(200);
    const ask = async (who: { authorization: string }) =>
      (await t.call({ method: 'GET', url: '/api/v1/me', headers: who })).statusCode;
    expect([await ask(headers), await ask(other)]).toEqual([200, 401]);
  });

  it('names the sites anew, or all of them', async () => {
    const [one, two] = t.demo.sites;
    const user = await made({ allSites: false, siteIds: [one.id] });
    const moved = await change(user.id, { version: 1, siteIds: [two.id] });
    expect(moved.json()).toMatchObject({ allSites: false, siteIds: [two.id] });
    const kept = await change(user.id, { version: 2, name: 'Igual' });
    expect(kept.json()).toMatchObject({ allSites: false, siteIds: [two.id] });
    const all = await change(user.id, { version: 3, allSites: true });
    expect(all.json()).toMatchObject({ allSites: true, siteIds: [] });
    const none = await change(user.id, { version: 4, allSites: false });
    expect(none.json()).toMatchObject({ allSites: false, siteIds: [] });
  });

  it.each<[string, object]>([
    ['take away one’s own access', { active: false }],
    ['take away one’s own role', { role: 'manager' }],
  ])('cannot %s', async (_, body) => {
    const answer = await change(t.demo.users.admin.id, { version: 1, ...body });
    expect(answer.json()).toMatchObject({ status: 422, code: 'own_user' });
  });

  it('cannot leave a business without an administrator, not even by two at once', async () => {
    const second = await made({ role: 'admin' });
    const other = (await logIn(second.email)).json<{ accessToken: string }>().accessToken;
    const answers = await Promise.all([
      change(second.id, { version: 1, role: 'cashier' }),
      change(t.demo.users.admin.id, { version: 1, role: 'cashier' }, { authorization: `Bearer ${other}` }),
    ]);
    const [left] = await t.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM app_user WHERE tenant_id = $1 AND role = 'admin' AND active`,
      [t.demo.tenantId],
    );
    expect(left?.n).toBe(1);
    expect(answers.map(({ statusCode }) => statusCode).sort()).not.toEqual([200, 200]);
    await t.database.query(`UPDATE app_user SET role = 'admin' WHERE id = $1`, [t.demo.users.admin.id]);
    t.deps.sessions.forgetUser(t.demo.users.admin.id);
  });
});

describe('the list of users', () => {
  it('comes in pages that fit together', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? 'limit=3' : `limit=3&cursor=${cursor}`;
      const answer = await t.call({ method: 'GET', url: `/api/v1/users?${query}`, headers: admin });
      const page = answer.json<{ items: User[]; nextCursor: string | null }>();
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map(({ email }) => email));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const rows = await t.database.query<{ email: string }>('SELECT email FROM app_user WHERE tenant_id = $1', [
      t.demo.tenantId,
    ]);
    expect(seen).toHaveLength(rows.length);
    expect(new Set(seen)).toEqual(new Set(rows.map(({ email }) => email)));
  });
});
