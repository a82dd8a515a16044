import type { FastifyRequest } from 'fastify';
import type { CommandResult } from './command';
import './plugins/types';

/** The part of a typed reply that is needed here. */
interface Answering<Body> {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(body: Body): unknown;
  request: Pick<FastifyRequest, 'operationId'>;
}

const hasOperation = (body: unknown): body is { operationId: string } =>
  typeof body === 'object' && body !== null && 'operationId' in body;

/** Sends what a command answered; `Idempotency-Replayed` says that it is the answer of an earlier call. */
export function sendCommand<Body, Reply extends Answering<Body>>(reply: Reply, result: CommandResult<Body>): Reply {
  if (result.replayed) reply.header('idempotency-replayed', 'true');
  else if (hasOperation(result.body)) reply.request.operationId = result.body.operationId;
  reply.code(result.status);
  reply.send(result.body);
  return reply;
}
