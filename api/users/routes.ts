import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, IdParams, Page, PageQuery } from '../schemas';
import type { UseCases } from '../use-cases';
import { NewUser, UserChange, UserSchema } from './schemas';

/** AUTH-03, AUTH-04: the users of a business, for its administrators. */
export const userRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/users',
    {
      config: { permission: 'users.read' },
      schema: {
        tags: ['users'],
        summary: 'Users by e-mail',
        querystring: Type.Object(PageQuery),
        response: { 200: Page(UserSchema) },
      },
    },
    (request) => useCases.listUsers(actorOf(request), request.query),
  );

  app.get(
    '/users/:id',
    {
      config: { permission: 'users.read' },
      schema: { tags: ['users'], summary: 'One user', params: IdParams, response: { 200: UserSchema } },
    },
    (request) => useCases.getUser(actorOf(request), request.params.id),
  );

  app.post(
    '/users',
    {
      config: { permission: 'users.write' },
      schema: {
        tags: ['users'],
        summary: 'Create a user',
        headers: CommandHeaders,
        body: NewUser,
        response: { 201: UserSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.createUser(actorOf(request), request.body, key));
    },
  );

  app.patch(
    '/users/:id',
    {
      config: { permission: 'users.write' },
      schema: {
        tags: ['users'],
        summary: 'Change a user: name, role, sites, access, password',
        headers: CommandHeaders,
        params: IdParams,
        body: UserChange,
        response: { 200: UserSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.updateUser(actorOf(request), request.params.id, request.body, key));
    },
  );
};
