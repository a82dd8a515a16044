import { randomBytes, randomUUID } from 'node:crypto';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { signAccessToken } from '../../api/auth/access-token';
import { type ErrorCode, errors } from '../../domain/errors';
import { lockKey } from '../../store/idempotency';
import { buildPickingApp, type PickingApp } from '../support/picking';

let t: PickingApp;
let archived: string;
let foreign: string;
beforeAll(async () => {
  t = await buildPickingApp();
  archived = await t.place('CAM-09');
  foreign = randomUUID();
  const connection = randomUUID();
  await t.database.query(
    `INSERT INTO connection (tenant_id, id, kind, name, settings, secret) VALUES ($1, $2, 'shop', 'Another', '{}', '\\x00')`,
    [t.otra.tenantId, connection],
  );
  await t.database.query(
    `INSERT INTO location (tenant_id, id, connection_id, external_id, name, short_name, barcode, usage)
     VALUES ($1, $2, $3, 1, 'X', 'X', 'FOREIGN', 'internal')`,
    [t.otra.tenantId, foreign, connection],
  );
  // Scanned a moment ago, and one of them not there.
  for (const code of ['PACK0001234', 'PACK-NONE']) await t.scan(code);
});
afterAll(() => t.close());

/** Rows of every table of ours. */
async function counts(): Promise<Record<string, number>> {
  const tables = await t.database.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'process')`,
  );
  const rows = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS n FROM "${name}"`);
  const found = await t.database.query<{ name: string; n: number }>(rows.join(' UNION ALL '));
  return Object.fromEntries(found.map(({ name, n }) => [name, n]));
}

const good = () => ({ destination: 'CAM-02', pallets: ['PACK0001234'], scannedAt: '2026-11-20T10:00:00Z' });
type Send = Partial<InjectOptions> & { headers?: Record<string, string> };
const send = ({ headers = {}, ...more }: Send, key: string | null = randomUUID()): Promise<LightMyRequestResponse> =>
  t.app.inject({
    method: 'POST',
    url: '/api/v1/pallet-moves',
    headers: { ...t.worker, ...(key !== null && { 'idempotency-key': key }), ...headers },
    payload: good(),
    ...more,
  });
const body = (more: object): Send => ({ payload: { ...good(), ...more } });
const codes = (count: number) => Array.from({ length: count }, (_, n) => `P${n}`);

/** A problem with the code, its status, and a sentence in the language that was asked for. */
function expectProblem(answer: LightMyRequestResponse, code: ErrorCode, language: 'es' | 'en' = 'es'): void {
  const { status } = errors[code];
  expect(answer.json()).toMatchObject({ code, status, detail: errors[code][language] });
  expect(answer.statusCode).toBe(status);
  expect(answer.headers['content-type']).toContain('application/problem+json');
}

/** Refused with `code`; the key with its refusal (of those that are kept) is all that is written. */
async function refuses(code: ErrorCode, ask: () => Promise<LightMyRequestResponse>, kept = 0): Promise<void> {
  const before = await counts();
  expectProblem(await ask(), code);
  expect(await counts()).toEqual({ ...before, idempotency_key: before.idempotency_key! + kept });
}

