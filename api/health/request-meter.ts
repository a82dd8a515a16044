import fp from 'fastify-plugin';
import type { ApiMetrics } from './metrics';

/** OPS-03: counts every answer and how long it took. Streams end when the reader goes, so they are left out. */
export const requestMeter = fp<{ metrics: ApiMetrics }>(
  async (app, { metrics }) => {
    app.addHook('onResponse', (request, reply, done) => {
      const stream = String(reply.getHeader('content-type')).startsWith('text/event-stream');
      if (!stream) {
        metrics.request({
          method: request.method,
          route: request.routeOptions.url ?? 'unknown',
          status: reply.statusCode,
          seconds: reply.elapsedTime / 1000,
        });
      }
      done();
    });
  },
  { name: 'request-meter' },
);
