import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { acceptOctets, fileOf, octets } from '../octets';
import { State } from '../operations/schemas';
import { actorOf } from '../plugins/access';
import { languageOf } from '../plugins/language';
import { problems } from '../plugins/openapi';
import { CommandHeaders, Id, IdParams, Page, PageQuery } from '../schemas';
import type { UseCases } from '../use-cases';
import { ImportRowSchema, ImportSchema, mostImportBytes } from './schemas';

/** What browsers call such files. */
const fileTypes = ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'];

const Accepted = Type.Object({ operationId: Id(), number: Type.Integer(), state: State });

/** Files of products: looked through, applied by an operation, undone by another. */
export const importRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  acceptOctets(app, mostImportBytes, ...fileTypes);

  app.post(
    '/imports',
    {
      config: { permission: 'products.write' },
      bodyLimit: mostImportBytes,
      schema: {
        tags: ['imports'],
        summary: 'Read a CSV or Excel file of products; says line by line what it would do',
        headers: CommandHeaders,
        querystring: Type.Object({
          fileName: Type.String({
            minLength: 1,
            maxLength: 200,
            pattern: '^[^\\u0000-\\u001f\\u007f/\\\\]*\\S[^\\u0000-\\u001f\\u007f/\\\\]*$',
          }),
        }),
        body: octets(...fileTypes),
        response: { 201: ImportSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const input = { fileName: request.query.fileName.trim(), file: fileOf(request.body) };
      return sendCommand(reply, await useCases.uploadImport(actorOf(request), input, key));
    },
  );

  app.get(
    '/imports',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['imports'],
        summary: 'Files of products, newest first',
        querystring: Type.Object(PageQuery),
        response: { 200: Page(ImportSchema) },
      },
    },
    (request) => useCases.listImports(actorOf(request), request.query),
  );

  app.get(
    '/imports/:id',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['imports'],
        summary: 'A file of products, and how far it is',
        params: IdParams,
        response: { 200: ImportSchema },
      },
    },
    (request) => useCases.getImport(actorOf(request), request.params.id),
  );

  app.get(
    '/imports/:id/rows',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['imports'],
        summary: 'Its lines, with what is wrong with them',
        params: IdParams,
        querystring: Type.Object({
          problems: Type.Optional(
            Type.Boolean({ description: 'Only lines with something wrong, or left by the undo' }),
          ),
          ...PageQuery,
        }),
        response: { 200: Page(ImportRowSchema) },
      },
    },
    (request) => {
      const actor = actorOf(request);
      const language = languageOf(request.headers['accept-language'], actor.locale);
      return useCases.listRowsOfImport(actor, request.params.id, { ...request.query, language });
    },
  );

  for (const [verb, summary] of [
    ['apply', 'Apply the good lines'],
    ['undo', 'Bring back what it changed, but for what someone has changed since'],
  ] as const) {
    app.post(
      `/imports/:id/${verb}`,
      {
        config: { permission: 'products.write' },
        schema: {
          tags: ['imports'],
          summary,
          headers: CommandHeaders,
          params: IdParams,
          response: { 202: Accepted, ...problems(409, 422) },
        },
      },
      async (request, reply) => {
        const key = request.headers['idempotency-key'];
        const useCase = verb === 'apply' ? useCases.applyImport : useCases.undoImport;
        return sendCommand(reply, await useCase(actorOf(request), request.params.id, key));
      },
    );
  }
};
