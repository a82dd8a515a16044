import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders } from '../schemas';
import type { UseCases } from '../use-cases';
import { CacheStats, WarmedUp } from './schemas';

/** What Redis remembers of the levels for the checkout. */
export const cacheRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.post(
    '/cache/warmup',
    {
      config: { permission: 'cache.manage' },
      schema: {
        tags: ['cache'],
        summary: 'Tell Redis of all levels of the business',
        headers: CommandHeaders,
        response: { 200: WarmedUp, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.warmUpCache(actorOf(request), key));
    },
  );

  app.get(
    '/cache/stats',
    {
      config: { permission: 'cache.manage', background: true },
      schema: {
        tags: ['cache'],
        summary: 'What Redis knows of the levels, and how often that helped',
        response: { 200: CacheStats },
      },
    },
    (request) => useCases.readCacheStats(actorOf(request)),
  );
};
