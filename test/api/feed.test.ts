import type { AddressInfo } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { acceptOperation } from '../../store/operations';
import { buildTestApp, type TestApp } from '../support/app';
import { testPassword } from '../support/business';
import { eventually } from '../support/eventually';

let test: TestApp;
let url: string;
const open = new AbortController();
beforeAll(async () => {
  test = await buildTestApp();
  await test.app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  open.abort();
  await test.close();
});

interface Stream {
  text: string;
  operations(): string[];
  lastEventId(): string | undefined;
}

/** Listens until the test ends; resolves when the first event has come. */
async function listen(user: { email: string }, lastEventId?: string): Promise<Stream> {
  const answer = await fetch(`${url}/api/v1/operations/stream`, {
    headers: { ...(await test.as(user)), ...(lastEventId && { 'last-event-id': lastEventId }) },
    signal: open.signal,
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const stream: Stream = {
    text: '',
    operations: () => [...stream.text.matchAll(/"operationId":"([^"]+)"/g)].map((match) => match[1]!),
    lastEventId: () => [...stream.text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1],
  };
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body!) stream.text += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  read().catch((error: unknown) => {
    if (!open.signal.aborted) throw error;
  });
  if (!lastEventId) {
    await eventually(
      () => stream.text,
      (text) => text.includes('event: reset'),
    );
  }
  return stream;
}

/** An operation of a site, as some command would accept it. */
async function accept(business: TestApp['demo'], siteId: string | null): Promise<string> {
  const id = uuidv7();
  await test.deps.db.withTenant(business.tenantId, (tx) =>
    acceptOperation(tx, {
      id,
      kind: 'move_pallets',
      siteId,
      connectionId: null,
      createdBy: business.users.admin.id,
      lanes: [],
    }),
  );
  return id;
}

const has = (stream: Stream, ids: string[]) =>
  eventually(
    () => stream.operations(),
    (seen) => ids.every((id) => seen.includes(id)),
    (seen) => `${seen.length} changes`,
  );

it('a person of one site hears of that site and of what belongs to none, another business of nothing', async () => {
  const [one, everything, stranger] = [
    await listen(test.demo.oneSite),
    await listen(test.demo.users.warehouse),
    await listen(test.otra.users.admin),
  ];
  const [here, there] = test.demo.sites;
  const ids = [await accept(test.demo, there.id), await accept(test.demo, here.id)];
  const theirs = await accept(test.otra, null);
  await has(everything, ids);
  await has(one, [ids[1]!]);
  await has(stranger, [theirs]);
  expect(one.operations()).not.toContain(ids[0]);
  expect(stranger.operations()).toEqual([theirs]);
});

it('resumes by Last-Event-ID over HTTP without a reset', async () => {
  const first = await listen(test.demo.users.warehouse);
  const seen = await accept(test.demo, null);
  await has(first, [seen]);
  const missed = await accept(test.demo, null);
  await has(first, [missed]);
  const position = /id: (\S+)\nevent: change\ndata: [^\n]*/.exec(first.text)![1];
  const back = await listen(test.demo.users.warehouse, position);
  await has(back, [missed]);
  expect([back.operations().includes(seen), back.text.includes('event: reset')]).toEqual([false, false]);
});

it('a feed that renews a worn session hands over its cookies, so that the next request still has a session', async () => {
  const { email } = test.demo.users.manager;
  const login = await test.call({
    method: 'POST',
    url: '/api/v1/auth/login',
    payload: { email, password: testPassword },
  });
  const { refreshToken } = login.json<{ refreshToken: string }>();
  const answer = await fetch(`${url}/api/v1/operations/stream`, {
    headers: { cookie: `nervio_refresh=${refreshToken}` },
    signal: open.signal,
  });
  const given = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
  expect(given.map((cookie) => cookie.split('=')[0])).toEqual(['nervio_access', 'nervio_refresh']);
  expect(given[1]).not.toBe(`nervio_refresh=${refreshToken}`);
  const next = await fetch(`${url}/api/v1/me`, { headers: { cookie: given[1]! } });
  expect([next.status, await next.json()]).toMatchObject([200, { email }]);
});
