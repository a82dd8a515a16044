import fp from 'fastify-plugin';

/** One line for each request, with its id (OPS-04): what was asked from where, and how it ended. Bodies and headers are not logged. */
export const requestLogPlugin = fp(
  async (app) => {
    app.addHook('onResponse', async (request, reply) => {
      request.log.info(
        {
          method: request.method,
          url: request.url,
          ip: request.ip,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
        },
        'request',
      );
    });
    app.addHook('onRequestAbort', async (request) => {
      request.log.info({ method: request.method, url: request.url, ip: request.ip }, 'request aborted');
    });
  },
  { name: 'request-log' },
);
