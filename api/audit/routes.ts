import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { operationStates } from '../../domain/operation';
import { actorOf } from '../plugins/access';
import { Id, Instant, Nullable, Page, PageQuery } from '../schemas';
import type { UseCases } from '../use-cases';

const Place = Nullable(Type.Object({ id: Id(), name: Type.String() }));

const Entry = Type.Object({
  id: Id(),
  at: Instant,
  actor: Type.Object({ id: Nullable(Id()), name: Type.String() }),
  action: Type.String(),
  entityType: Type.String(),
  entityId: Type.String(),
  entityName: Nullable(Type.String()),
  before: Type.Unknown(),
  after: Type.Unknown(),
  locationFrom: Place,
  locationTo: Place,
  operation: Nullable(
    Type.Object({
      id: Id(),
      number: Type.Integer(),
      kind: Type.String(),
      state: Type.Enum([...operationStates]),
      succeeded: Nullable(Type.Boolean()),
      syncedToOdoo: Type.Boolean(),
    }),
  ),
  requestId: Nullable(Type.String()),
});

export const auditRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/audit',
    {
      config: { permission: 'audit.read' },
      schema: {
        tags: ['audit'],
        summary: 'Who did what, newest first',
        querystring: Type.Object({
          ...PageQuery,
          entityType: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
          actorId: Type.Optional(Id()),
          entityId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        }),
        response: { 200: Page(Entry) },
      },
    },
    (request) => useCases.listAudit(actorOf(request), request.query),
  );
};
