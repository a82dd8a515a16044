import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** How to end each answer that stays open; they would keep the server from closing. */
    openStreams: Set<() => void>;
  }
}

/** Ends the open streams when the server closes; the clients come back to another replica, or to the next start. */
export const streamsPlugin = fp(
  async (app) => {
    app.decorate('openStreams', new Set<() => void>());
    app.addHook('preClose', async () => {
      for (const end of app.openStreams) end();
    });
  },
  { name: 'streams' },
);
