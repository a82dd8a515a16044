import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { MeSchema } from '../auth/schemas';
import { actorOf } from '../plugins/access';
import type { UseCases } from '../use-cases';

export const meRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/me',
    {
      config: { authenticated: true },
      schema: { tags: ['auth'], summary: 'Who I am and what I may do', response: { 200: MeSchema } },
    },
    (request) => useCases.me(actorOf(request)),
  );
};
