import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { peersOf, readPeers } from './peers';

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/hangs') return;
    if (request.url === '/fails') response.statusCode = 500;
    response.end('up 1\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

describe('the metrics of other processes', () => {
  it('are named as the configuration says, else by where they are', () => {
    expect(peersOf(['worker=http://127.0.0.1:9465/metrics', 'http://10.0.0.7:9466/metrics'])).toEqual([
      { process: 'worker', url: 'http://127.0.0.1:9465/metrics' },
      { process: '10.0.0.7:9466', url: 'http://10.0.0.7:9466/metrics' },
    ]);
  });

  it('one that hangs or fails is silent and keeps nobody else back', async () => {
    const peers = [
      { process: 'worker', url: `${url}/metrics` },
      { process: 'hangs', url: `${url}/hangs` },
      { process: 'fails', url: `${url}/fails` },
      { process: 'nobody', url: 'http://127.0.0.1:9/metrics' },
    ];
    expect(await readPeers(peers, 200)).toEqual({
      texts: [{ process: 'worker', text: 'up 1\n' }],
      silent: ['hangs', 'fails', 'nobody'],
    });
  });
});
