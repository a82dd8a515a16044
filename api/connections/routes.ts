import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, IdParams, Page } from '../schemas';
import type { UseCases } from '../use-cases';
import { ConnectionChange, ConnectionTrial, ConnectionView, TrialResult } from './schemas';

/** The outside systems of a business, for those who look after them. */
export const connectionRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/connections',
    {
      config: { permission: 'connections.read' },
      schema: {
        tags: ['connections'],
        summary: 'Outside systems with their state; secrets are never shown',
        response: { 200: Page(ConnectionView) },
      },
    },
    (request) => useCases.listConnections(actorOf(request)),
  );

  app.patch(
    '/connections/:id',
    {
      config: { permission: 'connections.write' },
      schema: {
        tags: ['connections'],
        summary: 'Change where a connection goes, as whom, or its key',
        headers: CommandHeaders,
        params: IdParams,
        body: ConnectionChange,
        response: { 200: ConnectionView, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(
        reply,
        await useCases.updateConnection(actorOf(request), request.params.id, request.body, key),
      );
    },
  );

  app.post(
    '/connections/:id/test',
    {
      config: { permission: 'connections.write' },
      schema: {
        tags: ['connections'],
        summary: 'Try a connection, also with settings that are not saved; changes nothing, so its answer is not kept',
        headers: CommandHeaders,
        params: IdParams,
        body: ConnectionTrial,
        response: { 200: TrialResult, ...problems(422) },
      },
    },
    (request) => useCases.testConnection(actorOf(request), request.params.id, request.body),
  );
};
