import type { ServerResponse } from 'node:http';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** Answers that stay open; they would keep the server from closing. */
    openStreams: Set<ServerResponse>;
  }
}

/** Ends the open streams when the server closes; the clients come back to another replica, or to the next start. */
export const streamsPlugin = fp(
  async (app) => {
    app.decorate('openStreams', new Set<ServerResponse>());
    app.addHook('preClose', async () => {
      for (const stream of app.openStreams) stream.end();
    });
  },
  { name: 'streams' },
);
