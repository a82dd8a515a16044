import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, Id, Instant, Nullable, PageQuery } from '../schemas';
import type { UseCases } from '../use-cases';

const text = Type.String({ maxLength: 64, pattern: '^[^\\u0000]*$' });

export const locationRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/locations',
    {
      config: { permission: 'locations.read' },
      schema: {
        tags: ['pallets'],
        summary: 'Chambers that pallets can be moved to; also while Odoo is down',
        querystring: Type.Object({ ...PageQuery, q: Type.Optional(text), barcode: Type.Optional(text) }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({ id: Id(), name: Type.String(), fullName: Type.String(), barcode: Type.String() }),
            ),
            nextCursor: Nullable(Type.String()),
            asOf: Nullable(Instant),
            stale: Type.Boolean(),
          }),
        },
      },
    },
    (request) => useCases.listLocations(actorOf(request), request.query),
  );

  app.post(
    '/locations/sync',
    {
      config: { permission: 'locations.sync' },
      schema: {
        tags: ['pallets'],
        summary: 'Read the catalogue of chambers from Odoo now',
        headers: CommandHeaders,
        response: { 202: Type.Object({ state: Type.String() }), ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.syncLocations(actorOf(request), key));
    },
  );
};
