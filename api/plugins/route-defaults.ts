import type { FastifyContextConfig, FastifyInstance } from 'fastify';

const key = Symbol('nervio.routeDefaults');
type Holder = { [key]?: FastifyContextConfig };

/** Declares who may call the routes that a foreign plugin makes, e.g. one per static file. Call in its own scope. */
export function declareRoutes(app: FastifyInstance, config: FastifyContextConfig): void {
  (app as Holder)[key] = config;
}

/** Scopes inherit from their parents, so the nearest declaration counts. */
export function declaredRoutes(app: FastifyInstance): FastifyContextConfig {
  return (app as Holder)[key] ?? {};
}
