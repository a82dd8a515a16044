import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FeedListener } from './feed';

/** Proxies and handhelds close what is silent; a client that hears nothing for twice this knows that it is cut off. */
const pingMs = 10_000;

/** Then the client comes back and shows again who it is: a session that has ended hears nothing more. */
const longestMs = 10 * 60_000;

/** A client that does not read is let go; it comes back with its Last-Event-ID and misses nothing. */
const mostBufferedBytes = 1024 * 1024;

/** An id is echoed into a header line by the client: nothing but our own shape goes out. */
const line = (event: string, data: unknown, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Keeps an answer open and sends it what `subscribe` tells, until the client leaves or the server closes. */
export function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  subscribe: (listener: FeedListener) => () => void,
): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // nginx: hand over at once
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 1000\n\n');
  const send = (text: string): void => {
    if (raw.writableLength > mostBufferedBytes) raw.destroy();
    else raw.write(text);
  };
  const leave = subscribe({
    onChange: (event) => send(line('change', event.change, event.id)),
    onReset: (id) => send(line('reset', {}, id)),
  });
  const ping = setInterval(() => send(line('ping', {})), pingMs);
  const end = setTimeout(() => raw.end(), longestMs);
  request.raw.on('close', () => {
    clearInterval(ping);
    clearTimeout(end);
    leave();
  });
  request.server.openStreams.add(raw);
  raw.on('close', () => request.server.openStreams.delete(raw));
}
