import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { OdooError } from '../errors';

export interface ExchangeRequest {
  url: URL;
  contentType: string;
  body: string;
  /** Whole call, until the last byte of the answer (a slow drip ends here too). */
  timeoutMs: number;
  connectMs: number;
  maxResponseBytes: number;
  /** A keep-alive agent, or false for a connection of its own. */
  agent: http.Agent | https.Agent | false;
  signal?: AbortSignal;
}

export interface ExchangeAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** Raised instead of an OdooError when a kept-alive connection turned out to be closed: nothing was answered on it. */
export class StaleConnection extends Error {}

/**
 * One POST. Its errors say how far it came, which is what the callers need to know:
 * before the connection stands nothing can have happened (`unreachable`, applied no), after it everything can (`unknown_outcome`).
 * When `signal` aborts before anything was sent, its own reason is thrown.
 */
export function exchange(request: ExchangeRequest): Promise<ExchangeAnswer> {
  return new Promise((resolve, reject) => {
    const { url, signal } = request;
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const payload = Buffer.from(request.body, 'utf8');
    const transport = url.protocol === 'https:' ? https : http;
    let connected = false;
    let settled = false;

    const outgoing = transport.request(url, {
      method: 'POST',
      agent: request.agent,
      headers: { 'Content-Type': request.contentType, 'Content-Length': payload.length, 'User-Agent': 'Nervio' },
    });

    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      clearTimeout(connectDeadline);
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (error: unknown): void =>
      settle(() => {
        outgoing.destroy();
        reject(error);
      });
    const broken = (what: string, cause?: unknown): OdooError =>
      connected
        ? new OdooError('unknown_outcome', `${url.origin}: ${what}`, { applied: 'maybe', cause })
        : new OdooError('unreachable', `${url.origin}: ${what}`, { applied: 'no', cause });

    const deadline = setTimeout(
      () => fail(broken(`no whole answer within ${request.timeoutMs} ms`)),
      request.timeoutMs,
    );
    const connectDeadline = setTimeout(() => {
      if (!connected) fail(broken(`no connection within ${request.connectMs} ms`));
    }, request.connectMs);
    const onAbort = (): void =>
      fail(connected ? broken('the call was aborted after it was sent', signal?.reason) : signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });

    outgoing.on('socket', (socket: Socket) => {
      if (outgoing.reusedSocket || !socket.connecting) connected = true;
      else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => (connected = true));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (outgoing.reusedSocket && isReset(error)) fail(new StaleConnection(error.code));
      else fail(broken(error.code ?? error.message, withoutRequest(error)));
    });
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > request.maxResponseBytes)
          fail(broken(`the answer is longer than ${request.maxResponseBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', (error: NodeJS.ErrnoException) =>
        fail(broken(error.code ?? error.message, withoutRequest(error))),
      );
      response.on('end', () =>
        settle(() =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        ),
      );
    });
    outgoing.end(payload);
  });
}

function isReset(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

/** Node hangs the raw packet on parse errors; a cause gets logged, so only its words are kept. */
function withoutRequest(error: NodeJS.ErrnoException): Error {
  return new Error(error.message);
}
