import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { NervioError } from '../../domain/errors';
import type { ApiDeps } from '../deps';
import { actorOf } from '../plugins/access';
import { requireSameOrigin } from '../plugins/csrf';
import { problems } from '../plugins/openapi';
import { type Client, type IssuedSession, login, logout, refresh } from './commands';
import { createSessionCookies } from './cookies';
import { LoginInput, RefreshInput, SessionAnswer } from './schemas';

const clientOf = (request: FastifyRequest): Client => ({
  userAgent: request.headers['user-agent'],
  requestId: request.id,
});

const answerOf = (session: IssuedSession) => ({
  accessToken: session.accessToken,
  expiresAt: session.expiresAt.toISOString(),
  user: session.user,
});

/** AUTH-01, AUTH-08. The web app logs in through its own action; these are for devices and other programs. */
export const authRoutes: FastifyPluginAsyncTypebox<{ deps: ApiDeps }> = async (app, { deps }) => {
  const cookies = createSessionCookies(deps.config);
  const origin = new URL(deps.config.http.publicUrl).origin;

  app.post(
    '/auth/login',
    {
      config: { public: true },
      schema: {
        tags: ['auth'],
        summary: 'Log in',
        body: LoginInput,
        response: { 200: SessionAnswer, ...problems(401, 403) },
      },
    },
    async (request, reply) => {
      const session = await login(deps, request.body, clientOf(request));
      reply.header('cache-control', 'no-store');
      return { ...answerOf(session), refreshToken: session.refreshToken };
    },
  );

  app.post(
    '/auth/refresh',
    {
      config: { public: true },
      schema: {
        tags: ['auth'],
        summary: 'Exchange the refresh token (in the body, or in the cookie) for a new session',
        body: RefreshInput,
        response: { 200: SessionAnswer, ...problems(401, 403) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const own = request.body?.refreshToken;
      if (own !== undefined) {
        const session = await refresh(deps, own, clientOf(request));
        return { ...answerOf(session), refreshToken: session.refreshToken };
      }
      const carried = cookies.read(request).refresh;
      if (carried === undefined) throw new NervioError('session_ended');
      requireSameOrigin(request, origin, true);
      const session = await refresh(deps, carried, clientOf(request));
      cookies.write(reply, session);
      return answerOf(session);
    },
  );

  app.post(
    '/auth/logout',
    {
      config: { authenticated: true },
      schema: { tags: ['auth'], summary: 'End this session', response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await logout(deps, actorOf(request));
      cookies.clear(reply);
      return reply.code(204).send(null);
    },
  );
};
