import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { imageTypes, mostImageBytes } from '../../domain/image';
import { entityTag } from '../../store/objects';
import { sendCommand } from '../command-answer';
import { acceptOctets, fileOf, octets } from '../octets';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { ImageSchema } from '../products/schemas';
import { CommandHeaders, IdParams } from '../schemas';
import type { UseCases } from '../use-cases';

/** A picture never changes under its id; it is for those who are logged in, so no proxy keeps it. */
const cacheControl = 'private, max-age=31536000, immutable';

/** CAT-12: pictures of products, in the object storage. */
export const imageRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  acceptOctets(app, mostImageBytes, ...imageTypes);

  app.post(
    '/products/:id/images',
    {
      config: { permission: 'products.write' },
      bodyLimit: mostImageBytes,
      schema: {
        tags: ['products'],
        summary: 'One more picture: PNG, JPEG or WebP, 5 MB at most',
        headers: CommandHeaders,
        params: IdParams,
        body: octets(...imageTypes),
        response: { 201: ImageSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const file = fileOf(request.body);
      return sendCommand(reply, await useCases.addImage(actorOf(request), request.params.id, file, key));
    },
  );

  app.get(
    '/images/:id',
    {
      config: { permission: 'products.read' },
      schema: {
        tags: ['products'],
        summary: 'A picture',
        params: IdParams,
        response: {
          200: {
            description: 'The picture',
            content: Object.fromEntries(imageTypes.map((type) => [type, { schema: Type.Unsafe<Buffer>({}) }])),
          },
          304: { description: 'The copy is still good', type: 'null' },
        },
      },
    },
    async (request, reply) => {
      const { contentType, body } = await useCases.readImage(actorOf(request), request.params.id);
      const tag = entityTag(body);
      reply
        .header('cache-control', cacheControl)
        .header('etag', tag)
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('content-disposition', 'inline');
      if (request.headers['if-none-match'] === tag)
        return reply
          .code(304)
          .serializer(() => '')
          .send(null);
      return reply.type(contentType).send(body);
    },
  );

  app.post(
    '/images/:id/remove',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['products'],
        summary: 'Take a picture away',
        headers: CommandHeaders,
        params: IdParams,
        response: { 200: Type.Object({ removed: Type.Literal(true) }), ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.removeImage(actorOf(request), request.params.id, key));
    },
  );
};
