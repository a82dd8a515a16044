import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NervioError } from '../../domain/errors';
import { sendProblem } from './problem';
import type { RouteEntry } from './access';

/** Path of a route as a pattern: `/users/:id` → one segment, a final `*` → anything. */
function patternOf(url: string): RegExp {
  const escaped = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/:[^/]+/g, '[^/]+').replace(/\*$/, '.*')}$`);
}

/** The methods that a path has, leaving out catch-alls: empty when there is no such path. */
export function methodsAt(path: string, table: readonly RouteEntry[]): string[] {
  const here = table.filter(({ url }) => !url.endsWith('*') && patternOf(url).test(path));
  return [...new Set(here.map(({ method }) => method))].sort();
}

/**
 * What is not there answers 404; a method that the path does not have, 405 with `Allow`. Counted like everything, and
 * told before the body is looked at.
 */
export function installNotFound(app: FastifyInstance): void {
  const limit = app.rateLimit();

  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const allowed = methodsAt(request.url.split('?')[0] ?? '', app.routeTable);
    if (allowed.length === 0) return sendProblem(request, reply, new NervioError('not_found'));
    reply.header('allow', allowed.join(', '));
    return sendProblem(request, reply, new NervioError('method_not_allowed'));
  };

  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    await limit.call(app, request, reply);
    return answer(request, reply);
  });
  // For a route that finds out itself that there is nothing: the web app's catch-all under /api.
  app.setNotFoundHandler(answer);
}
