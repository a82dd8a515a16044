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

/** What was said last has this long to reach the client; a handheld that sleeps would keep its socket for hours. */
const lingerMs = 5_000;

export interface EventSource {
  /** Returns how to leave. */
  subscribe(listener: FeedListener): () => void;
  /** Asked with each ping: may the client still hear this? */
  isWelcome(): Promise<boolean>;
}

/** Keeps an answer open and sends it what `source` tells, until the client leaves or the server closes. */
export function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  source: EventSource,
  times = { pingMs, longestMs, lingerMs },
): void {
  reply.hijack();
  const { raw } = reply;
  // It left while we found out who asks: nothing would ever tell us again.
  if (raw.destroyed) return;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // nginx: hand over at once
    'x-accel-buffering': 'no',
  });
  const send = (text: string): void => {
    if (raw.writableEnded || raw.destroyed) return;
    if (raw.writableLength > mostBufferedBytes) raw.destroy();
    else raw.write(text);
  };
  send('retry: 1000\n\n');
  const leave = source.subscribe({
    onChange: (event) => send(line('change', event.change, event.id)),
    onReset: (id) => send(line('reset', {}, id)),
  });
  const quiet = (): void => {
    clearInterval(ping);
    clearTimeout(longest);
    leave();
  };
  const end = (): void => {
    quiet();
    raw.end();
    setTimeout(() => raw.destroy(), times.lingerMs).unref();
  };
  const ping = setInterval(() => {
    send(line('ping', {}));
    source.isWelcome().then(
      (welcome) => welcome || end(),
      // Who it is cannot be asked just now; the next ping asks again, and `longest` ends it in any case.
      (err: unknown) => request.log.warn({ err }, 'rights of a live feed not read'),
    );
  }, times.pingMs);
  const longest = setTimeout(end, times.longestMs);
  request.server.openStreams.add(end);
  // `close` follows each error and each end, and tells all that there is to know.
  raw.on('error', () => undefined);
  raw.on('close', () => {
    quiet();
    request.server.openStreams.delete(end);
  });
}
