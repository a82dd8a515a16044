import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, IdParams } from '../schemas';
import type { UseCases } from '../use-cases';
import { ReceiptMail, ReceiptRequest } from './schemas';

/** What shows a PDF in a browser is a plug-in with a style and a script of its own: `default-src 'none'` would leave the page blank. */
const shown = "object-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** SALE-05: what the customer takes home. */
export const receiptRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/sales/:id/receipt.pdf',
    {
      config: { permission: 'sales.read' },
      schema: {
        tags: ['sales'],
        summary: 'The receipt as a PDF, 80 mm wide',
        params: IdParams,
        response: {
          200: {
            description: 'The receipt',
            content: { 'application/pdf': { schema: Type.Unsafe<Readable>({}) } },
          },
          304: { description: 'The copy is still good', type: 'null' },
        },
      },
    },
    async (request, reply) => {
      const { name, tag, draw } = await useCases.getReceiptFile(actorOf(request), request.params.id);
      reply
        // A void or a return changes it; it is for those who are logged in.
        .header('cache-control', 'private, no-cache')
        .header('etag', tag)
        .header('content-security-policy', shown)
        .header('content-disposition', `inline; filename="${name}"`);
      if (request.headers['if-none-match'] === tag)
        return reply
          .code(304)
          .serializer(() => '')
          .send(null);
      return reply.type('application/pdf').send(draw());
    },
  );

  app.post(
    '/sales/:id/receipt',
    {
      config: { permission: 'sales.make' },
      schema: {
        tags: ['sales'],
        summary: 'Send the receipt by mail; accepted, and sent at least once when the mail server is there',
        headers: CommandHeaders,
        params: IdParams,
        body: ReceiptRequest,
        response: { 202: ReceiptMail, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.mailReceipt(actorOf(request), request.params.id, request.body, key));
    },
  );
};
