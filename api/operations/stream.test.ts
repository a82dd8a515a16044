import type { ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { eventually } from '../../test/support/eventually';
import { streamsPlugin } from '../plugins/streams';
import type { FeedEvent, FeedListener } from './feed';
import { sendEvents } from './stream';

/** One live feed over a real socket, with times short enough to see its end. */
let app: FastifyInstance;
let listener: FeedListener;
let answer: ServerResponse;
let left = 0;
let welcome = true;
let asked = false;
let subscribed = 0;
let lateDone: Promise<void>;
const clients: Socket[] = [];

beforeEach(async () => {
  left = 0;
  welcome = true;
  app = Fastify();
  await app.register(streamsPlugin);
  app.get('/stream', (request, reply) => {
    answer = reply.raw;
    const source = {
      subscribe: (given: FeedListener) => {
        listener = given;
        return () => void left++;
      },
      isWelcome: async () => welcome,
    };
    sendEvents(request, reply, source, { pingMs: 20, longestMs: 3_000, lingerMs: 200 });
  });
  lateDone = new Promise((resolve) => {
    app.get('/late', async (request, reply) => {
      asked = true;
      await new Promise((gone) => request.raw.once('close', gone));
      const source = {
        subscribe: () => {
          subscribed++;
          return () => undefined;
        },
        isWelcome: async () => true,
      };
      sendEvents(request, reply, source);
      resolve();
    });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await app.close();
});

function open(path = '/stream'): { socket: Socket; closed: Promise<void> } {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  clients.push(socket);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  return { socket, closed: new Promise((resolve) => socket.once('close', () => resolve())) };
}

const change = (bytes: number): FeedEvent =>
  ({ id: '1.1.1', change: { operationId: 'x'.repeat(bytes) } }) as unknown as FeedEvent;

it('a device that sleeps is let go at the end, and what happens meanwhile ends nothing but its stream', async () => {
  const { socket } = open();
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  // More than the sockets' buffers take, less than what a client may be behind.
  await eventually(
    () => {
      const stuck = answer.writableLength;
      while (left === 0 && answer.writableLength < 600_000) listener.onChange(change(60_000));
      return stuck;
    },
    (stuck) => stuck > 500_000,
  );
  await eventually(
    () => left,
    (times) => times > 0,
  );
  for (let more = 0; more < 3; more++) listener.onChange(change(10));
  await eventually(
    () => answer.destroyed,
    (gone) => gone,
  );
});

it('who has left before its rights were found out is not listened for', async () => {
  const { socket } = open('/late');
  await eventually(
    () => asked,
    (there) => there,
  );
  socket.destroy();
  await lateDone;
  expect([app.openStreams.size, subscribed]).toEqual([0, 0]);
});

it('who may not hear it any more is cut off with the next ping', async () => {
  const { socket, closed } = open();
  socket.resume();
  await eventually(
    () => app.openStreams.size,
    (size) => size === 1,
  );
  welcome = false;
  await closed;
  expect(app.openStreams.size).toBe(0);
});
