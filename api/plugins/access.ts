import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { can } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { declaredRoutes } from './route-defaults';
import './types';

/** What a route declares of itself, for the matrix test and the API description. */
export interface RouteEntry {
  method: string;
  url: string;
  config: NonNullable<RouteOptions['config']>;
}

declare module 'fastify' {
  interface FastifyInstance {
    routeTable: RouteEntry[];
  }
}

/**
 * Every route declares who may call it: `permission`, `authenticated` or `public`. A route that says nothing stops the
 * start, so that nothing is open because somebody forgot.
 */
export const accessPlugin = fp(
  async (app) => {
    const table: RouteEntry[] = [];
    app.decorate('routeTable', table);

    app.addHook('onRoute', function (route) {
      const config = { ...declaredRoutes(this), ...route.config };
      route.config = config;
      const declared = [config.permission, config.authenticated, config.public].filter((one) => one !== undefined);
      if (declared.length !== 1) {
        throw new Error(`${String(route.method)} ${route.url} must declare one of permission, authenticated, public`);
      }
      for (const method of [route.method].flat()) table.push({ method, url: route.url, config });
      // After the rate limit, which counts requests without a right to the route too.
      const own = [route.onRequest ?? []].flat();
      route.onRequest = [...own, requireAccess];
    });
  },
  { name: 'access', dependencies: ['auth', 'limits'] },
);

function requireAccess(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { permission, public: open } = request.routeOptions.config;
  if (open) return done();
  if (request.actor === null) return done(request.authError ?? new NervioError('unauthenticated'));
  // A device keeps copies: it has to know whose answer this is, should somebody have logged in elsewhere in another tab.
  reply.header('nervio-tenant', request.actor.tenantId);
  if (permission === undefined || can(request.actor, permission)) done();
  else done(new NervioError('forbidden', { permission }));
}

/** The actor of a route that is not public. */
export function actorOf(request: FastifyRequest): NonNullable<FastifyRequest['actor']> {
  if (request.actor === null) throw new NervioError('unauthenticated');
  return request.actor;
}
