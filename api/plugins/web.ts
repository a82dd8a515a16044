import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import fastifyStatic from '@fastify/static';
import { type AppLoadContext, createRequestHandler, type ServerBuild } from '@remix-run/node';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/access';
import { login, logout } from '../auth/commands';
import { createSessionCookies } from '../auth/cookies';
import type { ApiDeps } from '../deps';
import type { Me } from '../me/queries';
import type { UseCases } from '../use-cases';
import { declareRoutes } from './route-defaults';
import { pagePolicy } from './security';

/** What loaders and actions of the web app get: who asks, and the same use cases that the API has. */
export interface WebContext {
  actor: Actor | null;
  useCases: UseCases;
  /** For scripts and style sheets within the page. */
  cspNonce: string;
  /** Logs in and puts the session's cookies on this answer. @throws NervioError wrong_credentials, rate_limited */
  signIn(input: { email: string; password: string }): Promise<Me>;
  /** Ends the session and takes its cookies away. Safe to repeat. */
  signOut(): Promise<void>;
}

export interface WebBuild {
  /** dist/web/client */
  clientDir: string;
  server: ServerBuild;
}

function requestOf(request: FastifyRequest, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(`${request.protocol}://${request.host}${request.url}`, {
    method: request.method,
    headers,
    signal,
    ...(hasBody && { body: (request.body as Buffer<ArrayBuffer> | undefined) ?? null }),
  });
}

/** The Remix app: every path that no other route has. Without a framework adapter, none of which fits Fastify 5. */
export async function webPlugin(
  app: FastifyInstance,
  { deps, useCases, build }: { deps: ApiDeps; useCases: UseCases; build: WebBuild },
): Promise<void> {
  const secure = deps.config.http.publicUrl.startsWith('https://');
  const cookies = createSessionCookies(deps.config);
  const handle = createRequestHandler(build.server, 'production');

  // Remix reads forms itself.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  await app.register(async (files) => {
    declareRoutes(files, { public: true, unlimited: true, foreign: true });
    files.addHook('onRequest', async (_, reply) => {
      // A service worker is bound by the policy that its own file came with.
      reply.header('content-security-policy', pagePolicy(null, secure));
    });
    await files.register(fastifyStatic, {
      root: build.clientDir,
      wildcard: false,
      index: false,
      cacheControl: false,
      setHeaders(reply, path) {
        const hashed = path.includes('/assets/') && !path.endsWith('.html');
        reply.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
        if (path.endsWith('/sw.js')) reply.setHeader('service-worker-allowed', '/');
      },
    });
  });

  function contextOf(request: FastifyRequest, reply: FastifyReply, cspNonce: string): WebContext {
    const client = { userAgent: request.headers['user-agent'], requestId: request.id };
    return {
      actor: request.actor,
      useCases,
      cspNonce,
      async signIn(input) {
        const session = await login(deps, input, client);
        cookies.write(reply, session);
        return session.user;
      },
      async signOut() {
        if (request.actor !== null) await logout(deps, request.actor);
        cookies.clear(reply);
      },
    };
  }

  app.route({
    method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/*',
    config: { public: true, knowsActor: true, foreign: true },
    schema: { hide: true },
    async handler(request, reply) {
      if (request.url.startsWith('/api/')) return reply.callNotFound();
      const nonce = randomBytes(16).toString('base64');
      reply.header('content-security-policy', pagePolicy(nonce, secure));
      const abort = new AbortController();
      reply.raw.on('close', () => abort.abort());
      const context: AppLoadContext = { ...contextOf(request, reply, nonce) };
      const answer = await handle(requestOf(request, abort.signal), context);
      reply.code(answer.status);
      for (const [name, value] of answer.headers) {
        if (name !== 'set-cookie') reply.header(name, value);
      }
      for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
      return reply.send(answer.body === null ? null : Readable.fromWeb(answer.body as NodeReadableStream));
    },
  });
}
