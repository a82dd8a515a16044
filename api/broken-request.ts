import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { NervioError } from '../domain/errors';
import { newId } from '../store/new-id';
import { problemOf } from './plugins/problem';

/**
 * Fastify's `clientErrorHandler`: what never became a request, and so has no route and no reply.
 * One that does not come to its end in time may be repeated (503). A connection on which nothing ever came is closed without a word:
 * browsers and clients open some in advance, and an answer would be taken for that to a first request which may be on its way.
 */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  if (socket.writable && !(late && socket.bytesRead === 0)) {
    const id = newId();
    const told = new NervioError(late ? 'unavailable' : 'malformed', {}, { cause: error });
    const problem = problemOf(told, { id, headers: {}, actor: null });
    const body = JSON.stringify(problem);
    socket.write(
      [
        `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
        'Content-Type: application/problem+json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        `X-Request-Id: ${id}`,
        'Connection: close',
        ...(late ? ['Retry-After: 1'] : []),
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroy(error);
}
