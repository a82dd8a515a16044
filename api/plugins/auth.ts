import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { NervioError } from '../../domain/errors';
import { readAccessToken } from '../auth/access-token';
import { refresh } from '../auth/commands';
import { createSessionCookies } from '../auth/cookies';
import type { ApiDeps } from '../deps';
import { requireSameOrigin } from './csrf';

/** A screen that asks by itself says so: it does not keep its session awake (AUTH-07). */
function isBackground(request: FastifyRequest): boolean {
  return request.routeOptions.config.background === true || request.headers['nervio-background'] !== undefined;
}

/**
 * Finds out who asks: `Authorization: Bearer`, or the cookies of the web app. An access cookie that has expired is
 * renewed here with the refresh cookie, so pages never see it; parallel requests get the same successor. It refuses
 * nothing but foreign origins; plugins/access.ts decides what an unknown or ended credential means for the route.
 */
export const authPlugin = fp<{ deps: ApiDeps }>(
  async (app, { deps }) => {
    const cookies = createSessionCookies(deps.config);
    const origin = new URL(deps.config.http.publicUrl).origin;

    app.decorateRequest('actor', null);
    app.decorateRequest('credential', null);
    app.decorateRequest('authError', null);

    async function byBearer(request: FastifyRequest, header: string): Promise<void> {
      const token = /^Bearer +([^\s]+) *$/i.exec(header)?.[1];
      if (token === undefined) throw new NervioError('unauthenticated');
      const claims = await readAccessToken(deps.accessKey, token);
      request.actor = await deps.sessions.actor(claims.tenantId, claims.sid, isBackground(request));
      request.credential = 'bearer';
    }

    async function byCookie(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const { access, refresh: refreshToken } = cookies.read(request);
      if (access === undefined && refreshToken === undefined) return;
      request.credential = 'cookie';
      const background = isBackground(request);
      try {
        if (access === undefined) throw new NervioError('token_expired');
        const claims = await readAccessToken(deps.accessKey, access);
        request.actor = await deps.sessions.actor(claims.tenantId, claims.sid, background);
      } catch (error) {
        const worn = error instanceof NervioError && ['token_expired', 'unauthenticated'].includes(error.code);
        if (!worn || refreshToken === undefined) throw error;
        const client = { userAgent: request.headers['user-agent'], requestId: request.id };
        const session = await refresh(deps, refreshToken, client);
        cookies.write(reply, session);
        request.actor = await deps.sessions.actor(session.actor.tenantId, session.actor.sessionId, background);
      }
    }

    app.addHook('onRequest', async (request, reply) => {
      const { config } = request.routeOptions;
      if (config.public && !config.knowsActor) {
        requireSameOrigin(request, origin, false);
        return;
      }
      const { access, refresh: refreshToken } = cookies.read(request);
      requireSameOrigin(request, origin, access !== undefined || refreshToken !== undefined);
      try {
        const { authorization } = request.headers;
        if (authorization !== undefined) await byBearer(request, authorization);
        else await byCookie(request, reply);
      } catch (error) {
        if (!(error instanceof NervioError)) throw error;
        if (request.credential === 'cookie' && error.code === 'session_ended') cookies.clear(reply);
        request.authError = error;
      }
      if (request.actor !== null) request.actor = { ...request.actor, requestId: request.id };
    });
  },
  { name: 'auth', dependencies: ['problem', '@fastify/cookie'] },
);
