import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { can, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import type { SessionDirectory } from '../auth/sessions';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, IdParams, Page } from '../schemas';
import type { UseCases } from '../use-cases';
import type { Feed } from './feed';
import {
  OperationAnswerSchema,
  OperationDetailSchema,
  OperationListQuery,
  OperationSummarySchema,
  RetryBody,
} from './schemas';
import { sendEvents } from './stream';

export const operationRoutes: FastifyPluginAsyncTypebox<{
  useCases: UseCases;
  feed: Feed;
  sessions: SessionDirectory;
}> = async (app, { useCases, feed, sessions }) => {
  app.get(
    '/operations',
    {
      config: { permission: 'operations.read' },
      schema: {
        tags: ['operations'],
        summary: 'Operations, newest first',
        querystring: OperationListQuery,
        response: { 200: Page(OperationSummarySchema) },
      },
    },
    (request) => useCases.listOperations(actorOf(request), request.query),
  );

  app.get(
    '/operations/stream',
    {
      config: { permission: 'operations.read', background: true },
      // Hijacked, so it stays open as long as the client listens; a HEAD would never be answered.
      exposeHeadRoute: false,
      schema: {
        tags: ['operations'],
        summary:
          'Live changes: server-sent events `change`, `reset` (read everything anew) and `ping`; resumes by Last-Event-ID',
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 80 })) }),
        produces: ['text/event-stream'],
        response: { 200: Type.String({ description: 'text/event-stream' }) },
      },
    },
    (request, reply) => {
      let actor = actorOf(request);
      sendEvents(request, reply, {
        subscribe: (listener) =>
          feed.subscribe(actor.tenantId, request.headers['last-event-id'] ?? null, {
            onReset: listener.onReset,
            onChange: (event) => {
              if (seesSite(actor, event.change.siteId)) listener.onChange(event);
            },
          }),
        // Who was locked out, or sees fewer sites by now, hears no more than that.
        isWelcome: async () => {
          try {
            actor = await sessions.actor(actor.tenantId, actor.sessionId, true);
            return can(actor, 'operations.read');
          } catch (error) {
            if (error instanceof NervioError && error.code === 'session_ended') return false;
            throw error;
          }
        },
      });
    },
  );

  app.get(
    '/operations/:id',
    {
      config: { permission: 'operations.read' },
      schema: {
        tags: ['operations'],
        summary: 'One operation with its timeline',
        params: IdParams,
        response: { 200: OperationDetailSchema },
      },
    },
    (request) => useCases.getOperation(actorOf(request), request.params.id),
  );

  app.post(
    '/operations/:id/retry',
    {
      config: { permission: 'operations.act' },
      schema: {
        tags: ['operations'],
        summary: 'Decide about an operation that needs attention: again, from_current, others, as_is',
        headers: CommandHeaders,
        params: IdParams,
        body: RetryBody,
        response: { 202: OperationAnswerSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.retryOperation(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.post(
    '/operations/:id/cancel',
    {
      config: { permission: 'operations.act' },
      schema: {
        tags: ['operations'],
        summary: 'Cancel an operation; what it did outside is undone',
        headers: CommandHeaders,
        params: IdParams,
        response: { 202: OperationAnswerSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.cancelOperation(actorOf(request), request.params.id, key));
    },
  );
};
