import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../plugins/access';
import type { UseCases } from '../use-cases';
import { OperationCounts, SystemStatus } from './schemas';

export const statusRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/status',
    {
      // The screen asks by itself every few seconds: that is not a person's work.
      config: { permission: 'status.read', background: true },
      schema: {
        tags: ['status'],
        summary: 'Every part and connection: state, latency, queues, since when',
        response: { 200: SystemStatus },
      },
    },
    (request) => useCases.systemStatus(actorOf(request)),
  );

  app.get(
    '/operation-counts',
    {
      config: { permission: 'operations.read', background: true },
      schema: { tags: ['operations'], summary: 'Operations by state', response: { 200: OperationCounts } },
    },
    (request) => useCases.countOperations(actorOf(request)),
  );
};
