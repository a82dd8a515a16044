import cookie from '@fastify/cookie';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { newId } from '../store/new-id';
import { auditRoutes } from './audit/routes';
import { authRoutes } from './auth/routes';
import { answerBrokenRequest } from './broken-request';
import { cacheRoutes } from './cache/routes';
import { connectionRoutes } from './connections/routes';
import type { ApiDeps } from './deps';
import { requestMeter } from './health/request-meter';
import { healthRoutes } from './health/routes';
import { locationRoutes } from './locations/routes';
import { meRoutes } from './me/routes';
import { operationRoutes } from './operations/routes';
import { palletRoutes } from './pallets/routes';
import { accessPlugin } from './plugins/access';
import { authPlugin } from './plugins/auth';
import { limitsPlugin } from './plugins/limits';
import { installNotFound } from './plugins/not-found';
import { openapiPlugin, openapiRoutes } from './plugins/openapi';
import { problemPlugin, sendProblem } from './plugins/problem';
import { requestLogPlugin } from './plugins/request-log';
import { streamsPlugin } from './plugins/streams';
import { securityPlugin } from './plugins/security';
import { validationPlugin } from './plugins/validation';
import { type WebBuild, webPlugin } from './plugins/web';
import { imageRoutes } from './images/routes';
import { importRoutes } from './imports/routes';
import { priceRoutes } from './prices/routes';
import { productRoutes } from './products/routes';
import { receiptRoutes } from './receipts/routes';
import { registerRoutes } from './registers/routes';
import { saleRoutes } from './sales/routes';
import { siteRoutes } from './sites/routes';
import { statusRoutes } from './status/routes';
import { stockRoutes } from './stock/routes';
import { ticketRoutes } from './tickets/routes';
import { createUseCases } from './use-cases';
import { userRoutes } from './users/routes';
import './plugins/types';

export interface AppOptions {
  deps: ApiDeps;
  /** The built web app; null = the API alone, as most tests want it. */
  web?: WebBuild | null;
}

/** Requests that are under way get this long to end when the server closes. */
const closingMs = 4_000;

/** With dashes, or without as nginx writes its own. */
const uuid = /^([0-9a-f]{8})(-?)([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{12})$/i;

/** Wires plugins and routes; starts nothing. The order of the plugins is checked by their `dependencies`. */
export async function buildApp({ deps, web = null }: AppOptions): Promise<FastifyInstance> {
  const { config } = deps;
  const app: FastifyInstance = Fastify({
    loggerInstance: deps.log,
    // One line for a request, when it was answered (plugins/request-log.ts).
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.http.trustProxy,
    bodyLimit: config.http.bodyLimitBytes,
    // Receiving a request, and an idle connection; a proxy's keep-alive is shorter than ours.
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    routerOptions: { maxParamLength: 200 },
    // A proxy's request id is taken over only when it cannot be abused in the logs; it is written in one way everywhere.
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && uuid.test(given)
        ? given.toLowerCase().replace(uuid, '$1-$3-$4-$5-$6')
        : newId();
    },
    return503OnClosing: true,
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, error),
    clientErrorHandler: answerBrokenRequest,
  });

  // Connections that a browser opened in advance and never used would hold the server open for minutes.
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), closingMs).unref();
  });
  app.addHook('onRoute', (route) => {
    if (route.config?.limitsItself !== true) route.handlerTimeout = config.http.handlerTimeoutMs;
  });
  // First of all hooks: whatever is refused later still names its request.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  await app.register(problemPlugin);
  await app.register(validationPlugin);
  await app.register(requestLogPlugin);
  await app.register(requestMeter, { metrics: deps.health.metrics });
  await app.register(cookie);
  await app.register(streamsPlugin);
  await app.register(securityPlugin, { secure: config.http.publicUrl.startsWith('https://') });
  await app.register(authPlugin, { deps });
  await app.register(limitsPlugin, { deps });
  await app.register(accessPlugin);
  await app.register(openapiPlugin, { publicUrl: config.http.publicUrl });

  const useCases = createUseCases(deps);
  await app.register(healthRoutes, { health: deps.health });
  await app.register(
    async (v1) => {
      await v1.register(authRoutes, { deps });
      await v1.register(meRoutes, { useCases });
      await v1.register(siteRoutes, { useCases });
      await v1.register(productRoutes, { useCases });
      await v1.register(imageRoutes, { useCases });
      await v1.register(priceRoutes, { useCases });
      await v1.register(importRoutes, { useCases });
      await v1.register(userRoutes, { useCases });
      await v1.register(auditRoutes, { useCases });
      await v1.register(connectionRoutes, { useCases });
      await v1.register(statusRoutes, { useCases });
      await v1.register(locationRoutes, { useCases });
      await v1.register(palletRoutes, { useCases });
      await v1.register(stockRoutes, { useCases });
      await v1.register(registerRoutes, { useCases });
      await v1.register(saleRoutes, { useCases });
      await v1.register(receiptRoutes, { useCases });
      await v1.register(ticketRoutes, { useCases });
      await v1.register(cacheRoutes, { useCases });
      await v1.register(operationRoutes, { useCases, feed: deps.feed, sessions: deps.sessions });
    },
    { prefix: '/api/v1' },
  );
  await app.register(openapiRoutes);
  if (web !== null) await app.register(webPlugin, { deps, useCases, build: web });
  installNotFound(app);
  return app;
}