describe('a move that is malformed is refused, and leaves nothing', () => {
  it.each<[string, ErrorCode, Send]>([
    ['no body', 'malformed', { payload: '', headers: { 'content-type': 'application/json' } }],
    ['a list', 'malformed', { payload: [] }],
    ['null', 'malformed', { payload: 'null', headers: { 'content-type': 'application/json' } }],
    [
      'JSON that breaks off',
      'malformed',
      { payload: '{"pallets": [', headers: { 'content-type': 'application/json' } },
    ],
    ['poisoned JSON', 'malformed', { payload: '{"__proto__": {}}', headers: { 'content-type': 'application/json' } }],
    ['a form', 'unsupported_media_type', { payload: 'a=b', headers: { 'content-type': 'text/plain' } }],
    ['more than a mebibyte', 'payload_too_large', body({ destination: 'x'.repeat(1_100_000) })],
    ['no destination', 'malformed', body({ destination: undefined })],
    ['an empty destination', 'malformed', body({ destination: '' })],
    ['a number for a destination', 'malformed', body({ destination: 7 })],
    ['a control character', 'malformed', body({ destination: 'CAM\u0000' })],
    ['no list of pallets', 'malformed', body({ pallets: undefined })],
    ['a text for a list', 'malformed', body({ pallets: 'PACK0001234' })],
    ['a number for a pallet', 'malformed', body({ pallets: [1234] })],
    ['a pallet without a code', 'malformed', body({ pallets: [{ from: null }] })],
    ['an empty code', 'malformed', body({ pallets: [''] })],
    ['a code that is too long', 'malformed', body({ pallets: ['P'.repeat(65)] })],
    ['a source that is no id', 'malformed', body({ pallets: [{ code: 'P', from: 'CAM-01' }] })],
    ['a member of a pallet that nobody knows', 'malformed', body({ pallets: [{ code: 'P', weight: 1 }] })],
    ['far too many pallets', 'malformed', body({ pallets: codes(5001) })],
    ['no time of the scan', 'malformed', body({ scannedAt: undefined })],
    ['a time that does not exist', 'malformed', body({ scannedAt: '2026-02-30T10:00:00Z' })],
    ['a time without a zone', 'malformed', body({ scannedAt: '2026-11-20T10:00:00' })],
    ['a site that is no id', 'malformed', body({ siteId: 'Bodega 1' })],
    ['a member that nobody knows', 'malformed', body({ force: true })],
  ])('%s', (_, code, sent) => refuses(code, () => send(sent)));
});

describe('a move that makes no sense is refused, and leaves its key with the refusal', () => {
  it.each<[string, ErrorCode, () => Send]>([
    ['a chamber that nobody knows', 'unknown_location', () => body({ destination: 'CAM-77' })],
    ['a chamber by an id that nobody knows', 'unknown_location', () => body({ destination: randomUUID() })],
    ['a chamber that is archived', 'unknown_location', () => body({ destination: 'CAM-09' })],
    ['an archived chamber by its id', 'unknown_location', () => body({ destination: archived })],
    ['a place that holds no goods', 'unknown_location', () => body({ destination: 'PATIO' })],
    ['a chamber of another business', 'unknown_location', () => body({ destination: foreign })],
    ['a source of another business', 'unknown_location', () => body({ pallets: [{ code: 'P', from: foreign }] })],
    ['no pallets', 'no_pallets', () => body({ pallets: [] })],
    ['a blank code', 'no_pallets', () => body({ pallets: ['  '] })],
    ['501 pallets', 'too_many_pallets', () => body({ pallets: codes(501) })],
    ['a code twice', 'duplicate_pallet', () => body({ pallets: ['PACK0001234', ' PACK0001234'] })],
    ['a code twice in two ways', 'duplicate_pallet', () => body({ pallets: ['P1', { code: 'P1', from: null }] })],
    ['a pallet that is not in Odoo', 'unknown_pallet', () => body({ pallets: ['PACK0001234', 'PACK-NONE'] })],
    ['a move to where it is', 'same_location', () => body({ destination: 'CAM-01' })],
    ['a site that nobody knows', 'unknown_site', () => body({ siteId: randomUUID() })],
    ['a site of another business', 'unknown_site', () => body({ siteId: t.otra.sites[0].id })],
  ])('%s', (_, code, sent) => refuses(code, () => send(sent()), 1));

  it('a site that the person may not see', async () => {
    const headers = await t.as(t.demo.oneSite);
    await refuses('unknown_site', () => send({ ...body({ siteId: t.demo.sites[1].id }), headers }), 1);
  });

  it('anything at all of a business without an Odoo', async () => {
    const headers = await t.as(t.otra.users.warehouse);
    await refuses('no_connection', () => send({ headers }), 1);
  });

  it('the same way again with the same key, in the language that is asked for', async () => {
    const key = randomUUID();
    await refuses('no_pallets', () => send(body({ pallets: [] }), key), 1);
    await refuses('no_pallets', () => send(body({ pallets: [] }), key));
    const answer = await send({ ...body({ pallets: [] }), headers: { 'accept-language': 'en' } }, key);
    expectProblem(answer, 'no_pallets', 'en');
  });
});

