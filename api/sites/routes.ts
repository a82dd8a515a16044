import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { actorOf } from '../plugins/access';
import { Id, Page } from '../schemas';
import type { UseCases } from '../use-cases';

const Site = Type.Object({ id: Id(), name: Type.String(), kind: Type.Enum(['store', 'warehouse']) });

export const siteRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/sites',
    {
      config: { permission: 'sites.read' },
      schema: { tags: ['sites'], summary: 'The sites that I may see', response: { 200: Page(Site) } },
    },
    (request) => useCases.listSites(actorOf(request)),
  );
};
