import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { NervioError } from '../../domain/errors';
import { problems } from '../plugins/openapi';
import { healthView } from './report';
import { HealthSchema } from './schemas';
import type { HealthService } from './service';

const Status = Type.Object({ status: Type.String() });
const open = { public: true, unlimited: true } as const;

/** Is the process alive, does it accept commands, how is every part, what do the meters say (OPS-01…03, BI-04). */
export const healthRoutes: FastifyPluginAsyncTypebox<{ health: HealthService }> = async (app, { health }) => {
  app.addHook('preClose', (done) => {
    health.readiness.stop();
    done();
  });

  app.get(
    '/livez',
    { config: open, schema: { tags: ['health'], summary: 'The process runs', response: { 200: Status } } },
    () => ({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    {
      config: open,
      schema: { tags: ['health'], summary: 'Commands are accepted', response: { 200: Status, ...problems(503) } },
    },
    async () => {
      const reason = await health.readiness.reason();
      if (reason !== null) throw new NervioError('unavailable', { reason }, { retryAfterMs: 1_000 });
      return { status: 'ok' };
    },
  );

  app.get(
    '/health',
    {
      config: open,
      schema: {
        tags: ['health'],
        summary: 'Every part with its latency, outside systems as counts; 503 when a part of ours is down',
        response: { 200: HealthSchema, 503: HealthSchema },
      },
    },
    async (_request, reply) => {
      const { processes: _, ...report } = healthView(await health.report());
      return reply
        .code(report.status === 'down' ? 503 : 200)
        .header('cache-control', 'no-store')
        .send(report);
    },
  );

  app.get('/metrics', { config: open, schema: { hide: true } }, async (_, reply) => {
    reply.type(health.metrics.registry.contentType);
    return health.exposition();
  });
};