describe('a move of somebody who may not send it is refused, and leaves nothing', () => {
  const claims = async () => {
    const { id, role } = t.demo.users.warehouse;
    const [session] = await t.database.query<{ id: string }>('SELECT id FROM session WHERE user_id = $1', [id]);
    return { sub: id, tenantId: t.demo.tenantId, role, sid: session!.id, sites: null };
  };
  const minute = 60_000;
  const bearer = (token: string): Send => ({ headers: { authorization: `Bearer ${token}` } });

  it('no token', () =>
    refuses('unauthenticated', () =>
      t.app.inject({
        method: 'POST',
        url: '/api/v1/pallet-moves',
        headers: { 'idempotency-key': randomUUID() },
        payload: good(),
      }),
    ));

  it('a token that has expired', async () => {
    const token = await signAccessToken(t.deps.accessKey, await claims(), new Date(Date.now() - minute));
    await refuses('token_expired', () => send(bearer(token)));
  });

  it('a token that somebody else has signed', async () => {
    const token = await signAccessToken(randomBytes(32), await claims(), new Date(Date.now() + minute));
    await refuses('unauthenticated', () => send(bearer(token)));
  });

  it('a token that was changed after it was signed, or that says it needs no signature', async () => {
    const [head, , tail] = t.worker.authorization.replace('Bearer ', '').split('.');
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(Date.now() / 1000) + 60;
    const admin = encode({ ...(await claims()), role: 'admin', iss: 'nervio', aud: 'nervio-api', exp });
    for (const token of [`${head}.${admin}.${tail}`, `${encode({ alg: 'none' })}.${admin}.`]) {
      await refuses('unauthenticated', () => send(bearer(token)));
    }
  });

  it('a session of another business', async () => {
    const token = await signAccessToken(
      t.deps.accessKey,
      { ...(await claims()), tenantId: t.otra.tenantId },
      new Date(Date.now() + minute),
    );
    await refuses('session_ended', () => send(bearer(token)));
  });

  it('a role without the permission', async () => {
    const headers = await t.as(t.demo.users.finance);
    await refuses('forbidden', () => send({ headers }));
  });
});

describe('a key that is used wrongly is refused, and leaves nothing', () => {
  it('none', () => refuses('idempotency_key_missing', () => send({}, null)));

  it.each([['a b c d e f'], ['short'], ['k'.repeat(101)], ['clave-ñandú']])('«%s»', (key) =>
    refuses('malformed', () => send({}, key)),
  );

  it('one of another move, of another route, or with other content', async () => {
    const key = randomUUID();
    expect((await send(body({ pallets: ['PACK0001300'] }), key)).statusCode).toBe(202);
    await refuses('idempotency_key_reused', () => send(body({ pallets: ['PACK0001301'] }), key));
    await refuses('idempotency_key_reused', () => send({ url: '/api/v1/locations/sync', payload: undefined }, key));
  });

  it('one that is being worked on; it may be repeated after that', async () => {
    const key = randomUUID();
    const sent = body({ pallets: ['PACK0001302'] });
    await t.deps.db.withTenant(t.demo.tenantId, async (tx) => {
      await lockKey(tx, key);
      await refuses('command_in_progress', async () => {
        const answer = await send(sent, key);
        expect(answer.headers['retry-after']).toBe('1');
        return answer;
      });
    });
    expect((await send(sent, key)).statusCode).toBe(202);
  });
});

describe('a move that is accepted', () => {
  it('writes all of it at once, and nothing twice for one key', async () => {
    const before = await counts();
    const key = randomUUID();
    const sent = body({ pallets: ['PACK0001303', { code: 'PACK0001304', from: archived }] });
    const answers = [await send(sent, key), await send(sent, key)];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
    expect(answers[1]!.json()).toEqual(answers[0]!.json());
    const grown = { operation: 1, operation_event: 1, outbox: 1, pallet_move: 1, idempotency_key: 1 };
    const twice = { pallet_move_line: 2, lane: 2, operation_lane: 2, audit: 2 };
    const after = { ...before };
    for (const [table, n] of Object.entries({ ...grown, ...twice })) after[table]! += n;
    expect(await counts()).toEqual(after);
  });
});
