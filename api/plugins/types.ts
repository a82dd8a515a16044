import type { Actor, Permission } from '../../domain/access';
import type { NervioError } from '../../domain/errors';

/** How a request proved who it is. */
export type Credential = 'bearer' | 'cookie';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null on public routes and where nobody is logged in. */
    actor: Actor | null;
    credential: Credential | null;
    /** Why there is no actor although a credential was sent. */
    authError: NervioError | null;
    /** What the request began: its line in the log ties it to the operation, and so to its workflow. */
    operationId: string | undefined;
  }

  /** Every route declares one of the first three; a route with none of them stops the start (plugins/access.ts). */
  interface FastifyContextConfig {
    /** Only roles that have it. */
    permission?: Permission;
    /** Anybody who is logged in. */
    authenticated?: true;
    /** Anybody. */
    public?: true;
    /** A public route that wants to know who asks, if anybody does (the web app's pages). */
    knowsActor?: true;
    /** Machines call it by themselves: it does not keep a session awake, and may be a cookie's GET. */
    background?: true;
    /** Its handler ends in time by itself. */
    limitsItself?: true;
    /** Not counted against the limits: probes and static files (SEC-01). */
    unlimited?: true;
    /** For the walk of the matrix test: the plugin's own routes, e.g. of the documentation. */
    foreign?: true;
  }
}
