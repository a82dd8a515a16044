import { type ServerResponse } from 'node:http';
import https from 'node:https';
import { type AddressInfo } from 'node:net';
import { OdooError } from '../errors';
import { exchange } from './exchange';

/** TLS without certificates: both sides know a key. What matters here is only when the handshake counts as a connection. */
const key = Buffer.from('a key that both sides know');
const tls = { ciphers: 'PSK', maxVersion: 'TLSv1.2' as const };
const agent = new https.Agent({
  ...tls,
  pskCallback: () => ({ psk: key, identity: 'nervio' }),
  checkServerIdentity: () => undefined,
});
const stranger = new https.Agent({
  ...tls,
  pskCallback: () => ({ psk: Buffer.from('another key, not theirs'), identity: 'nervio' }),
  checkServerIdentity: () => undefined,
});

let server: https.Server;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = https.createServer({ ...tls, pskCallback: () => key }, (request, response) => {
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = (using: https.Agent) =>
  exchange({
    url: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/jsonrpc`),
    contentType: 'application/json',
    body: '{"ñ": 1}',
    timeoutMs: 2_000,
    connectMs: 2_000,
    maxResponseBytes: 1_000,
    agent: using,
  });

async function failure(promise: Promise<unknown>): Promise<OdooError> {
  const error: unknown = await promise.then(
    () => new Error('the exchange succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OdooError)) throw error;
  return error;
}

test('over TLS an answer comes whole', async () => {
  answer = (response) => response.end('Cámara');
  const { status, body } = await post(agent);
  expect([status, body.toString('utf8')]).toEqual([200, 'Cámara']);
});

test('a handshake that fails: nothing was sent', async () => {
  expect(await failure(post(stranger))).toMatchObject({ class: 'unreachable', applied: 'no' });
});

test('a reset after the handshake: everything may have happened', async () => {
  answer = (response) => response.socket?.destroy();
  expect(await failure(post(agent))).toMatchObject({ class: 'unknown_outcome', applied: 'maybe' });
});
